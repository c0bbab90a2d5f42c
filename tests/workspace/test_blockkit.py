import pytest

from bot.demo.workspace.blockkit import problems, view_problems
from commands import blocks as pieces

from .conftest import modal, plain, text_input

SIZES = [
    (lambda n: [pieces.section("x") | {"text": {"type": "mrkdwn", "text": "x" * n}}], 3000),
    (lambda n: [{"type": "header", "text": plain("x" * n)}], 150),
    (lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10),
    (lambda n: [pieces.actions(*(pieces.button("x", f"a.{i}") for i in range(n)))], 25),
    (lambda n: [pieces.actions(pieces.button("x", "a" * n))], 255),
    (lambda n: [pieces.actions(pieces.button("x", "a", "v" * n))], 2000),
    (lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10),
    (lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000),
    (lambda n: [{"type": "divider", "block_id": "b" * n}], 255),
    (lambda n: [select([(str(i), "x") for i in range(n)])], 100),
    (lambda n: [select([("v" * n, "x")])], 150),
    (lambda n: [select([("v", "x" * n)])], 75),
    (lambda n: [text_input("a", max_length=n)], 3000),
    (lambda n: [text_input("a", placeholder=plain("x" * n))], 150),
    (lambda n: [{"type": "markdown", "text": "x" * n}], 12000),
    (lambda n: [confirmed("title", "x" * n)], 100),
    (lambda n: [confirmed("text", "x" * n)], 300),
    (lambda n: [confirmed("confirm", "x" * n)], 30),
    (lambda n: [{"type": "divider"}] * n, 50),
]


def select(options):
    made = [{"text": plain(text), "value": value} for value, text in options]
    element = {"type": "static_select", "action_id": "s", "options": made}
    return {"type": "input", "label": plain("x"), "element": element}


def confirmed(name, words):
    dialogue = {"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}
    return pieces.actions(pieces.button("x", "a", confirm=dialogue | {name: plain(words)}))


@pytest.mark.parametrize(("make", "most"), SIZES)
def test_a_size_is_allowed_up_to_its_limit(make, most):
    assert problems(make(most), "message") == []
    assert problems(make(most + 1), "message") != []


def test_all_pieces_of_the_bot_are_acceptable():
    message = [
        pieces.header("mail.example.com"),
        pieces.section("*open*"),
        pieces.table([["Port", "State"], ["25", ""]]),
        pieces.code("220 mail.example.com"),
        pieces.context("now"),
        pieces.divider(),
        pieces.actions(pieces.button("Share", "a.b", "1", style="primary", confirm=pieces.confirm("a", "b", "c"))),
    ]
    form = [pieces.text_input("a", "A", hint="h"), pieces.select_input("b", "B", [("1", "One")], initial="1")]
    assert problems(message, "message") == []
    assert view_problems(modal(*form, pieces.file_input("f", "F", filetypes=["txt"]))) == []


@pytest.mark.parametrize(
    ("blocks", "surface", "words"),
    [
        ([pieces.file_input("f", "F")], "message", "modals only"),
        ([pieces.file_input("f", "F")], "home", "modals only"),
        ([{"type": "alert", "text": plain("x")}], "home", "unsupported block type: alert"),
        ([pieces.table([["x"]])], "modal", "unsupported block type: table"),
        ([{"type": "divider", "block_id": "a"}] * 2, "message", "already exists"),
        (
            [{"type": "actions", "elements": [pieces.button("x", "a"), pieces.button("y", "a")]}],
            "message",
            "already exists",
        ),
        ([{"type": "section"}], "message", "text or fields"),
        ([pieces.section("x") | {"colour": "red"}], "message", "invalid additional property: colour"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "message", "unsupported text object type"),
        ([{"type": "header"}], "message", "missing required field: text"),
        ([{"type": "section", "text": "bare"}], "message", "unsupported text object type: none"),
        ([{"type": "actions", "elements": []}], "message", "no fewer than 1"),
        ([text_input("a", min_length=5, max_length=4)], "modal", "min_length"),
        ("text", "message", "must provide an array"),
        ([None], "message", "unsupported block type: none"),
    ],
)
def test_what_is_wrong_is_said_in_slacks_words(blocks, surface, words):
    assert any(words in found for found in problems(blocks, surface))


@pytest.mark.parametrize(
    "view",
    [
        modal(text_input("a"), title=plain("x" * 25)),
        modal(text_input("a"), submit=plain("x" * 25)),
        modal(text_input("a"), callback_id="x" * 256),
        modal(text_input("a"), private_metadata="x" * 3001),
        modal(*[{"type": "divider"}] * 101),
        {"type": "modal", "title": plain("x"), "blocks": [text_input("a")]},
        {"type": "drawer"},
        None,
    ],
)
def test_views_have_their_own_limits(view):
    assert view_problems(view)


def chart(points=3, names=("587",), title="x", **changes):
    days = [str(day) for day in range(points)]
    made = pieces.line_chart("x", days, {name: [1.5] * points for name in names}, x_label="day", y_label="ms")
    return made | {"title": title} | changes


@pytest.mark.parametrize(
    "block",
    [chart(0), chart(names=()), chart(title="x" * 51), chart(color="red"), chart(chart={"type": "donut"})],
    ids=["no points", "no lines", "long title", "unknown field", "unknown chart"],
)
def test_a_chart_that_slack_does_not_draw_is_refused(block):
    assert problems([block], "message") != []


def test_a_line_needs_a_point_for_every_category_and_a_name_of_its_own():
    short = chart(3)
    short["chart"]["series"][0]["data"].pop()
    assert "a point for each category" in problems([short], "message")[0]
    twice = chart(3)
    twice["chart"]["series"] *= 2
    assert "names must be unique" in problems([twice], "message")[0]


def test_two_charts_stand_in_a_message_and_none_in_a_dialogue():
    assert problems([chart(20, names="abcdef")] * 2, "message") == []
    assert problems([chart(30)], "message") == []  # the piece keeps within 20 points
    assert problems([chart()] * 3, "message") != []
    assert view_problems(modal(chart())) != []


def test_a_block_that_is_not_rolled_out_is_refused():
    assert problems([chart()], "message", {"data_visualization"}) == [
        "unsupported block type: data_visualization [json-pointer:/blocks/0]"
    ]
