"""Well-formed JSON of a wrong shape, from Slack or from what stands in its place, is a fault of Slack's."""

import json
from itertools import product

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.demo.workspace.oddities import Raw
from bot.slack.alerts.posts import REPEAT
from bot.slack.client.web_client import OddAnswerError, Record, passes, read, word_of
from commands.contract import Reply
from storage.history import Query
from tests.every import every

from .odd_answers import JSON
from .test_slack_faults import answering, said
from .test_start import words_of
from .test_watch_once import READS, WRITES, alerts, ends_between_post_and_mark, w  # noqa: F401 - a fixture

ODD = (5, "x", [], [None], ["x"], {"id": ["x"]}, True)


def answer(**fields):
    return Raw(json.dumps({"ok": True, **fields}).encode(), 200, JSON)


@every(product(["text", "needed", "flag", "record", "records"], [5, "x", ["x"], True, 1.5]))
def test_a_reader_takes_its_own_type_and_nothing_else(reading, value):
    fits = {"text": str, "needed": str, "flag": bool}.get(reading)
    if fits is not None and isinstance(value, fits):
        assert getattr(Record({"a": value}), reading)("a") == value
    else:
        with pytest.raises(OddAnswerError) as caught:
            getattr(Record({"a": value}), reading)("a")
        assert word_of(caught.value) == "odd_answer"


def test_what_is_missing_or_null_is_empty_where_it_may_be():
    for fields in ({}, {"a": None}):
        record = Record(fields)
        assert (record.text("a"), record.flag("a"), record.record("a").fields) == ("", False, {})
        for needed in (record.needed, record.records):
            with pytest.raises(OddAnswerError):
                needed("a")
    assert passes("odd_answer")


def test_an_answer_that_is_no_object_has_nothing_in_it():
    raw = AsyncSlackResponse(client=None, http_verb="", api_url="", req_args={}, data=b"x", headers={}, status_code=200)
    assert read(raw).fields == {}


TEAM = {"team_id": "T1"}
USERS = [
    *ODD,
    {},
    {"team_id": 5},
    {**TEAM, "enterprise_user": "x"},
    {**TEAM, "enterprise_user": [1]},
    {**TEAM, "enterprise_user": {"enterprise_id": 5}},
    {**TEAM, "tz": {"a": 1}},
    {**TEAM, "deleted": "false"},
    {**TEAM, "is_admin": "no"},
]


@pytest.mark.parametrize("user", USERS, ids=str)
async def test_an_odd_person_is_slacks_fault_and_who_was_known_is_served(serving, ws, user, caplog):
    async with serving(answering) as stage:
        ws.answer_oddly("users.info", answer(user=user))
        await stage.type("/echo")
        await stage.type("/echo")
    refused, served = said(ws)
    assert "The fault is on Slack's side" in refused
    assert served == "the answer"
    assert "Traceback" not in caplog.text


PAGES = [{"channels": channels} for channels in (*ODD[:2], *ODD[3:], [{}], [{"id": ["x"]}], None)]
METADATA = [{"channels": [], "response_metadata": odd} for odd in ("x", ["x"], {"next_cursor": {"a": 1}})]


@pytest.mark.parametrize("page", PAGES + METADATA, ids=str)
async def test_odd_channels_are_none(serving, ws, page, caplog):
    async def counting(_request, services):
        yield Reply(f"{await services.history.count(Query(await services.viewer()))} found")

    async with serving(counting) as stage:
        ws.answer_oddly("users.conversations", answer(**page), times=9)
        await stage.type("/echo", user="bruno")
    assert said(ws, "bruno") == ["0 found"]
    assert "the channels of a person could not be looked up: odd_answer" in caplog.text


GROUPS = [*ODD[:2], *ODD[3:], [{}], [{"id": "S1"}], [{"id": 5, "handle": "x"}], None]


@pytest.mark.parametrize("groups", GROUPS, ids=str)
async def test_odd_groups_are_none(stage, ws, groups):
    ws.answer_oddly("usergroups.list", answer(usergroups=groups))
    await stage.type("/smtpwatch add")
    assert "wrong on our side" not in str(said(ws))
    assert ws.state.stacks.get(ws.user("ana").id)


MORE = {"next_cursor": "x"}
HISTORIES = [
    *({"messages": messages} for messages in (None, *ODD[:2], *ODD[3:])),
    *({"messages": [{"ts": ts}], "response_metadata": MORE} for ts in ("abc", None, 5, "inf", "1_0", "9" * 400)),
    *({"messages": [{"ts": "1.2", "bot_id": "BOT", "metadata": odd}]} for odd in ("x", [1], {"event_payload": [1]})),
    {"messages": [{"ts": "1.2", "bot_id": "BOT", "metadata": {"event_payload": {"key": 5}}}]},
    {"messages": [{"bot_id": "BOT", "metadata": {"event_payload": {"key": "KEY"}}}]},
    {"messages": [], "response_metadata": "x"},
]


@pytest.mark.parametrize("page", HISTORIES, ids=lambda page: str(page)[15:90])
async def test_an_alert_is_posted_whatever_the_history_of_its_channel_looks_like(w, ws, page):  # noqa: F811
    ws.state.scopes = READS | WRITES
    watch = await w.the_watch()
    text = json.dumps(page).replace("KEY", f"{watch.id}.1.1/alert").replace("BOT", ws.state.bot_id)
    ws.answer_oddly("conversations.history", answer(**json.loads(text)))
    ends_between_post_and_mark(w)
    w.world.breaks()
    await w.pass_by(minutes=30)
    first, again = alerts(w)
    assert REPEAT not in first.text
    assert REPEAT in again.text


@pytest.mark.parametrize("odd", [{}, {"team_id": None}, {"team_id": 5}, {"team_id": ""}, {"team_id": ["T"]}], ids=str)
async def test_a_bot_that_is_not_told_whom_it_serves_does_not_start(ws, tmp_path, odd):
    ws.answer_oddly("auth.test", answer(**odd), times=9)
    words = await words_of(ws, tmp_path)
    assert words.startswith("That is not Slack: ")
    assert "team_id" in words
    assert ws.api_url in words
