"""Where outcomes differ is known, whatever came late, went, or may not be seen."""

import random
from itertools import groupby, pairwise
from operator import attrgetter

from commands.history import wording
from storage.history import OPERATOR, Entry, Query, Viewer
from storage.sqlite.history import SqliteHistory
from storage.sqlite.tables import runs
from tests.storage.samples import MINUTE, NOON, an_entry

SOMEBODY = Viewer("T1", "U1", frozenset({"C1"}))


def results(shuffled: random.Random) -> list[Entry]:
    made = [
        an_entry(f"e{n:02}", started_at=NOON + n * MINUTE, scope="25", outcome="xxxyz"[shuffled.randrange(5)],
                 actor="U2", channel=f"C{shuffled.randrange(3)}")
        for n in range(40)
    ]  # fmt: skip
    shuffled.shuffle(made)
    return made


async def noted(history: SqliteHistory) -> set[str]:
    found = await history._readers.run(lambda db: list(db.execute("SELECT id FROM outcome_changes")))
    return {row[0] for row in found}


async def assert_known(history: SqliteHistory, there: list[Entry]) -> None:
    in_order = sorted(there, key=attrgetter("started_at"))
    differ = {after.id for before, after in pairwise(in_order) if before.outcome != after.outcome}
    assert differ <= await noted(history) <= {entry.id for entry in there}
    for viewer in (OPERATOR, SOMEBODY):
        seen = [entry for entry in in_order if viewer.sees(entry.team, entry.actor, entry.channel)]
        alike = [list(same) for _, same in groupby(seen, attrgetter("outcome"))]
        found = await history.runs(Query(viewer, target=in_order[0].target))
        assert [(run.first_id, run.last_id, run.count) for run in found] == [
            (same[0].id, same[-1].id, len(same)) for same in alike
        ]


async def test_changes_are_known_whatever_comes_late_and_whatever_goes(sqlite: SqliteHistory):
    for seed in range(3):
        there = results(random.Random(seed))
        for entry in there:
            await sqlite.add(entry)
        await assert_known(sqlite, there)
        for entry in there[:12]:
            assert await sqlite.delete(entry.id, OPERATOR)
        await assert_known(sqlite, there[12:])
        assert await sqlite.prune(NOON + 15 * MINUTE, batch=4)
        await assert_known(sqlite, [entry for entry in there[12:] if entry.started_at >= NOON + 15 * MINUTE])
        assert await sqlite.prune(NOON + 60 * MINUTE)
        assert await noted(sqlite) == set()


async def test_more_changes_than_are_stepped_to_are_walked(sqlite: SqliteHistory, monkeypatch):
    monkeypatch.setattr(runs, "_STEPS", runs._STEPS.replace(f"LIMIT {runs._MOST_STEPS}", "LIMIT 3"))
    monkeypatch.setattr(runs, "_MOST_STEPS", 3)
    there = results(random.Random(9))
    for entry in there:
        await sqlite.add(entry)
    await assert_known(sqlite, there)


async def test_equal_results_are_counted_up_to_a_bound(sqlite: SqliteHistory, monkeypatch):
    monkeypatch.setattr(runs, "MOST_OF_RUN", 3)
    for number in range(7):
        await sqlite.add(
            an_entry(f"e{number}", started_at=NOON + number * MINUTE, scope="25", outcome="xxyyyyy"[number])
        )
    found = await sqlite.runs(Query(OPERATOR, target="mail.example.com"))
    assert [(run.outcome, run.count) for run in found] == [("x", 2), ("y", 3)]
    assert [wording.results(count) for count in (1, 999, 1000)] == ["1 result", "999 results", "1,000 or more results"]
