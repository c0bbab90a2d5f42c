"""A worker in a network of its own, which lets out NATS and port 25 alone: what Portero says of it from there."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.services import open_services
from bot.vantages.extra import opened_vantages
from commands.smtpcheck.places.view import said_of, sentence
from commands.smtpcheck.stored.document import to_document
from storage.queries import OPERATOR
from tests.real.networks import HERE, Network, link, network
from tests.vantages.brokers import ask, free_port
from tests.vantages.processes import Installation, worker_of

HOST, WORKER = "10.9.5.1", "10.9.5.2"
PORTS = (25, 587)
SERVER = """
import asyncio, sys
async def serve(reader, writer):
    writer.write(b"220 mail.example ESMTP\\r\\n")
    while line := await reader.readline():
        writer.write(b"250-mail.example\\r\\n250 SIZE 10240000\\r\\n" if line[:4] == b"EHLO" else b"221 bye\\r\\n")
    writer.close()
async def main():
    for port in (25, 587):
        await asyncio.start_server(serve, sys.argv[1], port)
    print("up", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.fixture
def apart() -> Iterator[Network]:
    """The worker's network, one cable away from the suite's."""
    with network() as made:
        link(HERE, made, "v", ("10.9.5.{}/24", "fd09:5::{}/64"))
        yield made


@dataclass
class Bot:
    vantages: Any
    prober: Any
    home: Installation


@asynccontextmanager
async def bot_beside(folder: Path, apart: Network) -> AsyncIterator[Bot]:
    """The bot with its server, a mail server, and the worker that connects from its network."""
    home = Installation(folder, 25)
    nats = free_port()
    home.values |= {
        "PORTERO_NATS_LISTEN": f"{HOST}:{nats}",
        "PORTERO_ALLOW_NETWORKS": "10.0.0.0/8",
        "PORTERO_PORTS": "25,587",
    }
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, HOST, stdout=asyncio.subprocess.PIPE)
    try:
        assert server.stdout is not None
        await server.stdout.readline()
        with apart.rules("output", f"tcp dport {{ 25, {nats} }} accept", "tcp dport 1-65535 drop"):
            async with (
                open_services(home.settings) as services,
                opened_vantages(home.settings, services.watches, services.prober, serve=True) as vantages,
            ):
                await home.admit(services.watches, "mta-03")
                worker = await worker_of(home, "mta-03", within=apart.within)
                yield Bot(vantages, services.prober, home)
                worker.terminate()
                await worker.wait()
    finally:
        server.kill()
        await server.wait()


async def test_what_the_network_of_a_machine_lets_out_is_seen_from_there_alone(tmp_path: Path, apart: Network):
    async with bot_beside(tmp_path, apart) as bot:
        place = await bot.vantages.checker("mta-03", OPERATOR, "")
        there, here = await ask(place, HOST, PORTS), await ask(bot.prober, HOST, PORTS)

    assert {one.port: one.state for one in here.endpoints} == {25: "open", 587: "open"}
    assert {one.port: one.state for one in there.endpoints} == {25: "open", 587: "blocked_here"}
    assert {one.record.source for one in there.endpoints if one.port == 25} == {WORKER}
    said = sentence(said_of(HOST, {"local": to_document(here), "mta-03": to_document(there)}))
    assert said.startswith(f"587 is closed from mta-03: that machine's network, not {HOST}. It answers from local")
