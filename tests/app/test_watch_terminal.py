"""`portero watch` on the database of a bot, without Slack."""

import asyncio
import json

import pytest

from bot.cli import main
from commands.watch.needs import INSTALLATION
from storage.sqlite import open_history


async def known(path):
    history = await open_history(path)
    await history.watches.note(INSTALLATION, {"team": "T1"})
    await history.close()


@pytest.fixture
def portero(tmp_path, monkeypatch, capsys):
    """Runs `portero watch`; main() has a loop of its own, so these tests are not async."""
    path = tmp_path / "portero.db"
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    asyncio.run(known(path))
    return lambda line: (main(["watch", *line.split()]), *capsys.readouterr())


def test_a_watch_is_made_listed_muted_and_deleted(portero):
    status, out, err = portero("add mail.example.com 25 every 5m in C0123ABCD")
    assert (status, "is watched from now on, in #C0123ABCD" in out) == (0, True)
    assert "was not tried" in err
    [row] = map(json.loads, portero("list --json")[1].splitlines())
    assert (row["target"], row["ports"], row["every_s"], row["channel"]) == ("mail.example.com", [25], 300, "C0123ABCD")
    assert portero(f"mute {row['id']} 2d moving house")[0] == 0
    listed = portero("list")[1]
    assert "muted by the terminal until 20" in listed
    assert "UTC (moving house)" in listed
    assert not {"*", "<", ">"} & set(listed)
    assert "is deleted" in portero("delete mail.example.com")[1]
    assert portero("list --json")[1] == ""
    assert "is watched again" in portero("undo mail.example.com")[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("add mail.example.com", "by its id: `in C0123ABCD`"),
        ("shw x", "Did you mean `show x`?"),
        ("show nothing.example.com", "There is no watch"),
        ("add", "Something is missing"),
        ("pause x --json", "--json goes with"),
    ],
)
def test_what_is_wrong_is_told_on_standard_error(portero, line, words):
    status, out, err = portero(line)
    assert (status, out) == (2, "")
    assert words in err


def test_a_new_database_says_what_it_lacks(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "new.db"))
    assert main(["watch"]) == 2
    assert "--team T0123ABCD" in capsys.readouterr().err
    assert main(["watch", "list", "--team", "T9"]) == 0
