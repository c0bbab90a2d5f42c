"""Files as earlier versions wrote them, brought to the newest schema; each was made by the code of its time.

A file is `fixtures/<the newest step it has>.sqlite`. Before a step is released, one of the state before it is added.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.errors import OlderSchemaError
from storage.interface import Availability, Query, Viewer
from storage.migrations import known_steps, schema
from storage.sqlite import open_history, open_history_to_read
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.sqlite"))
DOWN = a_reading(25, state="no_answer", ok=False, tls="", latency_ms=None)
FIRST = an_entry("first", started_at=NOON - DAY)
SECOND = an_entry("second", verdict="failed", actor="U2", channel="C2", summary="\u00f1 \u2603")
THIRD = an_entry(
    "third",
    kind="pmta",
    target="config",
    verdict="ok",
    channel="",
    started_at=NOON + MINUTE,
    document={"schema": "portero.pmta/1", "findings": []},
)
READINGS = {"first": [a_reading(587), DOWN], "second": [a_reading(587, ok=False, state="refused"), DOWN], "third": []}


@pytest.fixture(params=FIXTURES, ids=lambda fixture: fixture.stem)
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    shutil.copy(request.param, path)
    return path


def has(path: Path, step: str) -> bool:
    with closing(Database(path, execute_plugins=False)) as db:
        return step in {each.name for each in schema.applied(db)}


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


def test_there_is_a_file_of_every_version_before_the_newest_steps():
    """The last three steps came together: no version ended between them."""
    assert [fixture.stem for fixture in FIXTURES] == sorted(known_steps())[:-3]


async def test_an_old_file_keeps_its_entries(old: Path):
    kept_readings = has(old, "0002_readings")
    history = await open_history(old)
    assert await history.entries(Query()) == [THIRD, SECOND, FIRST]
    assert await history.entries(Query(failed=True)) == [SECOND]
    assert [line.id for line in await history.page(Query(viewer=Viewer("U1", frozenset({"C2"}))))] == [
        *("third", "second", "first")
    ]
    found = {id_: await history.readings(id_) for id_ in READINGS}
    assert found == (READINGS if kept_readings else {id_: [] for id_ in READINGS})
    await history.close()


async def test_the_roll_up_of_an_old_file_is_divided_by_who_may_see_it(old: Path):
    known = has(old, "0002_readings")
    history = await open_history(old)
    counted = await history.availability("mail.example.com", since=NOON - 2 * DAY)
    mine = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=Viewer("U1"))
    assert counted == ([Availability(25, 2, 0), Availability(587, 2, 1)] if known else [])
    assert mine == ([Availability(25, 1, 0), Availability(587, 1, 1)] if known else [])
    assert await history.prune(NOON) == 1
    after = await history.availability("mail.example.com", since=NOON - 2 * DAY)
    assert after == ([Availability(25, 1, 0), Availability(587, 1, 0)] if known else [])
    await history.close()


async def test_claims_and_watches_of_an_old_file_hold(old: Path):
    claims, watches, outbox = (has(old, step) for step in ("0003_claims", "0004_watches", "0005_outbox"))
    history = await open_history(old)
    assert await history.claim("event:1", NOON + DAY, timedelta(days=1)) is not claims
    assert [watch.id for watch in await history.watches.all()] == (["w1"] if watches else [])
    waiting = await history.watches.claim_deliveries(NOON + DAY, NOON + DAY + MINUTE, 10, ["slack"])
    assert [delivery.event.id for delivery in waiting] == (["v1"] if outbox else [])
    await history.close()


async def test_a_migrated_file_has_the_schema_of_a_new_one(old: Path, tmp_path: Path):
    await (await open_history(old)).close()
    await (await open_history(tmp_path / "new.db")).close()
    assert schema_of(old) == schema_of(tmp_path / "new.db")


async def test_an_old_file_can_be_written_to_after_it_was_migrated(old: Path):
    history = await open_history(old)
    ends = a_reading(certificate="aa", certificate_ends=NOON + DAY)
    await history.add(an_entry("new", started_at=NOON + DAY), [ends])
    assert await history.readings("new") == [ends]
    assert await history.streak(FIRST) is None  # results from before outcomes were kept
    await history.close()


async def test_who_only_reads_is_told_of_an_older_file_and_leaves_it_alone(old):
    before = old.read_bytes()
    with pytest.raises(OlderSchemaError, match=r"older Portero \(it lacks 000"):
        await open_history_to_read(old)
    assert old.read_bytes() == before


@pytest.mark.parametrize("step", sorted(known_steps()))
async def test_a_step_that_fails_leaves_the_file_as_it_was(old: Path, step: str, monkeypatch: pytest.MonkeyPatch):
    if has(old, step):
        return
    before = schema_of(old)

    def fail(_db: Database) -> None:
        raise sqlite3.OperationalError("the power failed")

    monkeypatch.setattr(next(each for each in schema._migrations if each.name == step), "fn", fail)
    with pytest.raises(sqlite3.OperationalError, match="power"):
        await open_history(old)
    assert schema_of(old) == before
