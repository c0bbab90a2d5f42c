"""`portero run` as a process of its own, against the local Slack."""

import asyncio
import contextlib
import os
import signal
import socket
import sys

import pytest

from bot.lab.peer import Peer
from bot.lab.scripts import well_behaved

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
    assert ws.bot_token not in err
    assert ws.app_token not in err


async def test_a_bot_that_cannot_connect_can_be_stopped_too(ws, tmp_path):
    ws.refuse_upgrades(99)
    async with process(environ(ws, tmp_path)) as running:
        await ws.wait_for(lambda: ws.sockets.refused, timeout=20)
        running.send_signal(signal.SIGTERM)
        status, _ = await ended(running)
    assert status == 0


@pytest.mark.parametrize(
    ("method", "name"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_refused_token_is_named_in_one_line(ws, tmp_path, method, name):
    ws.fail(method, "invalid_auth", times=99)
    async with process(environ(ws, tmp_path)) as running:
        status, err = await ended(running)
    assert status == 2
    assert f"Slack refuses {name}: invalid_auth." in err
    assert "Traceback" not in err


async def test_a_port_in_use_is_named_in_one_line(ws, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with process(environ(ws, tmp_path, PORTERO_PORT=port)) as running:
            status, err = await ended(running)
    assert status == 2
    assert port in err
    assert "PORTERO_PORT" in err
    assert "Traceback" not in err


async def test_a_slack_that_is_out_of_reach_is_named_in_one_line(ws, tmp_path):
    async with process(environ(ws, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")) as running:
        status, err = await ended(running)
    assert status == 2
    assert "Slack cannot be reached" in err
    assert "Traceback" not in err


async def test_missing_settings_are_listed(tmp_path):
    async with process({**CLEAN, "PORTERO_PORT": "x"}) as running:
        status, err = await ended(running)
    assert status == 2
    assert [line.split()[0] for line in err.splitlines()] == ["The", "PORTERO_PORT:", "SLACK_BOT_TOKEN", "Neither"]
