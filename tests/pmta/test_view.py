"""Everything that the view makes passes the checks of the strict workspace, whatever the config says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.workspace.blockkit import problems
from commands.pmta import forms, view
from commands.pmta.explain import explain
from commands.pmta.fixes import changes, listing, safe_fixes
from commands.pmta.linter import lint
from commands.pmta.reports import document, report_of
from commands.pmta.rules import RULES
from tests.entries import entry_of, pressing
from tests.pmta.shapes import configs

HOSTILE = '<domain *> # <!channel> *x* `y`\nuse-starttls "<@U1>`"\n</domain>\n' + "max-smtp-out " + "x" * 5000 + "\n"


def answer(text):
    report = lint(text)
    return view.answer(report, "id-1", terminal=False, logged=True, fixable=True, name="a/b\\c.conf")


@given(st.one_of(configs, st.text()))
@settings(max_examples=100, deadline=None)
def test_any_config_gives_blocks_within_the_sizes(text):
    report = lint(text)
    kept = entry_of(document(report, "i", "n"), kind="pmta")
    replies = [answer(text), view.details(report, "x"), view.shared(report_of(kept.document), kept, pressing())]
    assert problems(list(view.opened(report_of(kept.document), kept, pressing().actor).blocks), "modal") == []
    replies.append(view.fixed(safe_fixes(text, report).encode(), listing(changes(text, report)), "x"))
    for reply in replies:
        assert problems(list(reply.blocks), "message") == []
        assert reply.text


def test_the_form_and_the_manuals_pass_too():
    assert problems(list(forms.form().blocks), "modal") == []
    for rule in RULES:
        assert problems(list(view.manual(rule.code, explain(rule.code)).blocks), "modal") == []
        assert problems(list(view.explained(explain(rule.code)).blocks), "message") == []


def test_nothing_in_a_config_mentions_anybody():
    reply = answer(HOSTILE)
    sections = [block["text"]["text"] for block in reply.blocks if block["type"] == "section"]
    assert not [text for text in [*sections, reply.text] if "<!" in text or "<@" in text]
    assert problems(list(reply.blocks), "message") == []


def test_a_message_says_its_count_once_and_has_its_buttons_within_a_screen():
    for wrong in (0, 1, 5, 6, 30):
        reply = answer("\n".join(["smtp-listener 0/0:25", *[f"nonsense-{one} yes" for one in range(wrong)]]))
        top, *rest = reply.blocks
        assert top["type"] == "header"
        assert not [block for block in rest if top["text"]["text"] in str(block)]
        assert sum(block["type"] == "section" for block in rest) == min(wrong, view.SHOWN)
        assert ("Details" in str(reply.blocks), bool(reply.files)) == (wrong > view.SHOWN, wrong > view.FILED)
