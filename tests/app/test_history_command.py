import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli import main
from bot.terminal import history_lists
from commands.history.export_formats import FIELDS
from storage.history import Entry
from tests.histories import history_at
from tests.history.documents import document, endpoint, reading

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FORMULA = '=HYPERLINK("https://evil.example","click")'


def entry(number, **changes):
    values = {
        "id": f"id-{number}",
        "kind": "check",
        "target": "mail.example.com",
        "vantage": "local",
        "verdict": "ok",
        "summary": "mail.example.com works.",
        "started_at": START + timedelta(minutes=number),
        "elapsed_ms": 12.5,
        "actor": "U1",
        "team": "T1",
        "channel": "C1",
        "surface": "slash",
        "document": {"schema": "portero.check/1", "id": f"id-{number}"},
    }
    return Entry(**{**values, **changes})


async def filled(path, *entries, readings=()):
    history = await history_at(path)
    for one in entries:
        await history.add(one, readings)
    await history.close()


@pytest.fixture
def database(tmp_path, monkeypatch):
    path = tmp_path / "portero.db"
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    return path


@pytest.fixture
def portero(database, capsys):
    """Runs `portero history`; main() has a loop of its own, so tests that use it are not async."""

    def run(*argv):
        return (main(["history", *argv]), *capsys.readouterr())

    return run


@pytest.fixture
def fill(database):
    return lambda *entries: asyncio.run(filled(database, *entries))


def test_without_a_history_it_says_where_it_looked(portero, database):
    status, out, err = portero()
    assert (status, out) == (2, "")
    assert str(database) in err
    assert not database.exists()


def test_text_lists_the_newest_first(portero, fill):
    fill(entry(1), entry(2, target="other.example.com", verdict="failed"))
    status, out, _ = portero()
    assert status == 0
    assert out.splitlines()[0] == "2026-11-24 10:02:00Z  failed       other.example.com by U1"
    assert len(out.splitlines()) == 4


def test_a_target_and_a_limit_choose(portero, fill):
    fill(*(entry(number) for number in range(5)), entry(9, target="other.example.com"))
    assert len(portero("mail.example.com", "--limit", "2")[1].splitlines()) == 4
    assert len(portero("other.example.com")[1].splitlines()) == 2
    assert portero("nowhere.example.com")[1] == ""


def test_text_shows_no_terminal_codes_of_others(portero, fill):
    fill(entry(1, summary="\x1b[31mred\x07 \u202eevil"))
    assert "\x1b" not in portero()[1]
    assert "\u202e" not in portero()[1]


def test_json_lines_have_a_document_on_each(portero, fill):
    fill(entry(1), entry(2))
    documents = [json.loads(line) for line in portero("--format", "jsonl")[1].splitlines()]
    assert [document["id"] for document in documents] == ["id-2", "id-1"]


def test_csv_has_a_head_and_guards_formulas(portero, fill):
    fill(entry(1, summary=FORMULA, actor='with "quotes",\nand lines'))
    rows = list(csv.DictReader(io.StringIO(portero("--format", "csv")[1])))
    assert tuple(rows[0]) == FIELDS
    assert rows[0]["summary"] == f"'{FORMULA}"
    assert rows[0]["actor"] == 'with "quotes",\nand lines'
    assert rows[0]["id"] == "id-1"


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_limit_is_a_number_from_1(portero, limit):
    with pytest.raises(SystemExit) as ended:
        portero("--limit", limit)
    assert ended.value.code == 2


def test_a_file_that_is_no_database_is_status_2(portero, database):
    database.write_text("this is no database at all, " * 100)
    status, _, err = portero()
    assert status == 2
    assert "Traceback" not in err


@pytest.mark.parametrize("entries", [1, 120])
def test_a_reader_that_leaves_early_is_no_error(fill, database, entries):
    fill(*(entry(number) for number in range(entries)))
    command = [sys.executable, "-m", "bot", "history", "--limit", "400"]
    env = {**os.environ, "PORTERO_DATABASE": str(database), "PYTHONUNBUFFERED": ""}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(command, env=env, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("form", ["text", "jsonl", "csv"])
def test_a_target_that_was_never_checked_is_said_so_on_standard_error(portero, database, form):
    asyncio.run(filled(database, entry(1)))
    status, out, err = portero("never.example.com", "--format", form)
    instead = "Nothing found: never.example.com.\n  All that there is: 1 result, portero history all\n"
    instead += f"  That was asked of {os.environ['PORTERO_DATABASE']}.\n"
    assert (status, err) == (0, instead)
    assert out.strip() == (",".join(FIELDS) if form == "csv" else "")


def test_what_a_watch_ran_is_marked_and_not_listed_by_its_owner(portero, database):
    asyncio.run(filled(database, entry(1), *(entry(number, surface="watch") for number in (2, 3))))
    code, out, _ = portero("--by", "U1")
    assert (code, out.count(" by U1\n"), out.count("by a watch of U1")) == (0, 1, 0)
    asked = portero("--by", "U1", "--watches")[1]
    assert (asked.count(" by a watch of U1\n"), asked.count("2 equal results since 2026-11-24 10:02:00Z\n")) == (1, 1)
    assert portero("--watches")[1] == portero("watches", "by", "U1")[1] == asked
    assert portero()[1].count(" U1\n") == 2


def test_words_are_those_of_slack_and_a_misspelt_path_makes_no_file(portero, database):
    at = datetime.now(UTC) - timedelta(hours=1)
    states = {"id-1": "open", "id-2": "refused"}
    for number, (name, state) in enumerate(states.items()):
        made = document(endpoint(465, state=state, tls="ok" if state == "open" else "", shown=state == "open"), id=name)
        kept = entry(number, id=name, document=made, started_at=at + timedelta(minutes=number), scope="465")
        bad = replace(kept, outcome=f"{number}", verdict="failed" if number else "ok")
        asyncio.run(filled(database, bad, readings=[reading(465, state=state, ok=state == "open")]))
    for line, there in {
        "failed": (1, "id-2"),
        "failed today yesterday": (2, ""),
        "help": (0, "a target, the id of a result, or words as in Slack"),
        "since when is 465 refused on mail.example.com": (1, "465: refused (before: open)"),
        "mail.example.com changes since 2h": (0, "1 change in 2 results"),
        "without starttls": (0, "0 hosts of 1"),
        "mail.exmple.com changes": (0, "Did you mean portero history mail.example.com?"),
        "id-2": (1, "mail.example.com 192.0.2.25 465: refused"),
        "mail.example.com": (1, "failed"),
        "mine": (2, ""),
    }.items():
        status, out, _ = portero(*line.split())
        assert (status, there[1] in out.replace("`", "")) == (there[0], True), (line, out)
    assert json.loads(portero("certificates", "--json")[1])["schema"] == "portero.history.answer/1"
    assert [one["id"] for one in json.loads(portero("failed", "--json")[1])["results"]] == ["id-2"]
    elsewhere = database.with_name("protero.db")
    for verb in ("history", "watch"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PORTERO_DATABASE", str(elsewhere))
            assert main([verb, "list"]) == 2
    assert not elsewhere.exists()


async def watched_for_days(path):
    """mx2 and mx10, every two hours for ten days; 465 of mx2 is refused from the fifth day on."""
    history, begun = await history_at(path), datetime.now(UTC) - timedelta(days=10)
    for number in range(240):
        host, down = ("mx2.example.com", number >= 120) if number % 2 else ("mx10.example.com", False)
        seen = endpoint(465, host=host, state="refused" if down else "open", tls="" if down else "ok", shown=not down)
        made = document(seen | {"tls": {}}, id=f"r{number}", target=host)
        one = entry(
            number, id=f"r{number}", target=host, document=made, scope="465", outcome=f"{down}", surface="watch"
        )
        one = replace(one, verdict="failed" if down else "ok", started_at=begun + timedelta(hours=number))
        await history.add(one, [reading(465, host=host, state=seen["state"], ok=not down)])
    await history.close()


EIGHT, TWO = (f"{datetime.now(UTC) - timedelta(days=ago):%Y-%m-%d}" for ago in (8, 2))
ANSWERS = {
    "mx2.example.com": (1, "r239] 60 equal results since", {"id": "r239"}),
    "mx10.example.com": (0, "r238] 120 equal results since", {"id": "r238"}),
    "since when is 465 refused on mx2.example.com": (
        1,
        "refused: since",
        {"so": True, "id": "r121", "at_least": False},
    ),
    "since when is 465 open on mx10.example.com": (0, "so since the first", {"so": True, "at_least": True}),
    "since when is 465 refused on mx10.example.com": (0, "not now, nor", {"so": False}),
    "mx2.example.com changes since 8d": (0, "465: refused (before: open)", {"before": "open", "after": "refused"}),
    "what changed before 4d": (0, "1 change of 2 hosts", {"place": "465", "before_id": "r119"}),
    f"compare mx2.example.com {EIGHT} {TWO}": (1, "465: refused", {"after": "refused"}),
    "*.example.com": (1, "2 hosts of 2", {"target": "mx2.example.com"}),
    "refused": (1, "1 host of 2", {"target": "mx2.example.com"}),
    "who checked mx2.example.com": (0, "Nobody whose results", None),
    "refused mx2.example.com": (1, "60 of 120 results", {"results": 60}),
    "without starttls": (0, "0 hosts of 2", None),
}


def test_questions_in_words_are_answered_in_every_format_with_a_status(portero, database, monkeypatch):
    asyncio.run(watched_for_days(database))
    for line, (status, words, fact) in ANSWERS.items():
        assert (portero(*line.split())[0], words in portero(*line.split())[1]) == (status, True), line
        rows = [json.loads(row) for row in portero(*line.split(), "--format", "jsonl")[1].splitlines()]
        assert [{**fact, **rows[0]}] == rows[:1] if fact else not rows, (line, rows)
        for form, head in {"csv": ",", "md": "| --- |", "json": '"schema": "portero.history'}.items():
            assert head in portero(*line.split(), "--format", form)[1] or not fact, (line, form)
    assert portero("*.example.com", "--limit", "1", "--format", "md")[1].count("mx") == 1
    assert portero("--all")[1].count("equal results") == 3
    monkeypatch.setattr(history_lists, "BATCH", 2)
    assert portero("--all")[1].count("equal results") == 4
    assert portero("--limit", "1")[2].startswith("There are older ones")


def test_the_last_results_of_two_hosts_are_compared(portero, fill):
    one, other = "mail.example.com", "mx.example.org"
    here = document(endpoint(25), endpoint(587), target=one)
    there = document(
        endpoint(25, host=other), endpoint(587, host=other, state="refused", tls="none", shown=False), target=other
    )
    seen = {"started_at": "2026-11-24T10:00:00Z", "vantage": "local", "summary": "", "findings": []}
    fill(entry(1, target=one, document=here | seen), entry(2, target=other, document=there | seen))
    for words in (("compare", one, other), (one, "vs", other)):
        status, out, _ = portero(*words)
        assert (status, out.splitlines()[0]) == (0, f"{one} and {other}: 2 things differ.")
        assert "587: " in out
    facts = json.loads(portero("compare", one, other, "--format", "json")[1])["rows"]
    assert [fact["what"] for fact in facts] == ["587", "Login"]
    assert portero("compare", one, "nowhere.example.com")[2].startswith("No check of nowhere.example.com is known.")
