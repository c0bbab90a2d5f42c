"""Standard output that takes nothing, or not every character: a sentence and a status, in every subcommand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import SUBCOMMANDS

LINES = ["port 465", "port 465 --json", "pmta --explain retry-after", "manifest", "check --help", "--help", "--version"]
"""What each way of printing prints without a network: texts, documents, and argparse by itself."""


def portero(line: str, shell: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`shell` stands behind the command: what becomes of its streams."""
    names = {"PATH": os.environ["PATH"], "PORTERO_DATABASE": str(tmp_path / "none.db")} | environment
    command = f'"{sys.executable}" -m bot {line} {shell}'
    return subprocess.run(
        ["/bin/sh", "-c", command], env=names, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


FULL, CLOSED = (">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")


@pytest.mark.parametrize(
    ("line", "shell", "why"), [*((line, *FULL) for line in LINES), ("port 465", *CLOSED), ("--help", *CLOSED)]
)
def test_an_answer_that_cannot_be_written_is_said_to_be_lost(tmp_path, line, shell, why):
    done = portero(line, shell, tmp_path)
    assert done.stderr == f"The answer could not be written to standard output: {why}.\n"
    assert done.returncode == 2


@pytest.mark.parametrize("shell", [">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_with_nowhere_to_say_it_the_status_tells(tmp_path, shell):
    assert portero("port 465", shell, tmp_path).returncode == 2


@pytest.mark.parametrize("shell", ["2>/dev/full", "2>&-"])
def test_a_complaint_that_nobody_hears_is_wrong_use_all_the_same(tmp_path, shell):
    done = portero("history", shell, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")


ASCII = {"PYTHONIOENCODING": "ascii"}
C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.parametrize(("line", "names"), [*((line, ASCII) for line in LINES), ("port 465", C_LOCALE)])
def test_what_the_encoding_lacks_is_written_as_its_number(tmp_path, line, names):
    done = portero(line, "", tmp_path, **names)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()


HELPS = """
from contextlib import suppress
from bot.cli import SUBCOMMANDS, main
for name in SUBCOMMANDS:
    with suppress(SystemExit):
        main([*name.split(), "--help"])
"""


def test_the_help_of_every_subcommand_can_be_written_in_every_encoding():
    done = subprocess.run([sys.executable, "-c", HELPS], env=ASCII, capture_output=True, text=True, check=True)
    assert done.stdout.count("usage: portero ") == len(SUBCOMMANDS)
    assert done.stdout.isascii()


def test_json_is_the_same_document_in_every_encoding(tmp_path):
    config = tmp_path / "café😀.conf"
    config.write_text("smtp-listener 0.0.0.0:25\nmax-smpt-öut 5\n")  # its name is told
    (utf8, plain) = (
        portero(f"pmta --format json {config}", "", tmp_path, **names)
        for names in ({"PYTHONUTF8": "1"}, {"PYTHONIOENCODING": "ascii"})
    )
    assert plain.stdout.isascii()
    assert "\\u" in plain.stdout
    assert json.loads(plain.stdout) == json.loads(utf8.stdout)
