"""Workers as real processes on one database, and a mail server on loopback for them to check."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import load
from bot.vantages.credentials import Credentials, write_private
from bot.vantages.keys import new_seed, public_key
from bot.vantages.managed import binary
from bot.vantages.opening import place_of
from bot.vantages.registry import add, all_keys
from bot.vantages.server import Key, bot_stanza, stanza
from bot.vantages.subjects import NO_SPACE
from tests.vantages.brokers import free_port, now

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "PORTERO_"))}


@dataclass
class Installation:
    """The settings of a bot whose server is its own; `target` is what there is to check."""

    folder: Path
    port: int
    values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self.values = {
            "PORTERO_DATABASE": str(self.folder / "portero.db"),
            "PORTERO_NATS": "managed",
            "PORTERO_NATS_LISTEN": f"127.0.0.1:{free_port()}",
            "PORTERO_ALLOW_NETWORKS": "127.0.0.0/8",
            "PORTERO_PORTS": str(self.port),
            "PORTERO_EHLO_NAME": "probe.example",
            "PORTERO_CONTROL_HOSTS": "127.0.0.1",
        }

    @property
    def settings(self):
        return load(self.values)

    @property
    def target(self):
        return f"127.0.0.1:{self.port}"

    def file(self, name):
        return str(self.folder / f"{name}.json")

    async def admit(self, notes, name):
        """Let a machine connect, as `portero vantage add` does."""
        seed, place = new_seed(), place_of(self.settings)
        made = await add(notes, NO_SPACE, name, public_key(seed), by="tests", at=now())
        place.write(await all_keys(notes))
        write_private(Path(self.file(name)), place.credentials(made.space, name, seed).to_text())

    async def worker(self, name, *more):
        """A worker that has connected."""
        return await worker_of(self, name, *more)


async def worker_of(home, name, *more, within=()):
    """A worker of an installation that has connected; `within` stands before its command."""
    environ = {**CLEAN, **home.values}
    command = (*within, sys.executable, "-m", "bot", "worker", "--credentials", home.file(name), *more)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stderr=pipe, env=environ, cwd=ROOT)
    await said(process, "connected as")
    return process


@asynccontextmanager
async def working(home, name, *more):
    """A worker of an installation, connected; killed at the end."""
    process = await worker_of(home, name, *more)
    try:
        yield process
    finally:
        await ended(process)


async def said(process, words):
    """Wait for a line of its log."""
    while words not in (line := (await process.stderr.readline()).decode()):
        assert line, "the process ended"
    return line


@asynccontextmanager
async def own_server(home, **seeds):
    """A NATS server that somebody else keeps, which lets in the bots of this installation and workers of these names.

    `home.values` names it from now on, and each worker has its file.
    """
    port, place = free_port(), place_of(home.settings)
    place.prepare(now())
    address = f"nats://127.0.0.1:{port}"
    users = [bot_stanza(public_key(place.bot().seed))]
    users += [stanza(Key(NO_SPACE, name, public_key(seed))) for name, seed in seeds.items()]
    configuration = home.folder / "own.conf"
    known = {"host": "127.0.0.1", "port": port, "authorization": {"users": list(map(json.loads, users))}}
    configuration.write_text(json.dumps(known))
    home.values["PORTERO_NATS"] = address
    for name, seed in seeds.items():
        write_private(Path(home.file(name)), Credentials(address, "", NO_SPACE, name, seed).to_text())
    process = await asyncio.create_subprocess_exec(binary(), "-c", str(configuration), stderr=asyncio.subprocess.PIPE)
    try:
        await said(process, "Server is ready")
        yield process
    finally:
        await ended(process)


@asynccontextmanager
async def bot_of(home, ws, **more):
    """`portero run` of an installation, in a workspace; up, as it says."""
    slack = {"SLACK_BOT_TOKEN": ws.bot_token, "SLACK_APP_TOKEN": ws.app_token, "SLACK_API_URL": ws.api_url}
    silent = {"PORTERO_NAMESERVERS": "127.0.0.1:9"}  # no name leaves this machine
    environ = {**CLEAN, **silent, **home.values, **slack, "PORTERO_PORT": "0", **more}
    command = (sys.executable, "-m", "bot", "run")
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE, env=environ, cwd=ROOT)
    try:
        await said(process, "portero is up")
        yield process
    finally:
        await ended(process)


async def ended(process):
    """Kill it, unless it has ended."""
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
