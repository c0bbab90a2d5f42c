"""What the machine's service manager hears of a service of `Type=notify`: ready, stopping, still alive.

Policy: datagrams to the one local socket that NOTIFY_SOCKET names, and nothing is read. Without that variable nothing
is opened. Carries constant words.

Source: sd_notify(3), sd_watchdog_enabled(3).
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def notify(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Say how the service is. What cannot be told is left out: nobody's answer hangs on it."""
    address = environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"}:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.setblocking(False)
        sock.sendto(state.encode(), "\0" + address[1:] if address[0] == "@" else address)


def watchdog_seconds(environ: Mapping[str, str]) -> float:
    """How often the manager wants to hear of this process; 0 for never."""
    microseconds, process = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or process not in {"", str(os.getpid())}:
        return 0.0
    return int(microseconds) / 1_000_000


@asynccontextmanager
async def beating(environ: Mapping[str, str] = os.environ) -> AsyncIterator[None]:
    """While it is entered the manager hears that the event loop turns, twice as often as it wants to."""
    seconds = watchdog_seconds(environ)
    beat = asyncio.ensure_future(_beat(seconds / 2, environ)) if seconds else None
    try:
        yield
    finally:
        if beat is not None:
            beat.cancel()


async def _beat(every: float, environ: Mapping[str, str]) -> None:
    while True:
        notify(ALIVE, environ)
        await asyncio.sleep(every)
