"""What a browser is given for text and blocks: nothing that anybody wrote becomes markup."""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.page import blocks, surfaces
from bot.demo.page.markup import html, tag
from bot.demo.page.writing import Pen
from bot.demo.workspace.clock import Clock
from bot.demo.workspace.kit import BLOCKS, ELEMENTS
from bot.demo.workspace.model import Channel, Message, User, View
from bot.demo.workspace.mrkdwn import zone_of
from bot.demo.workspace.state import State
from tests.every import every

STATE = State(Clock())
ANA = User("U1", "ana", tz_offset=3600)
STATE.users["U1"] = ANA
PEN = Pen(STATE, zone_of(0), {"b1": "Too long."})
HOSTILE = "<img src=x onerror=alert(1)> <!channel> </script> \" ' & \x00\x1b[31m javascript:alert(1)"
PLAIN, MRKDWN = {"type": "plain_text", "text": HOSTILE}, {"type": "mrkdwn", "text": HOSTILE}
OPTION = {"text": PLAIN, "value": HOSTILE, "description": PLAIN}
CONFIRM = {"title": PLAIN, "text": MRKDWN, "confirm": PLAIN, "deny": PLAIN}
HOSTILE_ELEMENT = {
    "action_id": HOSTILE, "text": PLAIN, "value": HOSTILE, "url": "javascript:alert(1)", "confirm": CONFIRM,
    "placeholder": PLAIN, "options": [OPTION], "initial_value": HOSTILE, "alt_text": HOSTILE, "multiline": True,
    "accessibility_label": HOSTILE,
}  # fmt: skip
WORDS = [{"type": "text", "text": HOSTILE}, {"type": "link", "url": "javascript:alert(1)", "text": HOSTILE}]
RICH = {"type": "rich_text", "elements": [
    {"type": "rich_text_section", "elements": [*WORDS, {"type": "user", "user_id": HOSTILE}]},
    {"type": "rich_text_preformatted", "elements": WORDS},
    {"type": "rich_text_quote", "elements": WORDS},
    {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": WORDS}]},
]}  # fmt: skip
SAMPLES = {
    "section": {"text": MRKDWN, "fields": [MRKDWN, PLAIN], "accessory": {"type": "button", **HOSTILE_ELEMENT}},
    "header": {"text": PLAIN},
    "divider": {},
    "context": {"elements": [MRKDWN, {"type": "image", "alt_text": HOSTILE}]},
    "actions": {"elements": [{"type": "button", **HOSTILE_ELEMENT}, {"type": "overflow", **HOSTILE_ELEMENT}]},
    "context_actions": {"elements": [{"type": "icon_button", **HOSTILE_ELEMENT}]},
    "input": {
        "label": PLAIN,
        "hint": PLAIN,
        "block_id": "b1",
        "element": {"type": "plain_text_input", **HOSTILE_ELEMENT},
    },
    "image": {"alt_text": HOSTILE},
    "rich_text": RICH,
    "table": {"rows": [[RICH, {"type": "raw_text", "text": HOSTILE}], [{"type": "raw_number", "value": 3}, RICH]]},
    "markdown": {"text": HOSTILE},
    "data_visualization": {"title": HOSTILE, "chart": {"type": "pie", "segments": [{"label": HOSTILE, "value": 1}]}},
    "alert": {"text": MRKDWN, "level": "error"},
}


class Reader(HTMLParser):
    """What a browser makes of it: elements with attributes, and the text between."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def _harmless(made: Element) -> Reader:
    read = Reader(html(made))
    for name, attributes in read.elements:
        assert name not in {"script", "img", "iframe", "style"}
        assert not [one for one in attributes if one.startswith("on") or one == "style"]
        assert not str(attributes.get("href", "")).startswith("javascript:")
    assert "\x00" not in html(made)
    return read


@every(BLOCKS)
def test_every_block_is_drawn_and_what_it_says_stays_text(kind):
    read = _harmless(blocks.draw(PEN, {"type": kind, **SAMPLES[kind]}))
    assert kind == "divider" or "<img src=x" in read.text
    assert f"[{kind}]" not in read.text


@every([kind for kind in ELEMENTS if kind not in {"image", "external_select", "multi_external_select"}])
def test_every_element_is_drawn_harmlessly(kind):
    block = {"type": "input", "block_id": "b2", "label": PLAIN, "element": {"type": kind, **HOSTILE_ELEMENT}}
    read = _harmless(blocks.draw(PEN, block))
    assert any(attributes.get("data-block") == "b2" for _, attributes in read.elements) or "[" in read.text


@given(st.text(max_size=200))
def test_any_text_comes_out_as_text(text):
    read = Reader(html(tag("p", text, title=text)))
    assert [name for name, _ in read.elements] == ["p"]
    assert len(read.elements[0][1]) == 1


@given(st.text(alphabet="<>@#!|*_~`&;:/ aU1\n", max_size=60))
def test_any_mrkdwn_is_drawn_harmlessly(text):
    _harmless(tag("p", *PEN.mrkdwn(text)))


def test_marks_links_and_mentions_are_what_slack_makes_of_them():
    words = "*bold* `code` ```pre``` <https://example.com|there> <@U1> <!here> :warning: :large_green_circle:"
    made = html(tag("p", *PEN.mrkdwn(words)))
    for part in (
        "<b>bold</b>",
        "<code>code</code>",
        '<pre tabindex="0">pre</pre>',
        '<a href="https://example.com" target="_blank" rel="noopener noreferrer">there</a>',
        '<span class="mention">@ana</span>',
        '<span class="broadcast">@here</span>',
        "\N{LARGE GREEN CIRCLE}",
    ):
        assert part in made, part


def test_an_input_says_what_is_wrong_with_it_where_it_stands():
    made = html(blocks.draw(PEN, {"type": "input", **SAMPLES["input"]}))
    assert '<span class="error" role="alert">Too long.</span>' in made
    assert 'aria-invalid="true"' in made


def test_a_private_message_says_so_and_has_no_shortcuts():
    shown = Message("1764400000.000001", "C1", "U1", "hello", ephemeral_to="U1")
    made = html(surfaces.message(STATE, shown, ANA, shortcuts={"x": "Do"}))
    assert "Only visible to you" in made
    assert "shortcut" not in made


def test_a_form_has_a_button_that_sends_it_and_one_that_closes_it():
    body = {"type": "modal", "title": PLAIN, "submit": {"type": "plain_text", "text": "Check"}, "blocks": []}
    made = html(surfaces.modal(STATE, View("V1", "U1", body, "h")))
    assert '<button type="submit" class="button primary">Check</button>' in made
    assert 'data-act="close">Cancel</button>' in made


def test_a_menu_that_asks_for_it_begins_at_the_conversation_that_is_looked_at():
    element = {"type": "conversations_select", "action_id": "channel", "default_to_current_conversation": True}
    block = {"type": "input", "block_id": "channel", "label": PLAIN, "element": element}
    state = State(Clock())
    state.users["U1"], state.channels["C1"] = ANA, Channel("C1", "mailops")
    body = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [block]}
    assert '<option value="C1" selected=""' in html(surfaces.modal(state, View("V1", "U1", body, "h"), "C1"))
    assert "selected" not in html(surfaces.modal(state, View("V1", "U1", body, "h")))


def test_home_before_it_is_published_says_so():
    assert "has not published its Home yet" in html(surfaces.home(STATE, None, ANA))
