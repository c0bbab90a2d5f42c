"""A damaged file, behind a running bot and at its start: a right answer, or the one sentence that says what to do."""
# ruff: noqa: ASYNC240 - names of files, nobody waits

import asyncio
import json
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import CorruptError, StorageError
from storage.history import OPERATOR, Found, Query, Viewer
from storage.sqlite.file.errors import translated
from storage.sqlite.history import SqliteHistory, open_history, open_history_to_read
from storage.sqlite.tables.documents import packed, unpacked
from tests.storage.damage import KINDS, LISTS, READS, WRITES, damage, fill, overwrite
from tests.storage.samples import MINUTE, NOON, an_entry

SENTENCE = re.compile(r"is damaged \(.+\)\. Move it away and restore the newest backup; `portero history rescue NEW`")
SEEDS = range(int(os.environ.get("DAMAGE_SEEDS", "8")))


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A file with something of everything."""
    path = tmp_path_factory.mktemp("sound") / "history.db"

    async def make() -> None:
        history = await open_history(path)
        await fill(history)
        await history.close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="module")
def right(sound: Path):
    """What each question is answered on the sound file."""

    async def ask():
        history = await open_history_to_read(sound)
        answers = {name: await question(history) for name, question in READS.items()}
        await history.close()
        return answers

    return asyncio.run(ask())


async def check_reads(history: SqliteHistory, right, kind: str) -> None:
    for name, question in READS.items():
        try:
            answer = await question(history)
        except StorageError as error:
            check_sentence(error)
            continue
        if name in LISTS:
            assert all(each in right[name] for each in answer)
        if isinstance(answer, Found) and kind in {"zero", "cut"}:
            assert len(answer) + answer.damaged >= len(right[name]), name


def check_sentence(error: StorageError) -> None:
    assert isinstance(error, CorruptError), repr(error)
    assert SENTENCE.search(str(error)), str(error)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_read_of_a_file_that_was_damaged_before_is_right_or_told(sound, right, path: Path, kind, seed):
    shutil.copy(sound, path)
    damage(path, kind, seed)
    try:
        history = await open_history_to_read(path)
    except StorageError as error:
        check_sentence(error)
    else:
        await check_reads(history, right, kind)
        await history.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_read_of_a_file_that_is_damaged_meanwhile_is_right_or_told(sound, right, path: Path, kind, seed):
    shutil.copy(sound, path)
    history = await open_history(path)
    await history.page(Query(OPERATOR), limit=5)
    damage(path, kind, seed)
    await check_reads(history, right, kind)
    for question in WRITES.values():
        try:
            await question(history)
        except StorageError as error:
            check_sentence(error)
    await history.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_at_its_start_portero_refuses_a_damaged_file_or_goes_on_with_what_is_right(
    sound, right, path: Path, kind, seed
):
    shutil.copy(sound, path)
    damage(path, kind, seed)
    left = path.stat().st_size
    try:
        history = await open_history(path)
    except StorageError as error:
        check_sentence(error)
    else:
        if left:  # a file that was cut to nothing is a new one
            await check_reads(history, right, kind)
        await history.close()


def change(path: Path, before: bytes, after: bytes) -> None:
    content = path.read_bytes()
    assert content.count(before)
    overwrite(path, content.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"number":23,', b'"number":\xff3,'),
        (b'"number":23,', b'"number":73,'),
        (b'"number":23,', b'"number" 23,'),
        (b"e023check", b"e023ch\xfe\xffk"),
    ],
    ids=["no text", "another number", "no JSON", "no text in a column"],
)
async def test_one_damaged_row_takes_no_list_away(sound, right, path: Path, before, after):
    shutil.copy(sound, path)
    history = await open_history(path)
    change(path, before, after)
    entries = await history.entries(Query(OPERATOR), limit=500)
    assert entries == [entry for entry in right["entries"] if entry.id != "e023"]
    assert entries.damaged == 1
    with pytest.raises(CorruptError, match="holds what nobody wrote"):
        await history.get("e023", OPERATOR)
    assert await history.get("e022", OPERATOR) is not None
    await history.add(an_entry("fresh"))  # what one row says nothing of
    await history.close()


async def test_the_rows_of_one_damaged_page_take_no_list_away(sound, right, path: Path):
    shutil.copy(sound, path)
    content = path.read_bytes()
    page = content.index(b"e023check") // 4096 * 4096
    history = await open_history(path)
    overwrite(path, content[:page] + bytes(4096) + content[page + 4096 :])
    lines = await history.page(Query(OPERATOR, target="mail.example.com"), limit=500)
    assert 0 < lines.damaged < 12
    assert list(lines) == [line for line in right["host"] if line in lines]
    assert len(lines) + lines.damaged == len(right["host"])
    await history.close()


async def test_one_damaged_watch_keeps_no_other_from_its_turn(sound, path: Path):
    shutil.copy(sound, path)
    change(path, b'{"n":3,', b'{"n":4,')
    history = await open_history(path)
    leases = await history.watches.claim_due("me", NOON, NOON + MINUTE, quick=100)
    assert len(leases) == 11
    assert [each.id for each in await history.watches.visible_to(OPERATOR)] == sorted(
        lease.watch.id for lease in leases
    )
    with pytest.raises(CorruptError):
        await history.watches.get("w3", OPERATOR)
    await history.close()


async def test_what_is_disowned_has_a_checksum_of_its_new_row(sqlite: SqliteHistory):
    await sqlite.add(an_entry("e1", surface="watch"))
    assert (await sqlite.forget("T1", "U1", shared=["C"])).kept == 1
    assert await sqlite.get("e1", OPERATOR) == an_entry("e1", surface="watch", actor="")


async def test_a_row_that_was_dated_with_no_text_does_not_stop_a_count(sqlite: SqliteHistory):
    """Walks are merged by time, and bytes have no place among texts."""
    for number in range(3):
        await sqlite.add(an_entry(f"e{number}", team="T1", actor="U1", channel="C1"))
    dated = "UPDATE entries SET started_at = x'ff00' WHERE id = 'e1'"
    await sqlite._writer.run(lambda db: db.conn.execute(dated).rowcount)
    assert await sqlite.count(Query(Viewer("T1", "U1", frozenset({"C1"})))) == 3


@pytest.mark.parametrize(
    "changed", ["actor = CAST(actor AS BLOB)", "elapsed_ms = 'x'", "outcome = CAST(outcome AS BLOB)"]
)
async def test_a_column_of_another_type_is_damage_beside_a_checksum_and_without(sqlite: SqliteHistory, changed):
    for number in range(3):
        await sqlite.add(an_entry(f"e{number}"))
    await sqlite._writer.run(lambda db: db.execute(f"UPDATE entries SET {changed} WHERE id = 'e1'"))
    for document in ("document", "json_remove(document, '$.crc32')"):
        await sqlite._writer.run(lambda db, d=document: db.execute(f"UPDATE entries SET document = {d}"))
        entries = await sqlite.entries(Query(OPERATOR))
        assert ([entry.id for entry in entries], entries.damaged) == (["e2", "e0"], 1)
        if "outcome" not in changed:
            lines = await sqlite.page(Query(OPERATOR))
            assert ([line.id for line in lines], lines.damaged) == (["e2", "e0"], 1)


async def test_a_document_from_before_checksums_is_believed(sqlite: SqliteHistory):
    await sqlite.add(an_entry("e1"))
    plain = json.dumps({"schema": "portero.check/1"})
    await sqlite._writer.run(lambda db: db.execute("UPDATE entries SET document = ?", [plain]))
    assert (await sqlite.entries(Query(OPERATOR)))[0].document == {"schema": "portero.check/1"}


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=3), st.text(max_size=5))
def test_a_packed_document_comes_back_and_no_letter_of_it_can_be_another(document, beside):
    text = packed(document, beside)
    assert json.loads(text).items() >= document.items()
    assert unpacked(text, beside) == document
    for place in range(len(text)):
        with pytest.raises((ValueError, TypeError)):
            unpacked(f"{text[:place]}{chr(ord(text[place]) ^ 1)}{text[place + 1 :]}", beside)
    with pytest.raises(ValueError, match="checksum"):
        unpacked(text, beside + "x")


def test_what_misses_a_part_of_our_schema_is_damaged_and_what_misses_another_is_a_bug():
    for words, damaged in (("no such table: entries", True), ("no such column: nowhere", False)):
        error = sqlite3.OperationalError(words)
        error.sqlite_errorcode = sqlite3.SQLITE_ERROR
        assert isinstance(translated(Path("history.db"))(error), CorruptError) is damaged


def test_the_sentence_quotes_no_control_characters_of_the_file():
    error = sqlite3.DatabaseError("malformed database schema (\x1b[2Jx\n)")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    assert "schema (?[2Jx?))" in str(translated(Path("history.db"))(error))
