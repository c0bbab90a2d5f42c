"""How the tests speak to a scripted peer as the probe does. Run on `tests.moving`, no time-out is waited for."""

import asyncio
import contextlib
from datetime import UTC, datetime

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST, Stage
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.wire.connection import Endpoint, Limits, mode_of, tls_context
from commands.smtpcheck.wire.session import Session

STAGE = Stage()
STORE = TrustStore.from_pem(STAGE.authority.pem.encode())
CONTEXT = tls_context()
ADDRESS = "198.51.100.25"
EHLO_NAME = "probe.example"
QUICK = Limits()
DEEP = Limits(greeting=35.0)


def endpoint(port=25, host=HOST, mode=None):
    return Endpoint(host, ADDRESS, port, mode or mode_of(port))


def dialogue_with(peer, *, port=25, host=HOST, mode=None, limits=QUICK, places=None, clock=None):
    return Session(
        endpoint(port, host, mode),
        context=CONTEXT,
        ehlo_name=EHLO_NAME,
        limits=limits,
        route=lambda _address, _port: peer.address,
        places=places,
        clock=clock or asyncio.get_running_loop().time,
    )


@contextlib.asynccontextmanager
async def spoken(peer, **how):
    """A dialogue, its record, and the farewell at the end."""
    dialogue = dialogue_with(peer, **how)
    try:
        yield await dialogue.run()
    finally:
        await dialogue.farewell()


async def report_on(*scripts, **how):
    """The report on a peer that plays these scripts."""
    async with Peer(*scripts) as peer, spoken(peer, **how) as record:
        return judged(record)


def judged(record):
    return judge(record, at=datetime.now(UTC), store=STORE)


def codes(report):
    return {finding.code for finding in report.findings}
