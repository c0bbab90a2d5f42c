"""What the pages say to type: every command is one that there is, and every block marked `run` runs."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bot.cli import main, parsed
from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import NETWORKS, Lab
from bot.probers import make_prober
from bot.terminal import check_file, check_run
from commands.smtpcheck.wire.connection import through
from storage.sqlite.history import open_history
from tests.architecture.pages import PAGES, blocks, read
from tests.every import every

INLINE = re.compile(r"`(portero [^`]+)`")
INDENTED = re.compile(r"^ +(?:\S*/)?(portero .*)$", re.MULTILINE)
REDIRECTED = re.compile(r" [>|].*")
HISTORIC = {"CHANGELOG.md"}
RUNNABLE, IN_LAB = (
    [page for page in PAGES if any(block.kind == kind for block in blocks(page))] for kind in ("sh run", "sh lab")
)


def to_type(page):
    """What stands in a block, to be typed as it is; without what the shell does with it."""
    lines = [line for block in blocks(page) if block.kind.startswith("sh") for line in block.text.splitlines()]
    return [*(line for line in lines if line.startswith("portero ")), *INDENTED.findall(read(page))]


def named(page):
    """What a sentence names: `portero vantage pin`, `portero check --file`."""
    return [one for one in INLINE.findall(read(page)) if "..." not in one and "COMMAND" not in one]


def is_taken(*words):
    try:
        parsed(words)
    except SystemExit as error:
        return error.code == 0
    return True


TOLD = [page for page in PAGES if page.name not in HISTORIC]


@every((page.name, line) for page in TOLD for line in to_type(page))
def test_a_command_to_type_is_parsed(page, line):
    assert is_taken(*shlex.split(REDIRECTED.sub("", line), comments=True)[1:]), f"{page}: {line}"


@every((page.name, line) for page in TOLD for line in named(page))
def test_a_command_that_a_sentence_names_is_one(page, line):
    """Also without what it needs: its help is there, or its last option takes a value."""
    words = shlex.split(line)[1:]
    behind = "1" if words[-1].startswith("-") else "--help"
    assert is_taken(*words) or is_taken(*words, behind), f"{page}: {line}"


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page, tmp_path):
    """In the order of the page, in one folder; 1 is an answer (bad news), everything above it is an error."""
    database = tmp_path / "portero.db"
    asyncio.run(an_empty_history(database))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    home = {"PATH": path, "HOME": str(tmp_path), "PORTERO_DATABASE": str(database)}
    for line in lines_of(page, "sh run", tmp_path):
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=home, capture_output=True, text=True, check=False)
        assert done.returncode <= 1, f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def lines_of(page, kind, folder):
    """The lines of such blocks; files that the page has to be made are made."""
    for block in blocks(page):
        made, _, file = block.kind.partition(" file=")
        if file:
            (folder / file).write_text(block.text)
        yield from block.text.splitlines() if made == kind else ()


@pytest.fixture
async def in_the_lab(tmp_path, monkeypatch):
    """The terminal's checks go to the lab, where the hosts of the pages are."""
    zone = {"mail.example.com": {"A": ["198.51.100.25"]}, "example.com": {"MX": ["10 mail.example.com."]}}
    async with Lab(HOSTS[:1], zone=zone) as lab:
        prober = partial(make_prober, route=through(lab.endpoints))
        for module in (check_run, check_file):
            monkeypatch.setattr(module, "make_prober", prober)
        values = {
            "NAMESERVERS": f"{lab.nameserver[0]}:{lab.nameserver[1]}",
            "ALLOW_NETWORKS": ",".join(NETWORKS),
            "CONTROL_HOSTS": "nowhere.lab.example",
            "DATABASE": str(tmp_path / "portero.db"),
        }
        for name, value in values.items():
            monkeypatch.setenv(f"PORTERO_{name}", value)
        monkeypatch.chdir(tmp_path)
        await an_empty_history(tmp_path / "portero.db")
        yield tmp_path


@pytest.mark.parametrize("page", IN_LAB, ids=lambda page: page.stem)
async def test_the_checks_of_a_page_run(page, in_the_lab, capsys):
    for line in lines_of(page, "sh lab", in_the_lab):
        status = await asyncio.to_thread(main, shlex.split(line, comments=True)[1:])
        out, err = capsys.readouterr()
        assert status <= 1, f"{line}\n{err}"
        assert out, line


async def an_empty_history(path):
    await (await open_history(path)).close()
