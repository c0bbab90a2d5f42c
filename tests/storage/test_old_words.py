"""Words of configs and questions are taken out of what older versions wrote, wherever it is read from."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from storage.history import OPERATOR, Entry, History
from storage.sqlite.file.rescue import rescue
from storage.sqlite.history import open_history
from storage.sqlite.tables.entry_rows import entry_row
from tests.storage.old_file import FIXTURES
from tests.storage.samples import an_entry

SECRET = "Zq7Wx9Kv3TpLm"
PLACE = {"code": "PMTA201", "rule": "unknown-directive", "severity": "warning", "line": 1, "column": 1, "end_column": 2}
QUOTING = {
    "schema": "portero.pmta/1",
    "findings": [{**PLACE, "message": f"{SECRET} is not in the guide.", "suggestion": SECRET, "basis": "inferred"}],
    "sha256": SECRET,
    "config": f"{SECRET} yes",
    "summary": f"1 warning. First: line 1, {SECRET} is not in the guide.",
    "settings": 1,
}
ASKED = {"schema": "portero.port/1", "understood": {"port": 587, "not_understood": ["bob", SECRET]}}
PAGE = "I do not know {}: check its support page for the host, the ports and the login."
UNKNOWN = {"understood": {"not_understood": [SECRET]}, "host": None, "reasons": ["Both work.", PAGE.format(SECRET)]}
HOSTED = {"understood": {"not_understood": []}, "host": "a.example", "reasons": [PAGE.format("a.example")]}


def bytes_of(path: Path) -> bytes:
    """Of the file and of what SQLite lays beside it."""
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


ROWS = [
    an_entry("pmta", kind="pmta", summary=QUOTING["summary"], document=QUOTING, scope="config", outcome="x"),
    an_entry("port", kind="port", document=ASKED, scope="hash of words", outcome="y"),
    an_entry("known", kind="port", document={"understood": {"not_understood": []}}, scope="s", outcome="z"),
    an_entry("unknown", kind="port", document=UNKNOWN),
    an_entry("hosted", kind="port", document=HOSTED),
    an_entry("odd", kind="pmta", summary="No findings in 1 setting.", document={"findings": [1, "x", None, {}]}),
]


def an_old_file(path: Path) -> None:
    shutil.copy(FIXTURES / "0010_rare.sqlite", path)
    with closing(sqlite3.connect(path)) as plain, plain:
        for each in ROWS:
            row = entry_row(each) | {"document": json.dumps(each.document)}  # without a checksum
            names = ", ".join(row), ", ".join(f":{name}" for name in row)
            plain.execute(f"INSERT INTO entries ({names[0]}) VALUES ({names[1]})", row)
    assert SECRET.encode() in bytes_of(path)


async def found_in(history: History) -> list[Entry | None]:
    return [await history.get(each.id, OPERATOR) for each in ROWS]


def check(found: list[Entry | None]) -> None:
    pmta, port, known, unknown, hosted, odd = found
    left = {"schema": "portero.pmta/1", "findings": [{**PLACE, "basis": "inferred"}], "settings": 1}
    assert pmta == replace(ROWS[0], summary="1 warning.", document=left)
    understood = {"port": 587, "not_understood": [], "unread": 2}
    assert port == replace(ROWS[1], document={**ASKED, "understood": understood}, scope="", outcome="")
    assert known == ROWS[2]
    assert unknown
    assert unknown.document["reasons"] == ["Both work.", PAGE.format("the provider that you named")]
    assert hosted == ROWS[4]
    assert odd == replace(ROWS[5], document={"findings": [{}]})


async def test_they_go_from_an_old_file_at_the_first_start(path: Path) -> None:
    an_old_file(path)
    history = await open_history(path)
    assert SECRET.encode() not in bytes_of(path)  # of a bot that goes on running
    check(await found_in(history))
    await history.close()
    assert SECRET.encode() not in bytes_of(path)


async def test_they_go_from_what_is_rescued_of_an_old_file(path: Path, tmp_path: Path) -> None:
    an_old_file(path)
    new = tmp_path / "rescued"
    rescue(path, new)
    assert SECRET.encode() not in bytes_of(new)
    history = await open_history(new)
    check(await found_in(history))
    await history.close()


async def test_rows_of_this_version_are_rescued_as_they_are(path: Path, tmp_path: Path) -> None:
    rows = [replace(each, id=f"new-{each.id}") for each in ROWS]
    history = await open_history(path)
    for each in rows:
        await history.add(each)
    await history.close()
    rescue(path, tmp_path / "rescued")
    copied = await open_history(tmp_path / "rescued")
    assert [await copied.get(each.id, OPERATOR) for each in rows] == rows
    await copied.close()
