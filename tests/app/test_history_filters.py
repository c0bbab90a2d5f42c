"""What `portero history` chooses from, and that it only reads."""

import asyncio
import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.terminal import history_lists as command
from storage.history import Reading
from storage.sqlite.tables.schema import schema
from tests.app.test_history_command import database, entry, fill, portero  # noqa: F401 - fixtures
from tests.histories import history_at

NOW = datetime.now(UTC)


def ids(out):
    return [json.loads(line)["history"]["id"] for line in out.splitlines()]


@pytest.fixture
def listed(portero):  # noqa: F811
    return lambda *argv: ids(portero(*argv, "--format", "jsonl")[1])


def test_filters_choose_and_add_up(listed, fill):  # noqa: F811
    fill(
        entry(1, started_at=NOW - timedelta(days=9), verdict="failed"),
        entry(2, started_at=NOW - timedelta(days=2), actor="U2"),
        entry(3, started_at=NOW - timedelta(hours=2), kind="pmta", verdict="error", target="config"),
        entry(4, started_at=NOW, actor="U2", verdict="blocked_here"),
    )
    assert listed() == ["id-4", "id-3", "id-2", "id-1"]
    assert listed("--since", "7d") == ["id-4", "id-3", "id-2"]
    assert listed("--until", "24h") == ["id-2", "id-1"]
    assert listed("--since", "3d", "--until", "1d") == ["id-2"]
    assert listed("--since", f"{NOW - timedelta(days=3):%Y-%m-%d}", "--by", "U2") == ["id-4", "id-2"]
    assert listed("--by", "<@U2>") == ["id-4", "id-2"]
    assert listed("--kind", "pmta") == ["id-3"]
    assert listed("--failed") == ["id-3", "id-1"], "what our network held back is no failure of the host"
    assert listed("--failed", "--by", "U2", "mail.example.com") == []
    assert listed("config") == ["id-3"]


def test_times_are_written_as_in_slack_and_a_target_may_follow(listed, fill):  # noqa: F811
    fill(
        entry(1, started_at=NOW - timedelta(days=9)),
        entry(2, started_at=NOW - timedelta(hours=25), target="mx.example.net"),
        entry(3, started_at=NOW - timedelta(minutes=1)),
    )
    assert listed("--since", "7", "days") == ["id-3", "id-2"]
    assert listed("--since", "7 days ago", "mx.example.net") == ["id-2"]
    assert listed("--since", "2", "weeks", "--until", "a", "day", "ago") == ["id-2", "id-1"]
    day = (NOW - timedelta(days=9)).astimezone()
    assert listed("--until", f"{day:%Y-%m-%d}") == ["id-1"]
    assert listed("--since", f"{day:%b} {day.day}", "--until", f"{day:%Y-%m-%d}") == ["id-1"]


async def store_ports(path):
    history = await history_at(path)
    for number, ok in enumerate((True, False)):
        reading = Reading("mail.example.com", "192.0.2.25", 587, "open", ok, "ok", 1.0)
        await history.add(entry(number), [reading])
    await history.add(entry(9))
    await history.close()


def test_with_a_port_failed_is_about_that_port(listed, portero, database):  # noqa: F811
    asyncio.run(store_ports(database))
    assert listed("--port", "587") == ["id-1", "id-0"]
    assert listed("--port", "587", "--failed") == ["id-1"]
    assert [portero(*words)[0] for words in (["port", "587"], ["port", "587", "failed"])] == [0, 1]
    assert listed("--port", "25") == []


def test_a_host_is_found_however_it_is_spelled(listed, fill):  # noqa: F811
    fill(entry(1), entry(2, target="Config.txt"), entry(3, target="prune"), entry(4, target="xn--mnchen-3ya.example"))
    assert listed("Mail.Example.com.") == ["id-1"]
    assert listed("Config.txt") == ["id-2"]
    assert listed("prune.") == ["id-3"]
    assert listed("MÜNCHEN.example") == ["id-4"]


def test_everything_is_written_page_by_page(portero, listed, fill, monkeypatch):  # noqa: F811
    fill(*(entry(number) for number in range(30)))
    monkeypatch.setattr(command, "PAGE", 4)
    assert len(listed()) == 20
    assert listed("--limit", "6") == [f"id-{number}" for number in range(29, 23, -1)]
    assert listed("--all") == [f"id-{number}" for number in range(29, -1, -1)]
    rows = list(csv.DictReader(io.StringIO(portero("--all", "--format", "csv")[1])))
    assert [row["id"] for row in rows] == listed("--all")
    assert len(portero("--all")[1].splitlines()) == 60


@pytest.mark.parametrize(
    "wrong",
    [
        ["a.example", "b.example"],
        ["--since", "never"],
        ["--since", "mondy"],
        ["--until", "2d", "--since", "1d"],
        ["--until", "x"],
        ["--days", "3"],
    ],
)
def test_what_would_be_overlooked_is_refused(portero, fill, wrong):  # noqa: F811
    fill(entry(1))
    status, out, err = portero(*wrong)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) >= 2


@pytest.mark.parametrize("value", ["0", "65536", "x", "-1"])
def test_a_port_is_a_port(portero, value):  # noqa: F811
    with pytest.raises(SystemExit) as ended:
        portero("--port", value)
    assert ended.value.code == 2


def test_nothing_that_matches_is_said(portero, fill, database):  # noqa: F811
    fill(entry(1))
    instead = "Nothing found: failed.\n  All that there is: 1 result, portero history all\n"
    assert portero("--failed") == (0, "", f"{instead}  That was asked of {database}.\n")


def test_looking_takes_no_lock_and_changes_nothing(listed, fill, database):  # noqa: F811
    fill(entry(1))
    before = database.read_bytes()
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM entries")
        assert listed() == ["id-1"]
        other.execute("ROLLBACK")
    assert database.read_bytes() == before


def test_looking_leaves_nothing_behind_that_others_can_read(listed, fill, database):  # noqa: F811
    fill(entry(1))
    assert listed() == ["id-1"]
    assert {each.stat().st_mode & 0o077 for each in database.parent.iterdir()} == {0}


@pytest.mark.parametrize(("step", "word"), [("0008_tallies", "older"), ("0999_tomorrow", "newer")])
def test_a_file_of_another_version_is_told_and_left_alone(portero, fill, database, step, word):  # noqa: F811
    from sqlite_utils import Database  # noqa: PLC0415

    fill(entry(1))
    with closing(Database(database)) as other:
        if word == "older":
            other.conn.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [step])
            other.conn.commit()
        else:
            schema._record_applied(other, step)
    before = database.read_bytes()
    status, out, err = portero()
    assert (status, out) == (2, "")
    assert f"{word} Portero" in err
    assert database.read_bytes() == before
