"""How the tests speak to a scripted peer as the probe does, on a clock that is as fast as the peer's."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime

from bot.lab.peer import Peer
from bot.lab.quirk import HOST, Stage
from commands.smtpcheck.dialogue import Dialogue
from commands.smtpcheck.plan import mode_of
from commands.smtpcheck.session import Endpoint, Limits, tls_context
from commands.smtpcheck.trust import TrustStore
from commands.smtpcheck.verdict import judge

PACE = 0.04
STAGE = Stage(pace=PACE)
STORE = TrustStore.from_pem(STAGE.authority.pem.encode())
CONTEXT = tls_context()
ADDRESS = "198.51.100.25"
EHLO_NAME = "probe.example"
QUICK = Limits()
DEEP = Limits(greeting=35.0)


def at_pace(limits, pace=PACE):
    return Limits(**{name: getattr(limits, name) * pace for name in limits.__dataclass_fields__})


def in_real_time(record, pace=PACE):
    """The record as it would be if nothing had been sped up."""

    def slow(ms):
        return ms / pace

    return replace(
        record,
        connect_ms=slow(record.connect_ms),
        elapsed_ms=slow(record.elapsed_ms),
        steps=tuple(s._replace(started_ms=slow(s.started_ms), ended_ms=slow(s.ended_ms)) for s in record.steps),
        chunks=tuple(chunk._replace(at_ms=slow(chunk.at_ms)) for chunk in record.chunks),
    )


def endpoint(port=25, host=HOST, mode=None):
    return Endpoint(host, ADDRESS, port, mode or mode_of(port))


def dialogue_with(peer, *, port=25, host=HOST, mode=None, limits=QUICK, pace=1.0, places=None):
    return Dialogue(
        endpoint(port, host, mode),
        context=CONTEXT,
        ehlo_name=EHLO_NAME,
        limits=at_pace(limits, pace),
        route=lambda _address, _port: peer.address,
        places=places,
    )


@contextlib.asynccontextmanager
async def spoken(peer, **how):
    """A dialogue, its record, and the farewell at the end."""
    dialogue = dialogue_with(peer, **how)
    try:
        yield await dialogue.run()
    finally:
        await dialogue.farewell()


async def report_on(*scripts, pace=PACE, **how):
    """The report on a peer that plays these scripts."""
    async with Peer(*scripts) as peer, spoken(peer, pace=pace, **how) as record:
        return judged(in_real_time(record, pace))


def judged(record):
    return judge(record, at=datetime.now(UTC), store=STORE)


def codes(report):
    return {finding.code for finding in report.findings}
