"""`portero log`, and what is done in a terminal, by whoever is logged in there."""

import asyncio
import getpass
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli import main
from commands.watch.verbs.needs import INSTALLATION
from tests.histories import history_at
from tests.storage.samples import an_entry

NOW = datetime.now(UTC)


async def filled(path):
    history = await history_at(path)
    await history.watches.note(INSTALLATION, {"team": "T1"})
    await history.add(an_entry("e1", started_at=NOW - timedelta(days=1)))
    await history.add(an_entry("e2", started_at=NOW - timedelta(days=100)))
    await history.close()


@pytest.fixture
def portero(tmp_path, monkeypatch, capsys):
    path = tmp_path / "portero.db"
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    asyncio.run(filled(path))
    return lambda line: (main(line.split()), *capsys.readouterr())


def changes(portero, line="log --format jsonl --all"):
    return [json.loads(row) for row in portero(line)[1].splitlines()]


def test_what_is_done_in_a_terminal_is_told_with_the_login(portero):
    portero("watch add mail.example.com 25 in C0123ABCD")
    portero("watch mute mail.example.com 2h moving house")
    portero("history delete e1")
    portero("history prune --days 30")
    portero("history forget U0BRUNO01")
    found = changes(portero)
    assert [one["action"] for one in found] == [
        *("person_forgotten", "results_pruned", "result_deleted", "muted", "watch_added")
    ]
    assert {one["actor"] for one in found} == {"root"}
    assert found[1]["facts"] == {"days": 30, "count": 1}
    assert found[3]["summary"].startswith("root (terminal) muted mail.example.com until 2")


def test_what_was_probably_meant_can_be_pasted(portero):
    assert "portero log mutes since 7d" in portero("log mutes since 7d since 2d")[2]
    assert "portero log mail.example.com 2026-10-11" in portero("log mail.example.com 11.10.2026")[2]


def test_which_addresses_are_pinned_is_told(portero, tmp_path, monkeypatch):
    monkeypatch.setenv("PORTERO_NATS", "managed")
    portero(f"vantage add mta-03 --out {tmp_path}/key")
    portero("vantage pin mta-03 --source 192.0.2.11")
    portero("vantage pin mta-03 --none")
    assert [one["facts"] for one in changes(portero)] == [{}, {"sources": ["192.0.2.11"]}, {}]
    assert [one["action"] for one in changes(portero)] == ["vantage_unpinned", "vantage_pinned", "vantage_added"]


def test_it_is_a_line_each_for_people(portero):
    portero("watch add mail.example.com 25 in C0123ABCD")
    status, out, err = portero("log mail.example.com since today by root")
    assert (status, err) == (0, "")
    assert out.endswith("Z  root (terminal) added a watch on mail.example.com, port 25.\n")
    assert portero("log mail.example.com --since today --by root") == (0, out, "")
    assert portero("log --since nov 1 --until yesterday mail.example.com")[1] == ""
    assert portero("log --since 30 lightyears")[0] == 2
    assert portero("log by nobody")[1:] == portero("log --by nobody")[1:]
    assert portero("log by nobody")[1:] == ("", "Nothing like that was changed, as far as the log goes back.\n")
    status, out, err = portero("log foo")
    assert (status, out) == (2, "")
    assert "`foo` was not changed, and is no kind of change." in err


def test_older_ones_are_mentioned(portero):
    for number in range(3):
        portero(f"watch add h{number}.example.com in C0123ABCD")
    status, out, err = portero("log --limit 2")
    assert (status, len(out.splitlines())) == (0, 2)
    assert "There is 1 older one: name a time" in err
    assert "There are 2 older ones: name a time" in portero("log --limit 1")[2]


def test_csv_and_json_are_whole(portero):
    portero("watch add mail.example.com 25 in C0123ABCD")
    assert portero("log --format csv")[1].splitlines()[0] == "at,actor,action,target,channel,summary,facts"
    document = json.loads(portero("log watches --format json")[1])
    assert (document["schema"], [one["action"] for one in document["changes"]]) == ("portero.log/1", ["watch_added"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("log mine", "Nobody is known here"),
        ("log failed", "knows nothing of `failed`"),
        ("log by", "By whom?"),
        ("log since never", "is not a time"),
    ],
)
def test_wrong_use_is_told(portero, line, said):
    status, _, err = portero(line)
    assert (status, said in err) == (2, True)
    assert "/portero" not in err
