"""The further connections of a deep check: one after the other, with a pause before each, until nothing is left to ask.

Which ones is for `deep` to say; here is when.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from commands.smtpcheck.deep.further_connections import PAUSE_S, Probed, next_connection
from commands.smtpcheck.deep.tls_versions import offerable
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Further, Record

Speak = Callable[[Endpoint], Awaitable[Record]]
Judge = Callable[[Record], EndpointReport]


async def deepen(
    probed: Sequence[EndpointReport], dns: Dns, *, speak: Speak, judge: Judge, may_connect: Callable[[], bool]
) -> Probed:
    """All that was seen in the end. `may_connect` takes one of the connections that are left, or says no."""
    seen = Probed(tuple(probed), dns, Further(offerable()))
    while (endpoint := next_connection(seen)) is not None and may_connect():
        await asyncio.sleep(PAUSE_S)
        seen = _with(seen, await speak(endpoint), judge)
    return seen


def _with(seen: Probed, record: Record, judge: Judge) -> Probed:
    """The other address of a host that took the connection is an endpoint of its own."""
    if record.purpose == "family" and record.connect == "connected":
        return replace(seen, reports=(*seen.reports, judge(record)))
    return replace(seen, further=replace(seen.further, records=(*seen.further.records, record)))
