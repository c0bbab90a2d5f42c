"""No method of any storage interface returns, changes or deletes what is another team's; a new one needs a decision.

Two teams share a database, with the same people, channels, hosts and targets. Whatever one asks is answered as if the
other were not there, and leaves everything of the other as it was.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.history import EVERY_TEAM, History, Query, Viewer
from storage.history_file import HistoryFile
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

HOST = "mail.example.com"
ENDS = NOON + 10 * DAY
Ask = Callable[[SqliteHistory, Viewer], Awaitable[Any]]

HISTORY: dict[str, Ask] = {
    "get": lambda it, me: it.get("T2-e1", me),
    "page": lambda it, me: it.page(Query(me)),
    "entries": lambda it, me: it.entries(Query(me, target=HOST, failed=True)),
    "last_of": lambda it, me: it.last_of(HOST, me),
    "readings": lambda it, me: it.readings("T2-e1", me),
    "count": lambda it, me: it.count(Query(me, kind="check")),
    "availability": lambda it, me: it.availability(HOST, since=NOON - 2 * DAY - MINUTE, viewer=me),
    "trend": lambda it, me: it.trend(HOST, 587, since=NOON - 3 * DAY, until=NOON + DAY, viewer=me),
    "streak": lambda it, me: it.streak(_entry("T2", 1), me),
    "certificates": lambda it, me: it.certificates(ends_after=NOON, ends_before=ENDS + DAY, viewer=me),
    "add": lambda it, me: it.add(an_entry("new", team=me.team, started_at=NOON + DAY), [_reading(1)]),
    "delete": lambda it, me: it.delete("T2-e1", me),
    "forget": lambda it, me: it.forget(me.team, "U1"),
}
"""What somebody of the first team asks, with all that they could know of the second."""

CROSS_TEAM = {
    "History.last_readings": "a host that refused us is left alone whoever asked: it knows our address, not our teams",
    "History.claim": "Slack's deliveries come to the process; a key says that one was handled and holds nothing else",
    "History.teams": "ids alone, for the operator, who forgets a person in every team",
    "History.prune": "how long results are kept is a setting of the process; age alone decides",
    "History.close": "the end of the process",
    "HistoryFile.path": "the file is one",
    "HistoryFile.backup": "a copy of the whole file, by the operator",
    "HistoryFile.verify": "whether the file is whole, and nothing of what is in it",
}
"""What crosses teams by nature, and why. No handler is given any of it but `last_readings`."""

DECIDED = {"History": HISTORY, "HistoryFile": {}}
VIEWERS = {"an admin": Viewer("T1", "U9", admin=True), "a person": Viewer("T1", "U1", frozenset({"C1", "C2"}))}


def methods(interface: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(interface) if not name.startswith("_")}


@pytest.mark.parametrize("interface", [History, HistoryFile], ids=lambda each: each.__name__)
def test_every_method_of_an_interface_is_decided_about(interface: type):
    crossing = {name.partition(".")[2] for name in CROSS_TEAM if name.startswith(f"{interface.__name__}.")}
    assert methods(interface) == crossing | DECIDED[interface.__name__].keys()
    assert not crossing & DECIDED[interface.__name__].keys()


def _entry(team: str, number: int) -> Any:
    times = {"started_at": NOON - number * DAY, "outcome": "x" if number else "y"}
    return an_entry(f"{team}-e{number}", team=team, verdict="failed", **times)


def _reading(number: int) -> Any:
    return a_reading(ok=number % 2 > 0, certificate=f"c{number}", certificate_ends=ENDS)


async def _fill(history: SqliteHistory, *teams: str) -> None:
    """Results of the other team are newer, more, and worse."""
    for team in teams:
        for number in range(3 if team == "T1" else 5):
            entry = _entry(team, number)
            later = timedelta(minutes=7 * (team == "T2"))
            await history.add(replace(entry, started_at=entry.started_at + later), [_reading(number), a_reading(25)])


async def everything(history: SqliteHistory, team: str) -> list[Any]:
    """What its own admin sees of a team."""
    me = Viewer(team, admin=True)
    entries = await history.entries(Query(me), limit=100)
    questions = [
        history.availability(HOST, since=NOON - 9 * DAY, viewer=me),
        history.trend(HOST, 587, since=NOON - 9 * DAY, until=NOON + DAY, viewer=me),
        history.certificates(ends_after=NOON, ends_before=ENDS + DAY, viewer=me),
        *(history.readings(each.id, me) for each in entries),
        *(history.streak(each, me) for each in entries),
    ]
    return [entries, *[await question for question in questions]]


@pytest.mark.parametrize("name", HISTORY)
@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
async def test_a_question_is_answered_as_if_the_other_team_were_not_there(tmp_path, name: str, viewer: Viewer):
    alone, shared = await open_history(tmp_path / "alone.db"), await open_history(tmp_path / "shared.db")
    try:
        await _fill(alone, "T1")
        await _fill(shared, "T1", "T2")
        others = await everything(shared, "T2")
        assert await HISTORY[name](shared, viewer) == await HISTORY[name](alone, viewer)
        assert await everything(shared, "T2") == others
        assert await everything(shared, "T1") == await everything(alone, "T1")
    finally:
        await alone.close()
        await shared.close()


async def test_what_a_terminal_kept_without_a_team_is_for_the_operator_alone(tmp_path):
    history = await open_history(tmp_path / "history.db")
    await history.add(an_entry("bare", team="", channel=""), [_reading(1)])
    assert await everything(history, "T1") == [[], [], [], []]
    assert [line.id for line in await history.page(Query(Viewer(EVERY_TEAM, admin=True)))] == ["bare"]
    assert await history.teams() == [""]
    await history.close()
