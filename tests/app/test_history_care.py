"""`portero history prune`, `forget`, `backup` and `delete`."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from storage.sqlite import open_history
from storage.watch_interface import StoredWatch
from tests.app.test_history_command import database, entry, fill, portero  # noqa: F401 - fixtures

NOW = datetime.now(UTC)


def kept(path):
    with closing(sqlite3.connect(path)) as plain:
        return [row[0] for row in plain.execute("SELECT id FROM entries ORDER BY started_at")]


@pytest.fixture
def old(fill):  # noqa: F811
    fill(*(entry(days, started_at=NOW - timedelta(days=days)) for days in (400, 40, 4)), entry(0, actor="U2"))


def test_prune_deletes_what_is_older_than_it_is_told(portero, old, database):  # noqa: F811
    assert portero("prune", "--days", "100")[:2] == (
        0,
        "1 result older than 100 days deleted. The file keeps its size; its room is used again.\n",
    )
    assert "id-400" not in kept(database)
    assert "0 results" in portero("prune", "--days", "100")[1]


def test_prune_alone_means_the_setting_and_without_one_asks(portero, old, database, monkeypatch):  # noqa: F811
    status, _, err = portero("prune")
    assert status == 2
    assert "--days 365" in err
    monkeypatch.setenv("PORTERO_RETENTION_DAYS", "30")
    assert "2 results older than 30 days" in portero("prune")[1]


def test_more_days_than_there_are_is_a_mistake_and_no_crash(portero, old, database):  # noqa: F811
    before = kept(database)
    with pytest.raises(SystemExit):
        portero("prune", "--days", "10000000")
    assert kept(database) == before


def test_a_person_is_forgotten_and_no_one_else(portero, old, database):  # noqa: F811
    status, out, err = portero("forget", "<@U1>")
    assert (status, err) == (0, "")
    assert out.startswith("3 results of U1 deleted.")
    assert kept(database) == ["id-0"]
    content = b"".join(each.read_bytes() for each in database.parent.iterdir())
    assert b"id-400" not in content  # overwritten, not only unlinked


def test_what_is_forgotten_is_not_in_the_log_of_a_history_that_somebody_has_open(portero, old, database):  # noqa: F811
    with closing(sqlite3.connect(database)) as running:
        running.execute("SELECT count(*) FROM entries").fetchone()
        assert portero("forget", "U1")[0] == 0
        assert b"id-400" not in b"".join(each.read_bytes() for each in database.parent.iterdir())


async def watched(path, *watches):
    history = await open_history(path)
    for number, (owner, channel) in enumerate(watches):
        watch = StoredWatch(f"w{number}", "T1", channel, owner, "check", "mail.example.com", {"notify": "U1"})
        await history.watches.add(watch, 5)
    await history.close()


def test_it_is_told_what_became_of_the_watches_of_a_person(portero, fill, database):  # noqa: F811
    fill(entry(1, surface="watch", channel="C1"), entry(2))
    asyncio.run(watched(database, ("U1", "C1"), ("U1", "D1"), ("U2", "C1")))
    assert portero("forget", "U1")[1].splitlines() == [
        "1 result of U1 deleted. Backups that were made before still hold them.",
        "1 result of their watches in channels kept, without their name.",
        "Watches in channels go on and belong to the terminal now: w0 (mail.example.com).",
        "Watches in their direct messages deleted: w1 (mail.example.com).",
        "Their name taken out of 2 settings and alerts of watches; none mentions them now.",
    ]
    assert portero("forget", "U1")[1].splitlines() == [
        "0 results of U1 deleted. Backups that were made before still hold them."
    ]


def test_one_result_is_deleted(portero, old, database):  # noqa: F811
    assert portero("delete", "id-4")[:2] == (0, "id-4 deleted.\n")
    assert "id-4" not in kept(database)
    status, _, err = portero("delete", "id-4")
    assert status == 2
    assert "no result with the id id-4" in err


def test_a_backup_holds_everything_and_replaces_nothing(portero, old, database, tmp_path):  # noqa: F811
    target = tmp_path / "backup.db"
    status, out, _ = portero("backup", str(target))
    assert status == 0
    assert str(target) in out
    assert kept(target) == kept(database)
    before = target.read_bytes()
    status, _, err = portero("backup", str(target))
    assert (status, target.read_bytes()) == (2, before)
    assert "exists already" in err


@pytest.mark.parametrize(
    "words",
    [
        ["prune", "everything"],
        ["prune", "--port", "25", "--days", "3"],
        ["prune", "--since", "7d"],
        ["prune", "--format", "json"],
        ["forget"],
        ["forget", "U1", "U2"],
        ["forget", "U1", "--days", "3"],
        ["forget", "@"],
        ["backup"],
        ["delete"],
        ["delete", "id-4", "--failed"],
    ],
)
def test_what_does_not_go_with_it_is_refused_before_anything_is_done(portero, old, database, words):  # noqa: F811
    before = kept(database)
    status, out, err = portero(*words)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 2
    assert kept(database) == before


@pytest.mark.parametrize("words", [["\udcff"], ["--by", "\udcff"], ["forget", "\udcff"], ["delete", "\udcff"]])
def test_bytes_that_are_no_text_are_told_so(portero, old, words):  # noqa: F811
    status, out, err = portero(*words)
    assert (status, out) == (2, "")
    assert "is no UTF-8 text" in err


@pytest.mark.parametrize("words", [["prune", "--days", "3"], ["forget", "U1"], ["backup", "x.db"], ["delete", "id-1"]])
def test_without_a_history_none_is_made(portero, database, words):  # noqa: F811
    status, _, err = portero(*words)
    assert status == 2
    assert "no history yet" in err
    assert not database.exists()
