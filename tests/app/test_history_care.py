"""`portero history prune`, `forget`, `backup` and `delete`."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from storage.queries import OPERATOR
from storage.watches import StoredWatch
from tests.app.test_history_command import database, entry, fill, portero  # noqa: F401 - fixtures
from tests.histories import history_at

NOW = datetime.now(UTC)


def kept(path):
    with closing(sqlite3.connect(path)) as plain:
        return [row[0] for row in plain.execute("SELECT id FROM entries ORDER BY started_at")]


@pytest.fixture
def old(fill):  # noqa: F811
    fill(
        *(entry(days, started_at=NOW - timedelta(days=days)) for days in (400, 40, 4)),
        entry(0, actor="U2", started_at=NOW),
    )


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


def test_whom_nothing_bears_the_name_of_is_not_said_to_be_forgotten(portero, old, database):  # noqa: F811
    status, out, err = portero("forget", "@bruno")
    assert (status, out) == (2, "")
    assert "Nothing is kept of bruno: nobody was forgotten." in err
    assert "U0123456789" in err
    assert len(kept(database)) == 4


def test_what_is_forgotten_is_not_in_the_log_of_a_history_that_somebody_has_open(portero, old, database):  # noqa: F811
    with closing(sqlite3.connect(database)) as running:
        running.execute("SELECT count(*) FROM entries").fetchone()
        assert portero("forget", "U1")[0] == 0
        assert b"id-400" not in b"".join(each.read_bytes() for each in database.parent.iterdir())


async def watched(path, *watches):
    history = await history_at(path)
    for number, (owner, channel) in enumerate(watches):
        watch = StoredWatch(f"w{number}", "T1", channel, owner, "check", "mail.example.com", {"notify": "U1"})
        await history.watches.add(watch, 5, OPERATOR)
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


def spoilt(path, before, after):
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after))


def test_a_file_that_is_whole_passes_its_check(portero, old, database):  # noqa: F811
    assert portero("check") == (0, f"{database} is whole.\n", "")


def test_a_damaged_file_fails_its_check_and_it_is_said_what_to_do(portero, old, database):  # noqa: F811
    spoilt(database, b'"id":"id-40"', b'"id":"id-41"')
    status, out, _ = portero("check")
    assert status == 1
    assert f"{database} is damaged:\n  entries: 1 row that nobody wrote so\n" in out
    assert "put the backup in its place" in out and "portero history rescue NEW" in out
    database.write_bytes(database.read_bytes()[:5000])
    status, out, _ = portero("check")
    assert (status, out.splitlines()[1]) == (1, "  SQLite: database disk image is malformed")
    database.write_bytes(b"a letter")
    status, out, _ = portero("check")
    assert status == 1 and "it has only 8 bytes" in out


def test_a_list_leaves_a_damaged_result_out_and_says_so(portero, old, database):  # noqa: F811
    spoilt(database, b'"id":"id-40"', b'"id":"id-41"')
    status, out, err = portero("--format", "csv")
    assert status == 1
    assert "id-400" in out and "id-4," in out and "id-40," not in out
    assert err == "1 result damaged and left out.\n  Look closer: portero history check\n"


def test_what_can_be_read_is_rescued_and_no_file_is_replaced(portero, old, database, tmp_path):  # noqa: F811
    spoilt(database, b'"id":"id-40"', b'"id":"id-41"')
    before, new = database.read_bytes(), tmp_path / "new.db"
    status, out, err = portero("rescue", str(new))
    assert (status, err) == (1, "")
    assert out.splitlines()[:2] == [
        f"{new}: 3 results, 0 endpoints, 0 watches, 0 events of watches rescued.",
        "Not rescued, as far as is known: about 1 of the results.",
    ]
    assert database.read_bytes() == before
    assert set(kept(new)) == {"id-400", "id-4", "id-0"}
    status, _, err = portero("rescue", str(new))
    assert (status, "exists already" in err) == (2, True)


def test_the_rescued_file_is_a_history(portero, old, database, tmp_path, monkeypatch):  # noqa: F811
    assert portero("rescue", str(tmp_path / "new.db"))[0] == 0
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "new.db"))
    assert portero("check")[0] == 0
    assert portero("--format", "csv")[1].count("\n") == 5


@pytest.mark.parametrize(
    "words",
    [
        ["check", "FILE"],
        ["check", "--failed"],
        ["rescue"],
        ["rescue", "new.db", "--days", "3"],
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


@pytest.mark.parametrize(
    "words",
    [["check"], ["rescue", "x.db"], ["prune", "--days", "3"], ["forget", "U1"], ["backup", "x.db"], ["delete", "id-1"]],
)
def test_without_a_history_none_is_made(portero, database, words):  # noqa: F811
    status, _, err = portero(*words)
    assert status == 2
    assert "no history yet" in err
    assert not database.exists()
