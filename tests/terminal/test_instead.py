"""An error that knows what was meant is answered, in a terminal, by a line that can be pasted."""

import shlex

import pytest

from bot.cli import main, parsed
from bot.console.instead import of_terminal, pasted
from storage.sqlite.history import open_history
from tests.storage.samples import an_entry


@pytest.fixture
async def database(monkeypatch, tmp_path):
    path = tmp_path / "portero.db"
    monkeypatch.setenv("PORTERO_DATABASE", str(path))
    history = await open_history(path)
    await history.add(an_entry())
    await history.close()


TYPED = {
    "check my_mail.example.com --port 25 --deep": "portero check my-mail.example.com --port 25 --deep",
    "check gmail 587": "portero check smtp.gmail.com 587",
    "check 3325256729 25 --no-history": "portero check 198.51.100.25 25 --no-history",
    "check mail.example.com 25 dep": "portero check mail.example.com 25 deep",
    "check mail.example.com 22": "portero check mail.example.com",
    "check 'x<y_z.example'": "portero check xy-z.example",
    "check @U0123ABCD": "portero history by @U0123ABCD",
    "check --network mail.example.com 25": "portero check network 25",
    "port etzner": "portero port hetzner",
    "port sparkpost --for postfx": "portero port sparkpost --for postfix",
    "history since yesteday --format csv": "portero history since yesterday --format csv",
    "history mail.example.com other.example": "portero history mail.example.com",
    "pmta --explain PMTA4O1": "portero pmta --explain PMTA401",
}
"""What is typed, and the first line below what is wrong with it."""


@pytest.mark.parametrize(("typed", "line"), TYPED.items(), ids=list(TYPED))
def test_what_was_meant_can_be_pasted(typed, line, database, capsys):
    assert main(shlex.split(typed)) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[1] == f"  {line}"
    assert parsed(shlex.split(line)[1:]).act


@pytest.mark.parametrize(
    "typed", ["port etzner", "port sparkpost --for postfx", "history since yesteday", "pmta --explain PMTA4O1"]
)
def test_what_is_pasted_is_understood(typed, database, capsys):
    main(shlex.split(typed))
    line = capsys.readouterr().err.splitlines()[1]
    assert main(shlex.split(line)[1:]) in {0, 1}
    assert " is no " not in capsys.readouterr().err


def test_a_shell_takes_a_line_as_it_is_meant():
    assert shlex.split(pasted("watch", "list tag:prod *.example.com; rm $(x)")) == [
        *("portero", "watch", "list", "tag:prod", "*.example.com;", "rm", "$(x)"),
    ]
    assert pasted("check", "/smtphistory mail.example.com") == "portero history mail.example.com"


def test_commands_of_slack_are_told_as_they_are_called_here():
    assert of_terminal("`/smtphistory x` or /smtpwatch list, /etc/pmta/config") == (
        "`portero history x` or portero watch list, /etc/pmta/config"
    )
