"""What the pages say to type: every command is one that there is, and every block marked `run` runs."""

import asyncio
import re
import shlex
import subprocess
import threading
from functools import partial

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
RUN = "sh run"
RUNNABLE = [page for page in PAGES if any(block.kind == RUN for block in blocks(page))]


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


@pytest.fixture
def lab():
    """In a thread of its own: a command of the terminal has the main one, as signals want it."""
    zone = {"mail.example.com": {"A": ["198.51.100.25"]}, "example.com": {"MX": ["10 mail.example.com."]}}
    running, loop = Lab(HOSTS[:1], zone=zone), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result()
    yield running
    asyncio.run_coroutine_threadsafe(running.__aexit__(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def folder(lab, tmp_path, monkeypatch):
    """Where the terminal stands: with an empty history, and with the hosts of the pages in the lab."""
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
    asyncio.run(an_empty_history(tmp_path / "portero.db"))
    return tmp_path


async def an_empty_history(path):
    await (await open_history(path)).close()


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page, folder, capsys):
    """In the order of the page, in one folder; 1 is an answer (bad news), everything above it is an error."""
    for line in lines_of(page, folder):
        status = run(line, folder)
        out, err = capsys.readouterr()
        assert status <= 1, f"{line}\n{err}"
        assert out or err or not line.startswith("portero "), line


def run(line, folder):
    """What is Portero's runs here, the rest in a shell."""
    if not line.startswith("portero "):
        return subprocess.run(["bash", "-c", line], cwd=folder, check=False).returncode
    return main(shlex.split(line, comments=True)[1:])


def lines_of(page, folder):
    """The lines of the blocks that run; files that the page has to be made are made."""
    for block in blocks(page):
        kind, _, file = block.kind.partition(" file=")
        if file:
            (folder / file).write_text(block.text)
        yield from block.text.splitlines() if kind == RUN else ()
