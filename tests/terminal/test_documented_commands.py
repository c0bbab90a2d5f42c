"""What the pages say to type: every command is one that there is, and every block marked `run` runs."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import parsed
from storage.sqlite.history import open_history
from tests.architecture.pages import PAGES, blocks, read
from tests.every import every

INLINE = re.compile(r"`(portero [^`]+)`")
INDENTED = re.compile(r"^ +(?:\S*/)?(portero .*)$", re.MULTILINE)
REDIRECTED = re.compile(r" [>|].*")
HISTORIC = {"CHANGELOG.md"}
RUNNABLE = [page for page in PAGES if any(block.kind == "sh run" for block in blocks(page))]


def typed(page):
    """The commands of a page, without what the shell does with them."""
    lines = [line for block in blocks(page) if block.kind.startswith("sh") for line in block.text.splitlines()]
    shown = [line for line in lines if line.startswith("portero ")]
    said = [one for one in INLINE.findall(read(page)) if "..." not in one and "COMMAND" not in one]
    return [*shown, *said, *INDENTED.findall(read(page))]


@every((page.name, line) for page in PAGES if page.name not in HISTORIC for line in typed(page))
def test_a_command_that_a_page_names_is_parsed(page, line):
    """A name without arguments (`portero vantage pin`) is looked up by its help."""
    words = shlex.split(REDIRECTED.sub("", line), comments=True)[1:]
    named = len(words) <= 2 and all(map(str.isalpha, words))
    try:
        parsed([*words, "--help"] if named else words)
    except SystemExit as error:
        assert error.code == 0, f"{page}: {line}"


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page, tmp_path):
    """In the order of the page, in one folder; 1 is an answer (bad news), everything above it is an error."""
    database = tmp_path / "portero.db"
    asyncio.run(an_empty_history(database))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    home = {"PATH": path, "HOME": str(tmp_path), "PORTERO_DATABASE": str(database)}
    for block in blocks(page):
        kind, _, file = block.kind.partition(" file=")
        if file:
            (tmp_path / file).write_text(block.text)
        for line in block.text.splitlines() if kind == "sh run" else ():
            done = subprocess.run(
                ["bash", "-c", line], cwd=tmp_path, env=home, capture_output=True, text=True, check=False
            )
            assert done.returncode <= 1, f"{line}\n{done.stderr}"
            assert "Traceback" not in done.stderr


async def an_empty_history(path):
    await (await open_history(path)).close()
