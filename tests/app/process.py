"""`portero run` as a process of its own, against the local Slack."""

import asyncio
import contextlib
import functools
import os
import signal
import sys

PATIENCE = 120.0
"""Seconds: after so many something hangs. A bot starts in two; a machine with much to do stalls for longer."""

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PORTERO_"))}


def environ(ws, folder, **more):
    return {
        **CLEAN,
        "SLACK_BOT_TOKEN": ws.bot_token,
        "SLACK_APP_TOKEN": ws.app_token,
        "SLACK_API_URL": ws.api_url,
        "PORTERO_PORT": "0",
        "PORTERO_DATABASE": str(folder / "portero.db"),
        "PORTERO_NAMESERVERS": "127.0.0.1:9",  # nobody answers there: no name leaves this machine
        **more,
    }


@contextlib.asynccontextmanager
async def process(env, *, ignoring=False):
    """`portero run`; what it writes to standard error is kept for `ended`. `ignoring`: SIGHUP, as by `nohup`."""
    command = [sys.executable, "-m", "bot", "run"]
    how = signal.SIG_IGN if ignoring else signal.SIG_DFL  # whoever runs the tests may stand under `nohup`
    hangup = functools.partial(signal.signal, signal.SIGHUP, how)
    running = await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE, preexec_fn=hangup)
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            running.kill()
        await running.wait()


async def ended(running):
    """Exit status and standard error."""
    async with asyncio.timeout(PATIENCE):
        _, err = await running.communicate()
    return running.returncode, err.decode()
