"""Workers as real processes on one database, and a mail server on loopback for them to check."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import load
from bot.vantages.credentials import write_private
from bot.vantages.keys import new_seed, public_key
from bot.vantages.opening import place_of
from bot.vantages.registry import add, all_keys
from bot.vantages.subjects import NO_SPACE
from tests.vantages.brokers import free_port, now

ROOT = Path(__file__).resolve().parents[2]


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
    environ = {**{key: value for key, value in os.environ.items() if "PORTERO" not in key}, **home.values}
    command = (*within, sys.executable, "-m", "bot", "worker", "--credentials", home.file(name), *more)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stderr=pipe, env=environ, cwd=ROOT)
    await said(process, "connected as")
    return process


async def said(process, words):
    """Wait for a line of its log."""
    while words not in (line := (await process.stderr.readline()).decode()):
        assert line, "the process ended"
    return line
