import io
from datetime import UTC

import pytest
from rich.console import Console

from bot.demo.workspace import mrkdwn, posts, render
from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import FileUpload, View
from bot.demo.workspace.workspace import Workspace
from commands import blocks as pieces

from .conftest import modal, text_input

NOON = 1_795_521_600.0  # 2026-11-24 12:00 UTC


@pytest.fixture
def still():
    """A workspace that is not served: rendering needs no sockets."""
    return Workspace(start=NOON)


def printed(renderable):
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(renderable)
    return out.getvalue()


def post(ws, *blocks, text="fallback", **more):
    return posts.add(ws.state, ws.channel("mailops").id, text, ws.state.fill_ids(list(blocks)), **more)


def test_a_message_shows_author_time_and_every_block(still):
    shown = post(
        still,
        pieces.header("mail.example.com"),
        pieces.section("*Open* on `587`"),
        pieces.table([["Port", "State"], ["587", "*raw*"]]),
        pieces.code("220 <b>"),
        pieces.context("a", "b"),
        pieces.actions(pieces.button("Share in channel", "s.share"), pieces.button("Run again", "s.again")),
    )
    text = printed(render.message(still.state, shown, still.user("ana")))
    for words in ("Portero APP  13:00", "mail.example.com", "Open on 587", "*raw*", "220 <b>", "a  b"):
        assert words in text
    assert "[1] Share in channel  [2] Run again" in text
    assert [button.action_id for button in numbered_buttons(shown)] == ["s.share", "s.again"]


def test_an_ephemeral_says_who_sees_it_and_an_edit_that_it_is_one(still):
    shown = post(still, text="queued", ephemeral_to=still.user("ana").id)
    posts.edit(still.state, shown, "done", [])
    text = printed(render.message(still.state, shown))
    assert "Only visible to you" in text
    assert "(edited)" in text


def test_a_channel_shows_what_the_viewer_sees_and_numbers_the_newest_buttons(still):
    post(still, pieces.actions(pieces.button("Old", "a")))
    post(still, pieces.actions(pieces.button("New", "b")))
    post(still, text="secret", ephemeral_to=still.user("ana").id)
    still.say("bruno", "mailops", "<config>", attached=[FileUpload("pmta.txt", b"x")])
    text = printed(render.channel(still.state, still.channel("mailops"), still.user("bruno")))
    assert "[1] New" in text
    assert "[1] Old" not in text
    assert "secret" not in text
    assert "<config>" in text
    assert "[file] pmta.txt (1 bytes)" in text


def test_a_modal_shows_inputs_errors_and_its_buttons(still):
    body = modal(text_input("host"), pieces.select_input("port", "Port", [("1", "25"), ("2", "587")], initial="2"))
    view = View("V1", still.user("ana").id, body, "h", errors={"host": "no such host"})
    text = printed(render.view(still.state, view))
    for words in ("Check", "host", "no such host", "( 587 v )", "Cancel", "Go"):
        assert words in text


def test_an_empty_text_field_shows_its_own_placeholder_or_nothing(still):
    def shown(**more):
        view = View("V1", still.user("ana").id, modal(text_input("host", **more)), "h")
        return printed(render.view(still.state, view))

    assert "Choose an option" not in shown()
    assert "A host" in shown(placeholder={"type": "plain_text", "text": "A host"})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("*bold* _it_ ~no~ `code`", "bold it no code"),
        ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
        ("*a _b_ c*", "a b c"),
        ("```\n*raw*\n```", "*raw*\n"),
        ("<https://example.com|docs> <https://example.com>", "docs https://example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("&lt;domain *&gt; &amp;amp;", "<domain *> &amp;"),
        ("<domain gmail.com>", "<domain gmail.com>"),
        ("<@U0000000002> <#C0000000005>", "@ana #mailops"),
        ("<!here>", "@here"),
        (f"<!date^{int(NOON)}^{{date_short_pretty}} {{time}}|then>", "Nov 24, 2026 12:00"),
        ("<!date^x^{time}|then>", "then"),
    ],
)
def test_mrkdwn_is_read_as_slack_reads_it(still, source, shown):
    assert mrkdwn.rendered(still.state, source, UTC).plain == shown
