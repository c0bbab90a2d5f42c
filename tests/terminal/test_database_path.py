"""Which history a command works on is said; a path that was misspelt becomes no new file without a word."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.cli import main
from bot.terminal import database_path
from bot.terminal.database_path import as_owner, look_for
from commands.contract import UserError
from storage.sqlite.history import open_history

NOBODY, DAEMON = 65534, 1


@pytest.fixture
def setting(monkeypatch, tmp_path):
    """An environment with this database and nothing that leads out of this machine."""
    for name in [name for name in os.environ if name.startswith(("SLACK_", "PORTERO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTERO_NAMESERVERS", "127.0.0.1:9")
    monkeypatch.setattr(database_path, "SERVICE", str(tmp_path / "service" / "portero.db"))

    def at(path):
        monkeypatch.setenv("PORTERO_DATABASE", str(path))

    return at


async def a_history(path):
    await (await open_history(path)).close()


def test_a_check_says_that_a_new_history_begins(setting, tmp_path, capsys):
    setting(tmp_path / "new.db")
    main(["check", "127.0.0.1", "25"])
    assert f"A new history begins at {tmp_path / 'new.db'}." in capsys.readouterr().err
    main(["check", "127.0.0.1", "25"])
    assert "A new history" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [["history"], ["watch", "list"], ["history", "check"]])
def test_looking_begins_none(setting, tmp_path, capsys, words):
    setting(tmp_path / "none.db")
    assert main(words) == 2
    assert f"There is no history yet at {tmp_path / 'none.db'}." in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_where_nothing_is_found_the_history_is_named(setting, tmp_path):
    asyncio.run(a_history(tmp_path / "portero.db"))
    setting(tmp_path / "portero.db")
    program = [sys.executable, "-m", "bot", "history"]
    run = subprocess.run(program, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert f"That was asked of {tmp_path / 'portero.db'}." in run.stderr


def test_on_a_terminal_the_history_that_is_read_is_named(setting, tmp_path, monkeypatch, capsys):
    setting(tmp_path / "portero.db")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    database_path.tell_which(str(tmp_path / "portero.db"))
    assert capsys.readouterr().err == f"History: {tmp_path / 'portero.db'}\n"


def test_in_a_script_it_is_not(capsys):
    database_path.tell_which("portero.db")
    assert capsys.readouterr() == ("", "")


def test_whoever_finds_none_hears_how_that_of_the_service_is_asked(setting, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    service = tmp_path / "service"
    service.mkdir()
    os.chown(service, NOBODY, NOBODY)
    with pytest.raises(UserError) as caught:
        look_for(str(tmp_path / "none.db"))
    path = service / "portero.db"
    assert f"That of nobody: sudo -u nobody env PORTERO_DATABASE={path} portero ..." in caught.value.hint


def test_what_is_ours_needs_no_other_user(tmp_path):
    assert as_owner(str(tmp_path / "portero.db")) == ""


@pytest.fixture
def as_nobody():
    """The test goes on as another user, and comes back."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


@pytest.fixture
def locked():
    """A folder of the user `daemon` alone, where everybody can see that it is there."""
    with tempfile.TemporaryDirectory(prefix="portero-test-") as above:
        Path(above).chmod(0o755)
        folder = Path(above) / "locked"
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, DAEMON, DAEMON)
        yield folder


def test_a_history_of_another_user_says_whose_it_is(locked, as_nobody):
    with pytest.raises(UserError) as caught:
        look_for(str(locked / "portero.db"))
    assert "Permission denied" in caught.value.message
    assert caught.value.hint.startswith("That of daemon: sudo -u daemon env PORTERO_DATABASE=")
