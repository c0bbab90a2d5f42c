import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.workspace.blockkit import problems
from bot.slack.replies.messages import MESSAGE_BLOCKS, MESSAGE_TEXT, defuse, fallbacks
from commands.blocks import code, context, divider, line_chart, section, table
from commands.slack_text import escape

PIECES = ("<!channel>", "<!here|here>", "<!", "!channel>", "<", "!", "<!date^0^{date}|x>", "<!subteam^S1>", "<<!", " ")
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)
DANGEROUS = ("<!channel", "<!here", "<!everyone", "<!subteam")
REMOTE = MARKUP.map(escape)
BLOCKS = st.lists(
    st.builds(section, MARKUP)
    | st.builds(context, MARKUP)
    | st.builds(code, MARKUP)
    | st.builds(lambda cell: table([("Head", "More"), (cell, "")]), MARKUP)
    | st.builds(divider),
    max_size=60,
)


@given(MARKUP)
def test_no_broadcast_is_left(text):
    assert not [word for word in DANGEROUS if word in defuse(text)]


@given(MARKUP)
def test_defusing_twice_changes_nothing_more(text):
    assert defuse(defuse(text)) == defuse(text)


@given(REMOTE)
def test_escaped_text_is_left_alone(text):
    assert defuse(text) == text


def test_dates_stay():
    assert defuse("<!date^1795528800^{date}|now>") == "<!date^1795528800^{date}|now>"


@settings(max_examples=60)
@given(MARKUP, BLOCKS)
def test_every_body_is_within_slacks_sizes_and_mentions_nobody(text, blocks):
    for body in fallbacks(text, blocks):
        assert len(body["text"]) <= MESSAGE_TEXT + 100
        assert len(body.get("blocks", [])) <= MESSAGE_BLOCKS
        assert not [found for found in problems(body.get("blocks", []), "message") if "only one table" not in found]
        for mrkdwn in _mrkdwn(body):
            assert not [word for word in DANGEROUS if word in mrkdwn]


@given(MARKUP, BLOCKS)
def test_the_last_body_is_text_alone(text, blocks):
    bodies = list(fallbacks(text, blocks))
    assert set(bodies[-1]) == {"text"}
    assert 1 <= len(bodies) <= 3


@given(BLOCKS)
def test_what_was_given_is_not_changed(blocks):
    before = json.dumps(blocks)
    list(fallbacks("x", blocks))
    assert json.dumps(blocks) == before


def _mrkdwn(value):
    if isinstance(value, list):
        return [text for item in value for text in _mrkdwn(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" or isinstance(value.get("text"), str) else []
    own = [] if value.get("type") in {"raw_text", "text", "plain_text"} else own
    return own + [text for item in value.values() for text in _mrkdwn(item)]


def test_a_chart_becomes_a_line_of_bars_and_then_text():
    chart = line_chart("Latency", ["Mon", "Tue", "Wed"], {"587": [1, 8, 2.5]}, x_label="day", y_label="ms")
    first, second, third = fallbacks("587: 1 to 8 ms", [section("x"), chart])
    assert first["blocks"][1] == chart
    assert "587      ▁█▃  1 to 8" in json.dumps(second["blocks"], ensure_ascii=False)
    assert third == {"text": "587: 1 to 8 ms"}


def test_a_chart_goes_before_a_table_does():
    chart = line_chart("Latency", ["Mon"], {"587": [1]}, x_label="day", y_label="ms")
    kinds = [
        [block["type"] for block in body.get("blocks", [])] for body in fallbacks("x", [table([("Port",)]), chart])
    ]
    assert kinds == [["table", "data_visualization"], ["table", "rich_text"], ["rich_text", "rich_text"], []]
