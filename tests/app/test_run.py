"""`portero run` as a process of its own, against the local Slack."""

import asyncio
import gc
import signal

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from bot.operations import run
from bot.settings import load
from bot.terminal.run import _serve

from .process import PATIENCE, ended, environ, process
from .stage import Held


@pytest.fixture
async def held(ws, tmp_path):
    """A process with a check that waits: (process, gate)."""
    step = Held(asyncio.Event())
    async with Peer((step, *well_behaved("held.example"))) as peer:
        port = str(peer.address[1])
        env = environ(ws, tmp_path, PORTERO_PORTS=port, PORTERO_ALLOW_NETWORKS="127.0.0.0/8")
        async with process(env) as running:
            await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
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


async def test_sighup_is_logged_and_drains_as_sigterm_does(ws, held):
    running, gate = held
    running.send_signal(signal.SIGHUP)
    await ws.wait_for(lambda: ws.connections == 0)
    gate.set()
    status, err = await ended(running)
    assert status == 0
    assert "told to stop by SIGHUP" in err
    assert err.strip().endswith("stopped")
    assert "hourglass" not in ws.messages("mailops")[-1].text


async def test_under_nohup_sighup_stays_without_effect(ws, tmp_path):
    async with process(environ(ws, tmp_path), ignoring=True) as running:
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        status, err = await ended(running)
    assert status == 0
    assert "SIGHUP" not in err
    assert "told to stop by SIGTERM" in err


async def test_an_idle_bot_stops_at_once(ws, tmp_path):
    async with process(environ(ws, tmp_path)) as running:
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
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
    is_up, usual = asyncio.Event(), gc.get_threshold()
    monkeypatch.setattr(run.log, "info", lambda said, *_: said.startswith("portero is up") and is_up.set())
    bot = asyncio.create_task(_serve(load(environ(ws, tmp_path), for_slack=True)))
    try:
        async with asyncio.timeout(PATIENCE):
            await is_up.wait()
        assert gc.get_freeze_count() > 100_000
        assert gc.get_threshold()[0] == run.NEW_OBJECTS
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
        bot.cancel()
        await bot


async def test_a_bot_that_cannot_connect_can_be_stopped_too(ws, tmp_path):
    ws.refuse_upgrades(99)
    async with process(environ(ws, tmp_path)) as running:
        await ws.wait_for(lambda: ws.sockets.refused, timeout=PATIENCE)
        running.send_signal(signal.SIGTERM)
        status, _ = await ended(running)
    assert status == 0
