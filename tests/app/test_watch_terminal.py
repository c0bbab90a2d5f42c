"""`portero watch` on the database of a bot, without Slack."""

import asyncio
import json

import pytest

from bot.cli import main
from bot.terminal import watch
from commands.watch.verbs.needs import INSTALLATION
from tests.histories import history_at


async def known(path):
    history = await history_at(path)
    await history.watches.note(INSTALLATION, {"team": "T1"})
    await history.close()


@pytest.fixture
def portero(tmp_path, monkeypatch, capsys):
    """Runs `portero watch`; main() has a loop of its own, so these tests are not async."""
    path = tmp_path / "portero.db"
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    monkeypatch.setenv("PORTERO_DENY_HOSTS", "left-alone.example.com")
    asyncio.run(known(path))
    return lambda line: (main(["watch", *line.split()]), *capsys.readouterr())


def test_a_watch_is_made_listed_muted_and_deleted(portero):
    status, out, err = portero("add mail.example.com 25 every 5m in C0123ABCD")
    assert (status, "is watched from now on, in #C0123ABCD" in out) == (0, True)
    assert "was not tried" in err
    [row] = map(json.loads, portero("list --format jsonl")[1].splitlines())
    assert (row["target"], row["ports"], row["every_s"], row["channel"]) == ("mail.example.com", [25], 300, "C0123ABCD")
    assert portero(f"mute {row['id']} 2d moving house")[0] == 0
    listed = portero("list")[1]
    assert "muted by the terminal until 20" in listed
    assert "UTC (moving house)" in listed
    assert not {"*", "<", ">"} & set(listed)
    assert "is deleted" in portero("delete mail.example.com")[1]
    assert json.loads(portero("list --json")[1]) == {"schema": "portero.watches/1", "watches": []}
    assert "is watched again" in portero("undo mail.example.com")[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("add mail.example.com", "by its id: `in C0123ABCD`"),
        ("shw x", "portero watch show x"),
        ("show nothing.example.com", "There is no watch"),
        ("add", "Something is missing behind that.\n  Type portero watch add [certificate|dns|network] TARGET"),
        ("edit mail.example.com", "Type portero watch edit WATCH"),
        ("mute mail.example.com 2d", "Type portero watch mute WATCHES [2d|until monday|forever] REASON"),
        ("show", "`portero watch list` has both"),
        ("digest daily", "In which channel?"),
        ("mute tag:prd 2h", "portero watch mute tag:prod 2h"),
        ("pause *.exmple.com", "portero watch list mail.example.com"),
        ("test mail.example.com", "Type it there, behind the slash command: `test TARGET`."),
        ("add 10.0.0.5 in C0123ABCD", "10.0.0.5 is not watched: that address is not public."),
        ("add certificate 127.0.0.1 in C0123ABCD", "PORTERO_ALLOW_NETWORKS"),
        ("add left-alone.example.com in C0123ABCD", "it is left alone here"),
    ],
)
def test_what_is_wrong_is_told_on_standard_error(portero, line, words):
    portero("add mail.example.com 25 in C0123ABCD tags prod")
    status, out, err = portero(line)
    assert (status, out) == (2, "")
    assert words in err


def test_times_are_read_by_the_clock_of_the_machine_and_shown_in_utc(portero, monkeypatch):
    monkeypatch.setattr(watch, "zone_of_machine", lambda: "Europe/Madrid")
    portero("add mail.example.com 25 in C0123ABCD")
    assert "until 2027-01-15 17:00 UTC" in portero("mute mail.example.com until 2027-01-15 18:00 because of a move")[1]


def test_incidents_are_printed_as_what_was_asked_for(portero):
    portero("add mail.example.com 25 in C0123ABCD")
    status, out, _ = portero("incidents since 30d")
    assert (status, out.splitlines()[0]) == (0, "No incidents in the last 30 days")
    assert out.splitlines()[1].startswith("It has been watched since 20")
    table = portero("incidents mail.example.com --format csv")[1]
    assert table.startswith("id,watch,target,") and table.endswith(",message,unwatched_seconds,well_seconds\r\n")
    status, _, err = portero("list --format csv")
    assert (status, "--format csv is for incidents" in err) == (2, True)


def test_ids_open_what_they_name_and_an_empty_list_names_the_nearest(portero):
    portero("add mail.example.com 25 in C0123ABCD tags prod")
    [row] = json.loads(portero("ls --json")[1])["watches"]
    assert portero(row["id"])[1].startswith("mail.example.com: not checked yet")
    assert json.loads(portero(f"{row['id']} --format json")[1])["watches"] == [row]
    assert "There is no incident" in portero(f"{row['id']}.1")[2]
    nearest = "The closest match: `portero watch list {}`"
    for line, near in {"tag:prd": "tag:prod", "*.exmple.com": "mail.example.com"}.items():
        assert nearest.format(near) in portero(f"list {line}")[1], line
    assert portero("list down")[1].startswith("Nothing is down: 1 watch that you may see")
    portero("add certificate mail.example.com in C0123ABCD")
    assert portero("tag mail.example.com eu")[1].startswith("mail.example.com: `eu`, `prod`.")


def test_a_folder_that_is_not_there_is_not_made_for_a_path_that_was_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "no" / "such.db"))
    for line in ("watch list --team T9", "check 127.0.0.1 25", "history"):
        assert main(line.split()) == 2
        assert str(tmp_path / "no") in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_new_database_says_what_it_lacks(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "new.db"))
    assert main(["watch"]) == 2
    assert "--team T0123ABCD" in capsys.readouterr().err
    assert main(["watch", "list", "--team", "T9"]) == 0


TROUBLES = {
    "a directory": lambda path: path.mkdir(),
    "no database": lambda path: path.write_bytes(b"this is no database, and it is long enough to be read as one" * 40),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_database_that_cannot_be_used_is_one_line_and_wrong_use(tmp_path, monkeypatch, capsys, trouble):
    path = tmp_path / "portero.db"
    TROUBLES[trouble](path)
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    assert main(["watch", "list", "--team", "T1"]) == 2
    err = capsys.readouterr().err
    assert "portero.db" in err
    assert "Traceback" not in err
