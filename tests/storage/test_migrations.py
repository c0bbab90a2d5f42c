"""Files as earlier versions wrote them, brought to the newest schema.

A file is `fixtures/<the newest step it has>.sqlite`. Where several steps came together, the code of their time was
stopped between them. With a step comes a file that it wrote (`old_file`), so that nobody edits it afterwards.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.audit import AuditEntry, AuditQuery
from storage.errors import OlderSchemaError
from storage.history import OPERATOR, Availability, Certificate, Entry, Query, Reading, Viewer
from storage.sqlite.history import open_history, open_history_to_read
from storage.sqlite.tables.schema import known_steps, schema
from tests.storage.old_file import DEED, FIRST, FIXTURES, READINGS, SECOND, SHARE, THIRD
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

BY_DAY = "0008_tallies_by_day"
"""For an hour of November 2026 the key of the roll-up began with host and day: such a file answered more slowly."""

FILES = sorted(FIXTURES.glob("*.sqlite"))


@pytest.fixture(params=FILES, ids=lambda fixture: fixture.stem)
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    shutil.copy(request.param, path)
    return path


def has(path: Path, step: str) -> bool:
    with closing(Database(path, execute_plugins=False)) as db:
        return step in {each.name for each in schema.applied(db)}


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


def entries_in(path: Path) -> list[Entry]:
    """Newest first, as the version that wrote the file could keep them."""
    known = has(path, "0006_audiences")
    return [each if known else replace(each, scope="", outcome="") for each in (THIRD, SECOND, FIRST)]


def readings_in(path: Path) -> dict[str, list[Reading]]:
    if not has(path, "0002_readings"):
        return {entry: [] for entry in READINGS}
    unseen = {} if has(path, "0007_certificates") else {"certificate": "", "certificate_ends": None}
    return {entry: [each._replace(**unseen) for each in readings] for entry, readings in READINGS.items()}


def test_there_is_a_file_of_every_step():
    assert [file.stem for file in FILES] == sorted([*known_steps(), BY_DAY])


async def test_an_old_file_keeps_its_entries(old: Path):
    entries, readings = entries_in(old), readings_in(old)
    history = await open_history(old)
    assert await history.entries(Query(OPERATOR)) == entries
    assert await history.entries(Query(OPERATOR, failed=True)) == [entries[1]]
    assert [line.id for line in await history.page(Query(Viewer("T1", "U1", frozenset({"C2"}))))] == [
        *("third", "second", "first")
    ]
    assert {id_: await history.readings(id_, OPERATOR) for id_ in READINGS} == readings
    await history.close()


async def test_an_old_file_knows_what_changed_and_what_ends_as_far_as_it_was_kept(old: Path):
    outcomes, certificates = has(old, "0006_audiences"), has(old, "0007_certificates")
    history = await open_history(old)
    streak = await history.streak(SECOND, OPERATOR)
    assert (streak and streak.before and streak.before.id) == ("first" if outcomes else None)
    shown = Certificate("mail.example.com", 587, "aa", NOON + 10 * DAY, NOON - DAY, "first")
    ending = await history.certificates(ends_after=NOON, ends_before=NOON + 11 * DAY, viewer=OPERATOR)
    assert ending == ([shown] if certificates else [])
    await history.close()


async def test_the_roll_up_of_an_old_file_is_divided_by_who_may_see_it(old: Path):
    known = has(old, "0002_readings")
    history = await open_history(old)
    counted = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=OPERATOR)
    mine = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=Viewer("T1", "U1"))
    assert counted == ([Availability(25, 2, 0), Availability(587, 2, 1)] if known else [])
    assert mine == ([Availability(25, 1, 0), Availability(587, 1, 1)] if known else [])
    assert await history.prune(NOON) == 1
    after = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=OPERATOR)
    assert after == ([Availability(25, 1, 0), Availability(587, 1, 0)] if known else [])
    await history.close()


async def test_claims_watches_tags_and_shares_of_an_old_file_hold(old: Path):
    steps = ("0003_claims", "0004_watches", "0005_outbox", "0015_tags", "0020_shares")
    claims, watches, outbox, tags, shares = (has(old, step) for step in steps)
    history = await open_history(old)
    assert await history.claim("event:1", NOON + DAY, timedelta(days=1)) is not claims
    there = await history.watches.visible_to(OPERATOR)
    assert [(watch.id, watch.tags) for watch in there] == ([("w1", ("prod",) if tags else ())] if watches else [])
    assert await history.shared("first", "C1", "", Viewer("T1")) == (SHARE if shares else None)
    waiting = await history.watches.claim_deliveries(NOON + DAY, NOON + DAY + MINUTE, 10, ["slack"])
    assert [delivery.event.id for delivery in waiting] == (["v1"] if outbox else [])
    await history.close()


async def test_the_log_of_an_old_file_holds_and_what_was_noted_of_machines_is_taken_over(path: Path):
    shutil.copy(FIXTURES / "0020_shares.sqlite", path)
    with closing(sqlite3.connect(path)) as plain:
        added, pinned = (
            ["2026-11-20T10:00:00+01:00", "root", what] for what in ("added", "pinned 192.0.2.1, 192.0.2.2")
        )
        events = json.dumps({"keys": ["k"], "events": [added, pinned, ["odd"], ["x", "y", "z"]]})
        plain.execute(
            "INSERT INTO watch_notes VALUES ('vantage:T1:mta-03', ?), ('vantage:T1:odd', 'no JSON')", [events]
        )
        plain.commit()
    history = await open_history(path)
    noted = await history.watches.audit(AuditQuery(Viewer("T1", admin=True)))
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert [replace(each, seq=0) for each in noted] == [
        AuditEntry(at, deed, "mta-03", "T1", "root") for deed in ("vantage_pinned", "vantage_added")
    ]
    await history.close()
    shutil.copy(FIXTURES / "0021_audit.sqlite", path)
    history = await open_history(path)
    assert [replace(each, seq=0) for each in await history.watches.audit(AuditQuery(OPERATOR))] == [DEED]
    await history.close()


async def test_a_migrated_file_has_the_schema_of_a_new_one(old: Path, tmp_path: Path):
    await (await open_history(old)).close()
    await (await open_history(tmp_path / "new.db")).close()
    found, new = schema_of(old), schema_of(tmp_path / "new.db")
    assert [name for name, _ in found] == [name for name, _ in new]
    assert set(found) == set(new)


async def test_an_old_file_can_be_written_to_after_it_was_migrated(old: Path):
    history = await open_history(old)
    ends = a_reading(certificate="aa", certificate_ends=NOON + DAY)
    await history.add(an_entry("new", started_at=NOON + DAY), [ends])
    assert await history.readings("new", OPERATOR) == [ends]
    await history.close()


async def test_who_only_reads_is_told_of_an_older_file_and_leaves_it_alone(old):
    if has(old, max(known_steps())):
        return
    before = old.read_bytes()
    with pytest.raises(OlderSchemaError, match=r"older Portero \(it lacks 00"):
        await open_history_to_read(old)
    assert old.read_bytes() == before


LACKING = {step: [file for file in FILES if file.stem < step] for step in sorted(known_steps())}
FAILING = [(step, file) for step, files in LACKING.items() for file in dict.fromkeys(files[:1] + files[-1:])]
"""Each step with the oldest and the newest file that lacks it."""


@pytest.mark.parametrize(("step", "file"), FAILING, ids=lambda one: getattr(one, "stem", one))
async def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, file: Path, step: str, monkeypatch):
    old = Path(shutil.copy(file, path))
    before = schema_of(old)

    def fail(_db: Database) -> None:
        raise sqlite3.OperationalError("the power failed")

    monkeypatch.setattr(next(each for each in schema._migrations if each.name == step), "fn", fail)
    with pytest.raises(sqlite3.OperationalError, match="power"):
        await open_history(old)
    assert schema_of(old) == before


async def test_what_an_old_file_holds_belongs_to_the_team_whose_bot_was_started_on_it(path: Path):
    """People of sister workspaces named theirs, terminals none; the admins of the one that is served saw it all."""
    shutil.copy(FIXTURES / "0012_unknown_providers.sqlite", path)
    with closing(sqlite3.connect(path)) as old, old:
        note = ("installation", '{"team":"T9"}')
        old.execute("INSERT INTO watch_notes (key, document) VALUES (?, ?)", note)
        old.execute("UPDATE entries SET team = CASE id WHEN 'first' THEN 'T1' WHEN 'second' THEN '' ELSE 'T9' END")
        old.execute("UPDATE entries SET document = json_remove(document, '$.crc32')")
    history = await open_history(path)
    assert await history.teams() == ["T9"]
    admin = Viewer("T9", admin=True)
    expected = [replace(each, team="T9") for each in (THIRD, SECOND, FIRST)]
    assert await history.entries(Query(admin)) == expected
    counted = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=admin)
    assert counted == [Availability(25, 2, 0), Availability(587, 2, 1)]
    assert len(await history.certificates(ends_after=NOON, ends_before=NOON + 11 * DAY, viewer=admin)) == 1
    await history.close()


async def test_an_old_file_of_several_teams_on_which_no_bot_was_started_keeps_them_apart(path: Path):
    shutil.copy(FIXTURES / "0012_unknown_providers.sqlite", path)
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("UPDATE entries SET team = 'T2', document = json_remove(document, '$.crc32') WHERE id = 'first'")
        old.execute("UPDATE readings SET ok = -1 WHERE port = 25")
    history = await open_history(path)
    assert await history.teams() == ["T1", "T2"]
    for team, well in (("T1", 0), ("T2", 1)):
        counted = await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=Viewer(team, admin=True))
        assert counted == [Availability(587, 1, well)]
    await history.close()


async def test_the_watches_and_digests_of_an_old_file_belong_to_the_team_whose_bot_was_started_on_it(path: Path):
    shutil.copy(FIXTURES / "0012_unknown_providers.sqlite", path)
    digests = {"digest:T1:C1": 1, "digest:T1:C2": 2, "digest:T9:C2": 3, "digest:T9:C3": 4, "trouble:w1:mail": 5}
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("DELETE FROM watch_notes")
        notes = {**{key: f'{{"n":{n}}}' for key, n in digests.items()}, "installation": '{"team":"T9"}'}
        old.executemany("INSERT INTO watch_notes (key, document) VALUES (?, ?)", notes.items())
    history = await open_history(path)
    assert [(watch.id, watch.team) for watch in await history.watches.visible_to(OPERATOR)] == [("w1", "T9")]
    kept = {key: note["n"] for key, note in (await history.watches.notes("")).items() if "n" in note}
    assert kept == {"digest:T9:C1": 1, "digest:T9:C2": 3, "digest:T9:C3": 4, "trouble:w1:mail": 5}
    await history.close()


async def test_a_watch_of_an_old_file_is_run_by_who_sees_its_machine(path: Path):
    shutil.copy(FIXTURES / "0018_askers.sqlite", path)
    vantages = {"w2": '{"vantage":"mta-03/192.0.2.1"}', "w3": '{"vantage":"any"}', "w4": "{"}
    with closing(sqlite3.connect(path)) as old:
        for name, document in vantages.items():
            copied = "team, channel, owner, kind, target, due_at, slow"
            row = f"INSERT INTO watches (id, document, {copied}) SELECT ?, ?, {copied} FROM watches WHERE id = 'w1'"
            old.execute(row, (name, document))
        old.commit()
    history = await open_history(path)
    there = {watch.id: (watch.place, watch.unseen_at) for watch in await history.watches.visible_to(OPERATOR)}
    assert there == {"w1": ("local", None), "w2": ("mta-03", NOON), "w3": ("local", None)}
    await history.close()
