"""`portero run` as a process of its own, against the local Slack."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys

import pytest

from bot.cli import main
from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from bot.operations import run
from bot.settings import load
from bot.terminal.run import _serve
from commands.contract import UserError

from .stage import Held

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PORTERO_"))}


def environ(ws, folder, **more):
    return {
        **CLEAN,
        "SLACK_BOT_TOKEN": ws.bot_token,
        "SLACK_APP_TOKEN": ws.app_token,
        "SLACK_API_URL": ws.api_url,
        "PORTERO_PORT": "0",
        "PORTERO_DATABASE": str(folder / "portero.db"),
        **more,
    }


@contextlib.asynccontextmanager
async def process(env):
    """`portero run`; what it writes to standard error is kept for `ended`."""
    command = [sys.executable, "-m", "bot", "run"]
    running = await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE)
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            running.kill()
        await running.wait()


async def ended(running):
    """Exit status and standard error."""
    async with asyncio.timeout(20):
        _, err = await running.communicate()
    return running.returncode, err.decode()


@pytest.fixture
async def held(ws, tmp_path):
    """A process with a check that waits: (process, gate)."""
    step = Held(asyncio.Event())
    async with Peer((step, *well_behaved("held.example"))) as peer:
        port = str(peer.address[1])
        env = environ(ws, tmp_path, PORTERO_PORTS=port, PORTERO_ALLOW_NETWORKS="127.0.0.0/8")
        async with process(env) as running:
            await ws.wait_for(lambda: ws.connections, timeout=20)
            await ws.command("ana", "mailops", "/smtpcheck 127.0.0.1")
            await step.reached.wait()
            yield running, step.gate
            step.gate.set()


async def test_sigterm_lets_a_running_check_finish(ws, held):
    running, gate = held
    running.send_signal(signal.SIGTERM)
    await ws.wait_for(lambda: ws.connections == 0)
    gate.set()
    status, err = await ended(running)
    assert status == 0
    assert "Traceback" not in err
    assert "127.0.0.1" in ws.messages("mailops")[-1].text
    assert "hourglass" not in ws.messages("mailops")[-1].text


async def test_a_second_sigterm_cuts_it_short_with_a_word(ws, held):
    running, _ = held
    running.send_signal(signal.SIGTERM)
    await ws.wait_for(lambda: ws.connections == 0)
    running.send_signal(signal.SIGTERM)
    status, err = await ended(running)
    assert status == 0
    assert "Traceback" not in err
    assert "cut short" in ws.messages("mailops")[-1].text


async def test_an_idle_bot_stops_at_once(ws, tmp_path):
    async with process(environ(ws, tmp_path)) as running:
        await ws.wait_for(lambda: ws.connections, timeout=20)
        running.send_signal(signal.SIGINT)
        status, err = await ended(running)
    assert status == 0
    assert "portero is up (Socket Mode)" in err
    assert err.strip().endswith("stopped")
    assert "WARNING" not in err
    assert ws.bot_token not in err
    assert ws.app_token not in err


async def test_a_running_bot_keeps_what_is_loaded_out_of_garbage_collection(ws, tmp_path, monkeypatch):
    """A full collection of it would hold the event loop, and with it the acks, for 200 ms."""
    is_up = asyncio.Event()
    monkeypatch.setattr(run.log, "info", lambda said, *_: said.startswith("portero is up") and is_up.set())
    bot = asyncio.create_task(_serve(load(environ(ws, tmp_path), for_slack=True)))
    try:
        async with asyncio.timeout(20):
            await is_up.wait()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
        bot.cancel()
        await bot


async def test_a_bot_that_cannot_connect_can_be_stopped_too(ws, tmp_path):
    ws.refuse_upgrades(99)
    async with process(environ(ws, tmp_path)) as running:
        await ws.wait_for(lambda: ws.sockets.refused, timeout=20)
        running.send_signal(signal.SIGTERM)
        status, _ = await ended(running)
    assert status == 0


async def test_a_start_that_fails_is_one_complaint_and_status_2(ws, tmp_path):
    ws.fail("auth.test", "invalid_auth", times=99)
    async with process(environ(ws, tmp_path)) as running:
        status, err = await ended(running)
    assert status == 2
    assert "Slack refuses SLACK_BOT_TOKEN: invalid_auth." in err
    assert "Traceback" not in err


async def complaint(ws, folder, **more):
    """What `portero run` would complain of, without a process."""
    with pytest.raises(UserError) as caught:
        await _serve(load(environ(ws, folder, **more), for_slack=True))
    return f"{caught.value.message} {caught.value.hint}"


async def test_a_refused_app_token_is_named(ws, tmp_path):
    ws.fail("apps.connections.open", "invalid_auth", times=99)
    assert "Slack refuses SLACK_APP_TOKEN: invalid_auth." in await complaint(ws, tmp_path)


async def test_a_port_in_use_is_named(ws, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = await complaint(ws, tmp_path, PORTERO_PORT=port)
    assert port in words
    assert "PORTERO_PORT" in words


async def test_a_slack_that_is_out_of_reach_is_named(ws, tmp_path):
    words = await complaint(ws, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    assert "Slack cannot be reached" in words
    assert "http://127.0.0.1:9/api/" in words


async def test_something_else_than_slack_is_named(ws, tmp_path):
    words = await complaint(ws, tmp_path, SLACK_API_URL=ws.api_url.replace("/api/", "/nothing/"))
    assert "That is not Slack: it answers HTTP 404." in words


async def test_a_database_that_cannot_be_opened_is_named(ws, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in await complaint(ws, tmp_path, PORTERO_DATABASE=str(tmp_path / "file" / "portero.db"))


def test_missing_settings_are_listed(monkeypatch, capsys):
    for name in set(os.environ) - set(CLEAN):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTERO_PORT", "x")
    assert main(["run"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["The", "PORTERO_PORT:", "SLACK_BOT_TOKEN", "Neither"]
