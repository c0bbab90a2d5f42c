"""What Slack signs or sends over its socket and is of an odd shape ends without a trace."""

import copy
import json
import logging

import pytest

from bot.slack.requests.payload import KINDS, fits, is_readable
from tests.every import every

from .stage import echo

ODD = [5, "x", [None], {"a": 1}, None, "\ud800"]
PERSON = {"id": "U1", "team_id": "T1", "enterprise_id": None}
BASE = {
    "user": PERSON,
    "team": {"id": "T1", "domain": "x"},
    "enterprise": None,
    "channel": {"id": "C1", "name": "x"},
    "container": {"type": "message", "channel_id": "C1", "message_ts": "1.2", "is_ephemeral": True},
    "message": {"text": "x", "ts": "1.2", "files": [{"id": "F1"}]},
    "trigger_id": "1.2.a",
    "response_url": "https://hooks.slack.com/actions/T1/1/a",
}
STATE = {"values": {"b": {"a": {"type": "static_select", "selected_option": {"value": "587"}}, "c": {"value": None}}}}
VIEW = {"id": "V1", "type": "modal", "callback_id": "echo.x", "private_metadata": "", "hash": "1", "state": STATE}
GOOD = {
    "command": {
        "command": "/echo", "text": "x", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": "1.2.a",
    },
    "button": {**BASE, "type": "block_actions", "view": None, "actions": [{"action_id": "echo.go", "value": "7"}]},
    "menu": {
        **BASE,
        "type": "block_actions",
        "view": VIEW,
        "actions": [{"action_id": "echo.go", "selected_option": {"value": "7"}, "action_ts": "1"}],
    },
    "form": {**BASE, "type": "view_submission", "view": VIEW, "message": None, "response_urls": []},
    "closed": {**BASE, "type": "view_closed", "view": VIEW},
    "shortcut": {**BASE, "type": "message_action", "callback_id": "read_it"},
    "home": {
        "type": "event_callback", "event_id": "Ev1", "team_id": "T1", "authorizations": [{"team_id": "T1"}],
        "event": {"type": "app_home_opened", "user": "U1", "tab": "home", "view": {"hash": "1"}},
    },
    "tokens": {"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": {"bot": ["x"]}}},
    "another event": {"type": "event_callback", "event": {"type": "message", "channel": "C1", "user": "U1"}},
    "challenge": {"type": "url_verification", "challenge": "x"},
    "limited": {"type": "app_rate_limited", "minute_rate_limited": 1},
}  # fmt: skip


def paths(value, before=()):
    yield before
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*before, step))


def changed(body, path, odd):
    made = copy.deepcopy(body)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = odd
    return made


def changes(name):
    odds = ODD[:-1] if name == "command" else ODD  # a form cannot hold the last one
    return [changed(GOOD[name], path, odd) for path in paths(GOOD[name]) if path for odd in odds]


@pytest.mark.parametrize("name", GOOD)
def test_what_slack_documents_is_readable(name):
    assert is_readable(GOOD[name])


ODDITIES = [
    {}, {"type": 5}, {"type": "x"}, {"type": "interactive_message", "callback_id": "x"}, {"command": 5},
    {"command": "/echo"}, {"type": "block_actions", "user": PERSON, "actions": []},
    {"type": "block_actions", "user": None, "actions": [{"action_id": "a"}]},
    {"type": "block_actions", "user": PERSON, "actions": [None]},
    {"type": "view_submission", "user": PERSON, "view": None}, {"type": "event_callback", "event": None},
    {"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": ["x"]}},
    {**GOOD["command"], "trigger_id": "\ud800"}, {**GOOD["command"], "response_url": 5},
    {**GOOD["command"], "enterprise_id": ["x"]}, {**GOOD["shortcut"], "message": {"files": [None]}},
    {**GOOD["home"], "event": {"type": "app_home_opened", "user": "U1", "view": "x"}},
]  # fmt: skip


@every(ODDITIES)
def test_what_slack_never_sends_is_not(body):
    assert not is_readable(body)


def test_every_kind_takes_its_empty_values_as_missing():
    assert fits({"a": None}, {"a": str})
    assert all(fits({}, shape) for name, shape in KINDS.items() if name == "app_rate_limited")


@pytest.fixture
async def http(serving):
    async with serving(echo, mode="http", shortcuts={"read_it": echo}) as stage:
        stage.bot.dispatcher.word_after = (0.0,)
        yield stage


@pytest.mark.parametrize("name", GOOD)
async def test_a_signed_request_of_any_shape_is_taken_or_turned_away_without_a_trace(ws, http, name, caplog):
    caplog.set_level(logging.INFO)
    kind = "slash_commands" if name == "command" else "events_api" if "event" in GOOD[name] else "interactive"
    for body in changes(name):
        status, _ = await ws.http.send(ws.http.signed(kind, body))
        assert status in {200, 400, 401}, body
    await http.bot.dispatcher.idle()
    assert "  File " not in caplog.text
    assert "wrong on our side" not in str([call.args for call in ws.calls("chat.postEphemeral")])


ENVELOPES = ["", "{", "[]", "null", "5", '"x"', "{}", "[" * 50_000, '{"type":5}', "x"]
CONTENTS = [None, [], "x", 5, {}, {"command": "/echo", "user_id": None}, {"type": "view_submission", "view": None}]


async def test_an_envelope_of_any_shape_is_acknowledged_without_a_trace(serving, ws, caplog):
    caplog.set_level(logging.INFO)
    async with serving(echo) as stage:
        [socket] = ws.sockets.open
        for text in ENVELOPES:
            await socket.send_str(text)
        for kind in ("slash_commands", "interactive", "events_api"):
            for number, content in enumerate(CONTENTS):
                envelope = {"envelope_id": f"{kind}-{number}", "type": kind, "payload": content}
                await socket.send_str(json.dumps(envelope))
        await stage.type("/echo alive")
        assert stage.last().text == "echo alive"
    assert "  File " not in caplog.text
