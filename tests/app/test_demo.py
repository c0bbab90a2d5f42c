import asyncio

import pytest

from bot import demo, demo_stage
from bot.cli import main

from .stage import LIMITS


@pytest.fixture
def impatient(monkeypatch):
    """The demo's filtered port costs 8 seconds; here it is given up sooner."""
    monkeypatch.setattr(demo_stage, "LIMITS", LIMITS)


async def test_the_tour_runs_by_itself_and_shows_the_lab(impatient, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    status = await asyncio.to_thread(main, ["demo", "--tour"])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    for host in ("mail", "filtered", "expired", "plain", "hostile"):
        assert f"{host}.lab.example" in out
    assert "Shared by @ana" in out
    assert "That was the tour" in out
    assert "request id" not in out
    assert list(tmp_path.iterdir()) == []


async def test_without_a_terminal_the_demo_is_the_tour(impatient, monkeypatch, capsys):
    monkeypatch.setattr(demo, "TOUR", demo.TOUR[:1])
    status = await asyncio.to_thread(main, ["demo"])
    assert status == 0
    assert "That was the tour" in capsys.readouterr().out


async def test_at_the_prompt_one_types_commands_and_presses_numbers(impatient, monkeypatch, capsys):
    lines = iter(["/smtpcheck mail.lab.example 25", "1", "99", "hosts", "what?", "/smtpchek x", "/remind me", "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    status = await asyncio.to_thread(main, ["demo"])
    out = capsys.readouterr().out
    assert status == 0
    assert "Shared by @ana" in out
    assert "there is no button 99" in out
    assert "/smtpchek is not a command here. Did you mean /smtpcheck?" in out
    assert "/remind is not a command here. There are /smtpcheck" in out
    assert "slow.lab.example" in out
