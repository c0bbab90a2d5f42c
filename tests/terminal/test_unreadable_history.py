"""A history that may not be read, is no file, or lies on a disk that cannot be written: a sentence in every command."""

import asyncio
import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.sqlite.history import open_history
from tests.storage.samples import an_entry

LOOKING = ("history", "history check", "history rescue {new}", "history backup {new}", "watch list --team T1")
"""What opens a history."""
PR_CAPBSET_DROP, OVERRIDES = 24, (1, 2)


def without_privilege() -> None:
    """Rights of files hold for root, too: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH are gone with the next exec."""
    for capability in OVERRIDES:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def portero(line: str, database: Path) -> tuple[int, str, str]:
    names = {"PATH": os.environ["PATH"], "PORTERO_DATABASE": str(database), "HOME": str(database.parent)}
    command = [sys.executable, "-m", "bot", *line.split()]
    done = subprocess.run(
        command,
        env=names,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        preexec_fn=without_privilege,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "history.db"

    async def make() -> None:
        made = await open_history(path)
        await made.add(an_entry())
        await made.close()

    asyncio.run(make())
    return path


@pytest.mark.parametrize("line", LOOKING)
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_what_may_not_be_read_is_said_to_be_so(history: Path, tmp_path: Path, line, closed):
    place = history if closed == "file" else history.parent
    place.chmod(0)
    try:
        status, out, err = portero(line.format(new=tmp_path / "new"), history)
    finally:
        place.chmod(0o700)
    assert (status, out) == (2, "")
    assert "cannot be" in err or "may not be read by this user" in err
    assert "ermission denied" in err or "give this user access" in err or "by this user" in err
    assert "Traceback" not in err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("line", LOOKING)
def test_a_pipe_in_place_of_the_history_is_not_waited_for(tmp_path: Path, line):
    os.mkfifo(tmp_path / "pipe")
    status, out, err = portero(line.format(new=tmp_path / "new"), tmp_path / "pipe")
    assert (status, out) == (2, "")
    assert "pipe cannot be opened: it is no regular file" in err


@pytest.fixture
def disk(tmp_path: Path, history: Path) -> Iterator[Path]:
    """The history on a disk that was mounted for reading only."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "tmpfs", place], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine lets us mount nothing")
    shutil.copy(history, place)
    subprocess.run([mount, "-o", "remount,ro", place], check=True)
    yield place / history.name
    subprocess.run(["umount", place], check=True)


def test_a_history_on_a_disk_for_reading_is_read(disk: Path, tmp_path: Path):
    assert portero("history", disk)[0] == 0
    assert "mail.example.com" in portero("history", disk)[1]
    assert portero("history check", disk)[:2] == (0, f"{disk} is whole.\n")
    assert portero(f"history backup {tmp_path / 'copy.db'}", disk)[0] == 0
    assert portero(f"history rescue {tmp_path / 'new.db'}", disk)[0] == 0


@pytest.mark.parametrize("line", ["history rescue {new}", "history backup {new}"])
def test_what_cannot_be_written_there_is_said_to_be_so(disk: Path, history: Path, line):
    status, out, err = portero(line.format(new=disk.with_name("new.db")), history)
    assert (status, out) == (2, "")
    assert "new.db cannot be" in err
    assert err.rstrip().endswith("Read-only file system.")


def test_of_a_history_on_a_disk_for_reading_no_result_is_left_out_in_silence(disk: Path, history: Path):
    with closing(sqlite3.connect(history)) as other:
        other.execute("UPDATE entries SET actor = 'U2'")
        other.commit()
        subprocess.run(["mount", "-o", "remount,rw", disk.parent], check=True)
        for ending in ("", "-wal"):
            shutil.copy(f"{history}{ending}", disk.parent)
    subprocess.run(["mount", "-o", "remount,ro", disk.parent], check=True)
    status, out, err = portero("history", disk)
    assert (status, out) == (2, "")
    assert "copy both to another disk" in err
