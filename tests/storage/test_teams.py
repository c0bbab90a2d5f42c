"""No method of any storage interface returns, changes or deletes what is another team's; a new one needs a decision.

Two teams share a database, with the same people, channels, hosts and targets. Whatever one asks is answered as if the
other were not there, and leaves everything of the other as it was.
"""

import ast
import asyncio
import inspect
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.audit import AuditEntry, AuditQuery
from storage.entries import Line
from storage.file_maintenance import HistoryFile
from storage.history import EVERY_TEAM, OPERATOR, AdministerHistory, History, Query, Viewer
from storage.queries import Found
from storage.shares import SharedResult
from storage.sqlite.history import SqliteHistory, open_history
from storage.sqlite.tables.listing import seen_by
from storage.watches import AdministerWatches, Change, ElsewhereError, StoredEvent, StoredWatch, Watches, trouble_key
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

LINE_FIELDS = [field.name for field in fields(Line) if field.name not in {"endpoints", "changed", "alerted", "others"}]

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
    "targets": lambda it, me: it.targets(Query(me)),
    "runs": lambda it, me: it.runs(Query(me, target=HOST)),
    "certificates": lambda it, me: it.certificates(ends_after=NOON, ends_before=ENDS + DAY, viewer=me),
    "claim_share": lambda it, me: it.claim_share(_share(2), me, patience=MINUTE),
    "keep_share": lambda it, me: it.keep_share(_share(2), me),
    "drop_share": lambda it, me: it.drop_share(_share(1), me),
    "shared": lambda it, me: it.shared("T2-e1", "C1", "", me),
    "add": lambda it, me: it.add(an_entry("new", team=me.team, started_at=NOON + DAY), [_reading(1)]),
    "delete": lambda it, me: it.delete("T2-e1", me),
    "forget": lambda it, me: it.forget(me.team, "U1"),
}
"""What somebody of the first team asks, with all that they could know of the second."""

WATCHES: dict[str, Ask] = {
    "get": lambda it, me: it.watches.get("T2-w1", me),
    "visible_to": lambda it, me: it.watches.visible_to(me, deleted=True),
    "events": lambda it, me: it.watches.events(me),
    "spans": lambda it, me: it.watches.spans(me, since=NOON - DAY, until=NOON + DAY),
    "troubles": lambda it, me: it.watches.troubles("T2-w1", me),
    "tagged": lambda it, me: it.watches.tagged("t2", me),
    "digest": lambda it, me: it.watches.digest("C1", me),
    "tag": lambda it, me: it.watches.tag("T2-w1", me, add=["t1"], remove=["t2"]),
    "audit": lambda it, me: it.watches.audit(AuditQuery(me)),
    "count_audit": lambda it, me: it.watches.count_audit(AuditQuery(me, target=HOST)),
    "add": lambda it, me: it.watches.add(_watch("T1", 9), 4, me),
    "change": lambda it, me: it.watches.change("T2-w1", _emptied, me),
    "change_all": lambda it, me: it.watches.change_all(["T1-w9", "T2-w1"], _emptied, me),
    "set_digest": lambda it, me: it.watches.set_digest("C1", None, me),
}

CROSS_TEAM = {
    "History.last_readings": "a host that refused us is left alone whoever asked: it knows our address, not our teams",
    "History.claim": "Slack's deliveries come to the process; a key says that one was handled and holds nothing else",
    "History.teams": "ids alone, for the operator, who forgets a person in every team",
    "History.prune": "how long results are kept is a setting of the process; age alone decides",
    "History.listening": "errors alone",
    "History.close": "the end of the process",
    "Watches.claim_due": "one process runs the watches of all teams",
    "Watches.finish": "only with the lease of a run; what it keeps is of the team and the owner of its watch",
    "Watches.release": "the leases of a process, at its end",
    "Watches.bury": "the leases of a process that died",
    "Watches.next_due": "a time, and nothing of whose it is",
    "Watches.tell": "the process makes the events of digests, from what it read as one team",
    "Watches.claim_deliveries": "one process delivers the events of all teams, each by the routes that it names",
    "Watches.delivered": "only with the lease of a delivery",
    "Watches.postpone": "only with the lease of a delivery",
    "Watches.give_up": "only with the lease of a delivery",
    "Watches.posted": "where the process posted an incident, to edit that post; it is asked for a watch that was read",
    "Watches.keep_audit": "what the process and its operator did; each entry names its team",
    "Watches.note": "what the process keeps for itself; people set digests with `set_digest`",
    "Watches.notes": "the same; people read `troubles`",
    "Watches.backlog": "counts for /metrics",
    "Watches.forget": "the operator forgets a person, whatever team named them",
    "Watches.purge": "age alone decides",
    "HistoryFile.path": "the file is one",
    "HistoryFile.backup": "a copy of the whole file, by the operator",
    "HistoryFile.verify": "whether the file is whole, and nothing of what is in it",
}
"""What crosses teams by nature, and why. No handler is given any of it but `last_readings`."""

ADMINISTERING = {name for role in (AdministerHistory, AdministerWatches) for name in vars(role) if name[0] != "_"}

ASK_AS_OPERATOR = {
    "bot/observability/metrics.py": "gauges of the process",
    "bot/operations/probe_page.py": "the operator asks by Prometheus: a host that refused anybody is left alone",
    "bot/operations/status.py": "counts of the process",
    "bot/terminal/check_elsewhere.py": "the operator's own check, with other machines where there is a doubt",
    "bot/terminal/check_places.py": "the operator's own check, from several places",
    "bot/terminal/check_run.py": "the operator's own check: a host that refused anybody is left alone",
    "bot/terminal/history.py": "the operator lists and exports",
    "bot/terminal/history_lists.py": "the operator's lists say what watches alerted of",
    "bot/terminal/history_maintenance.py": "the operator deletes",
    "bot/terminal/log.py": "the operator lists who changed what",
    "bot/watches/delivery.py": "the watch of an event that is being delivered",
    "bot/watches/probe.py": "a server that refused one team is left alone by all",
    "bot/watches/scheduler.py": "the clock was set back for all",
}
"""Modules that may ask for the rows of every team, and why."""

DECIDED = {"History": HISTORY, "Watches": WATCHES, "HistoryFile": {}}
QUESTIONS = {f"{interface}.{name}": ask for interface, asks in DECIDED.items() for name, ask in asks.items()}
ROOT = Path(__file__).parents[2]
VIEWERS = {"an admin": Viewer("T1", "U9", admin=True), "a person": Viewer("T1", "U1", frozenset({"C1", "C2"}))}


def methods(interface: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(interface) if not name.startswith("_")}


@pytest.mark.parametrize("interface", [History, Watches, HistoryFile], ids=lambda each: each.__name__)
def test_every_method_of_an_interface_is_decided_about(interface: type):
    crossing = {name.partition(".")[2] for name in CROSS_TEAM if name.startswith(f"{interface.__name__}.")}
    assert methods(interface) == crossing | DECIDED[interface.__name__].keys()
    assert not crossing & DECIDED[interface.__name__].keys()


@pytest.mark.parametrize("interface", [History, Watches], ids=lambda each: each.__name__)
def test_no_question_can_be_asked_without_saying_who_asks(interface: type):
    """`add` of the history names the team in its entry, `forget` by itself."""
    named_otherwise = {"add", "forget"} if interface is History else set()
    for name in DECIDED[interface.__name__].keys() - named_otherwise:
        parameters = inspect.signature(getattr(interface, name)).parameters
        said = parameters.get("viewer") or parameters["query"]
        assert said.default is inspect.Parameter.empty, name
    with pytest.raises(TypeError, match="viewer"):
        Query()
    with pytest.raises(TypeError, match="team"):
        Viewer()


def test_what_crosses_teams_is_administered_and_no_handler_is_given_it():
    crossing = {name.partition(".")[2] for name in CROSS_TEAM if not name.startswith("HistoryFile.")}
    assert crossing - ADMINISTERING == {"last_readings"}
    given = {
        f"{module.relative_to(ROOT)}": named & {"History", "Watches", "AdministerHistory", "AdministerWatches"}
        for module in sorted((ROOT / "commands").rglob("*.py"))
        if (named := _imported(module))
    }
    assert {module: roles for module, roles in given.items() if roles} == {
        "commands/watch/verbs/forgetting.py": {"AdministerWatches"}  # for `portero history forget`
    }


def test_only_who_is_listed_asks_for_every_team():
    modules = [module for package in ("bot", "commands") for module in sorted((ROOT / package).rglob("*.py"))]
    asking = {f"{module.relative_to(ROOT)}" for module in modules if _imported(module) & {"OPERATOR", "EVERY_TEAM"}}
    assert asking == ASK_AS_OPERATOR.keys()


def _imported(module: Path) -> set[str]:
    imports = (node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.ImportFrom))
    return {name.name for node in imports if (node.module or "").startswith("storage") for name in node.names}


def _entry(team: str, number: int) -> Any:
    times = {"started_at": NOON - number * DAY, "outcome": "x" if number else "y"}
    return an_entry(f"{team}-e{number}", team=team, verdict="failed", **times)


def _reading(number: int) -> Any:
    return a_reading(ok=number % 2 > 0, certificate=f"c{number}", certificate_ends=ENDS)


def _share(number: int, actor: str = "U1") -> SharedResult:
    """Of a result whose id the other team knows, too."""
    return SharedResult(f"T2-e{number}", "C1", "", actor, NOON, posted=True, ts="1.2")


def _watch(team: str, number: int) -> StoredWatch:
    """In one channel, of one person."""
    due = NOON + number * MINUTE
    return StoredWatch(f"{team}-w{number}", team, "C1", "U1", "check", HOST, {"of": team}, due_at=due)


def _emptied(watch: StoredWatch, _sight: Any) -> Change:
    return Change(replace(watch, document={}), (StoredEvent("new", watch.id, "i", "opened", NOON, {}, ("slack",)),))


async def _fill_watches(watches: Watches, team: str) -> None:
    me = Viewer(team, admin=True)
    for number in range(3):
        watch = _watch(team, number)
        assert await watches.add(watch, 9, me)
        event = StoredEvent(f"{watch.id}.1", watch.id, f"{watch.id}.i", "opened", NOON, {"of": team}, ("slack",))
        await watches.change(watch.id, lambda one, _sight, told=event: Change(one, (told,), {"of": one.team}), me)
        await watches.note(trouble_key(watch.id, "mail"), {"why": team})
        await watches.tag(watch.id, me, add=[team.lower()])
    await watches.set_digest("C1", {"of": team}, me, noted=[AuditEntry(NOON, "digest_set")])


async def _fill(history: SqliteHistory, *teams: str) -> None:
    """Results of the other team are newer, more, and worse."""
    for team in teams:
        await _fill_watches(history.watches, team)
        for number in range(3 if team == "T1" else 5):
            entry = _entry(team, number)
            later = timedelta(minutes=7 * (team == "T2"))
            await history.add(replace(entry, started_at=entry.started_at + later), [_reading(number), a_reading(25)])
        await history.keep_share(_share(1, actor=f"{team}-U"), Viewer(team))


async def everything(history: SqliteHistory, team: str) -> list[Any]:
    """What its own admin sees of a team."""
    me = Viewer(team, admin=True)
    entries = await history.entries(Query(me), limit=100)
    questions = [
        history.availability(HOST, since=NOON - 9 * DAY, viewer=me),
        history.trend(HOST, 587, since=NOON - 9 * DAY, until=NOON + DAY, viewer=me),
        history.certificates(ends_after=NOON, ends_before=ENDS + DAY, viewer=me),
        *(history.shared(f"T2-e{number}", "C1", "", me) for number in (1, 2)),
        *(history.readings(each.id, me) for each in entries),
        *(history.streak(each, me) for each in entries),
    ]
    return [entries, *[await question for question in questions], *await everything_watched(history.watches, me)]


async def everything_watched(watches: Watches, me: Viewer) -> list[Any]:
    found = await watches.visible_to(me, deleted=True)
    sights: list[Any] = []
    for watch in found:
        await watches.change(watch.id, lambda _watch, sight: sights.append(sight), me)
    digests = {key: note for key, note in (await watches.notes("digest:")).items() if f":{me.team}:" in key}
    told = [replace(each, seq=0) for each in await watches.audit(AuditQuery(me), limit=100)]
    events, troubles = await watches.events(me), [await watches.troubles(each.id, me) for each in found]
    return [found, sights, events, troubles, digests, told]


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """Files of the first team alone, and of both."""
    folder = tmp_path_factory.mktemp("filled")

    async def fill() -> None:
        for name, teams in (("alone.db", ("T1",)), ("shared.db", ("T1", "T2"))):
            history = await open_history(folder / name)
            await _fill(history, *teams)
            await history.close()

    asyncio.run(fill())
    return folder


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
async def test_a_question_is_answered_as_if_the_other_team_were_not_there(tmp_path, filled, name: str, viewer: Viewer):
    alone, shared = [await open_history(shutil.copy(filled / each, tmp_path)) for each in ("alone.db", "shared.db")]
    try:
        others = await everything(shared, "T2")
        assert await QUESTIONS[name](shared, viewer) == await QUESTIONS[name](alone, viewer)
        assert await everything(shared, "T2") == others
        assert await everything(shared, "T1") == await everything(alone, "T1")
    finally:
        await alone.close()
        await shared.close()


async def test_what_a_terminal_kept_without_a_team_is_for_the_operator_alone(tmp_path):
    history = await open_history(tmp_path / "history.db")
    await history.add(an_entry("bare", team="", channel=""), [_reading(1)])
    assert await everything(history, "T1") == [[], [], [], [], None, None, [], [], [], [], {}, []]
    assert [line.id for line in await history.page(Query(Viewer(EVERY_TEAM, admin=True)))] == ["bare"]
    assert await history.teams() == [""]
    await history.close()


NEVER = {
    "a watch of another team": lambda it, me: it.watches.add(_watch("T2", 9), 9, me),
    "a watch that moves to another team": lambda it, me: it.watches.change("T1-w1", _moved(team="T2"), me),
    "a watch that moves to a channel of others": lambda it, me: it.watches.change("T1-w1", _moved(channel="C9"), me),
    "a watch in a channel of others": lambda it, me: it.watches.add(replace(_watch("T1", 9), channel="C9"), 9, me),
    "a digest in a channel of others": lambda it, me: it.watches.set_digest("C9", {"of": "T1"}, me),
    "which digest a channel of others has": lambda it, me: it.watches.digest("C9", me),
}


def _moved(**where: str) -> Any:
    return lambda watch, _sight: Change(replace(watch, **where))


@pytest.mark.parametrize("case", NEVER)
async def test_nobody_makes_portero_speak_where_they_could_not(tmp_path, case: str):
    history = await open_history(tmp_path / "history.db")
    await _fill(history, "T1", "T2")
    before = [await everything(history, team) for team in ("T1", "T2")]
    with pytest.raises(ElsewhereError):
        await NEVER[case](history, VIEWERS["a person"])
    assert [await everything(history, team) for team in ("T1", "T2")] == before
    await history.close()


async def test_what_is_decided_about_one_watch_changes_no_other(tmp_path):
    """Nor does a run keep its result for another team."""
    history = await open_history(tmp_path / "history.db")
    await _fill(history, "T1", "T2")
    others = await everything(history, "T2")
    await history.watches.change("T1-w1", lambda watch, _sight: Change(replace(watch, id="T2-w1", kind="x")), OPERATOR)
    assert (await history.watches.get("T1-w1", OPERATOR)).kind == "x"
    [lease] = await history.watches.claim_due("p", NOON, NOON + MINUTE, quick=1)
    entry = an_entry("new", team="T2")
    assert await history.watches.finish(lease, lambda _watch, _sight: None, entry=entry)
    assert (await history.get("new", OPERATOR)).team == lease.watch.team == "T1"
    assert await everything(history, "T2") == others
    await history.close()


async def test_a_digest_is_of_one_team(tmp_path):
    history = await open_history(tmp_path / "history.db")
    with pytest.raises(ValueError, match="one team"):
        await history.watches.set_digest("C1", None, OPERATOR)
    await history.close()


def test_of_a_row_that_a_damaged_index_leads_to_no_line_is_shown_to_another_team():
    theirs = Line(**{name: getattr(an_entry("x", team="T2"), name) for name in LINE_FIELDS})
    lines = seen_by(Viewer("T1", "U1", admin=True), Found([theirs, replace(theirs, team="T1")]))
    assert [line.team for line in lines] == ["T1"]
    assert lines.damaged == 1
