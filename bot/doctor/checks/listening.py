"""Whether the address of /healthz and /metrics can be listened on, or a Portero answers there already.

Policy: one GET of /healthz at PORTERO_HOST and PORTERO_PORT, where something listens there; no redirect, no proxy.
"""

import asyncio
import errno
import socket
from collections.abc import Mapping

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.doctor.result.codes import Code, Found, Value
from bot.slack.transports.http_server import number_of, url_of

CODES: Mapping[int | None, Code] = {
    errno.EADDRNOTAVAIL: Code.LISTEN_ABSENT,
    errno.EACCES: Code.LISTEN_FORBIDDEN,
    errno.EPERM: Code.LISTEN_FORBIDDEN,
}

SECONDS = 3.0


async def address_free(host: str, port: int) -> list[Found]:
    """Bound for a moment, and given back."""
    place = url_of(host, port).removeprefix("http://")
    params: dict[str, Value] = {"host": host, "port": port, "place": place}
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            ours = await _is_portero(url_of(_reachable(host), port))
            return [Found(Code.LISTEN_OURS if ours else Code.LISTEN_TAKEN, params)]
        why = "it has no address" if isinstance(error, socket.gaierror) else str(error.strerror)
        return [Found(CODES.get(number_of(error), Code.LISTEN_IMPOSSIBLE), {**params, "why": why})]
    server.close()
    await server.wait_closed()
    return [Found(Code.LISTEN_FREE, params)]


async def _is_portero(url: str) -> bool:
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=SECONDS)) as session,
            session.get(f"{url}/healthz", allow_redirects=False) as answer,
        ):
            return bool((await answer.content.read(100)).decode("latin-1") == '{"alive": true}')
    except (ClientError, OSError, ValueError):
        return False


def _reachable(host: str) -> str:
    """Who listens on all addresses is asked on this machine's own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
