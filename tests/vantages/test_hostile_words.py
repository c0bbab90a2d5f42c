"""What a machine says of itself, and how long it may go on: without a server."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.console.process import login
from bot.terminal.vantage import _line
from bot.vantages.asking import LateError, Remote
from bot.vantages.errand import Answer, Word
from bot.vantages.hearing import Hearing
from bot.vantages.hello import Hello, Source
from bot.vantages.subjects import Subjects
from bot.vantages.wording import not_connected, present_line, refused
from commands.smtpcheck.record_file.shapes import RecordError

EVENTS = (("added", 1, "anna"), ("rotated", 2, "bert"), ("rotated", 3, "carl"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Going:
    """A worker that says the same every half second, on a clock that it moves."""

    def __init__(self, *said):
        self.said = said
        self.seconds = 0.0

    async def answer(self, _within):
        self.seconds += 0.5
        return Answer("0" * 8, *self.said).to_bytes()


@pytest.mark.parametrize(
    ("said", "deep", "longest"),
    [((Word.ALIVE,), False, 65), ((Word.ALIVE,), True, 125), ((Word.WAITING, ("25", "1")), False, 185)],
)
async def test_who_only_goes_on_holds_nobody_longer_than_a_check_and_a_turn_take(said, deep, longest):
    going = Going(*said)
    place = Remote(None, Subjects("T1", "fra-1"), "", None, None, None, clock=lambda: going.seconds)
    hearing = Hearing((25,), None, NOON, lambda _news: None)
    within = 125 if deep else 65
    with pytest.raises(LateError):
        await place._heard_out(going, hearing, within)
    assert going.seconds == longest


def hello(*addresses, version="0.1.0", name="mta.example.com"):
    sources = tuple(Source(one, name) for one in addresses)
    return Hello("0" * 8, version, NOON, sources, (25,), None)


def test_what_a_machine_says_of_itself_is_no_markup_and_no_long_list():
    said = json.loads(hello(version="9.9").to_bytes())
    for version in ("9.9 *b*", "_9_", "<!channel>", "`9`", "~9~"):
        with pytest.raises(RecordError):
            Hello.read(json.dumps({**said, "version": version}).encode())
    with pytest.raises(RecordError):
        Hello.read(hello("192.0.2.1", name="*mta*").to_bytes())
    line = present_line("mta-03", [hello(*(f"192.0.2.{number}" for number in range(200)))], NOON)
    assert "192.0.2.7 (mta.example.com), 192 more;" in line
    assert "192.0.2.8 " not in line


@pytest.mark.parametrize(
    ("seconds", "said"),
    [("30", "30 s"), ("99999", "3600 s"), ("9" * 18, "an hour"), ("-1", "an hour"), ("", "an hour")],
)
def test_what_a_machine_says_to_wait_is_bounded(seconds, said):
    assert refused("mta-03", "too_often", seconds)[1].startswith(f"Try again in {said}: ")


def test_a_machine_that_is_there_and_takes_no_errand_is_not_called_away():
    message, hint = not_connected("mta-03/192.0.2.1", NOON, NOON + timedelta(minutes=1), ["fra-1", "mta-03"])
    assert message == "mta-03/192.0.2.1 is connected, and did not take the errand."
    assert hint.startswith("Look at the worker there.")


def test_a_list_says_who_let_a_machine_in_and_who_changed_its_keys_last(monkeypatch):
    events = [{"what": what, "at": f"2026-03-0{day}T10:00:09.5+00:00", "by": by} for what, day, by in EVENTS]
    one = {"name": "mta-03", "keys": 2, "first_seen": None, "last_seen": None, "events": events, "sources": []}
    line = _line(one)
    deeds = "added 2026-03-01 10:00 UTC by anna, rotated 2026-03-03 10:00 UTC by carl"
    assert line == f"mta-03  2 keys, {deeds}; last seen: never"
    pinned = {"first_seen": "2026-03-01T11:00:00+00:00", "sources": [{"address": "192.0.2.1", "ehlo_name": ""}]}
    assert _line({**one, **pinned}).endswith("; pinned: 192.0.2.1; first seen: 2026-03-01 11:00 UTC; last seen: never")
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert login() not in {"", "unknown"}
