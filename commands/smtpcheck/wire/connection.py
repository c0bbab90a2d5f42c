"""The connection itself: a socket to a literal address, and what it means when there is none.

Policy: only addresses that the guard has passed come in here, as literals, and the connection goes to exactly that one.
Nothing is resolved, nothing is sent, no proxy is asked; the wait has an end. Who calls it says what the connection
carries: the probe an SMTP dialogue without a login or a mail, the controls nothing but QUIT.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping

from commands.smtpcheck.wire.failures import is_our_own
from commands.smtpcheck.wire.record import Connect

CONNECT_OUTCOMES: Mapping[int, Connect] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.EADDRNOTAVAIL: "unreachable",
    errno.EAFNOSUPPORT: "unreachable",
    errno.ETIMEDOUT: "no_answer",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
}

Route = Callable[[str, int], tuple[str, int]]
"""Where a connection to (address, port) really goes. The lab of the demo and the tests listens elsewhere."""


def direct(address: str, port: int) -> tuple[str, int]:
    return address, port


def through(lab: Mapping[tuple[str, int], tuple[str, int]]) -> Route:
    """A route that sends the lab's addresses to where the lab listens, and every other where it says."""
    return lambda address, port: lab.get((address, port), (address, port))


async def open_socket(address: str, port: int, timeout: float) -> tuple[Connect, socket.socket | None]:
    """Connect to a literal address within `timeout` seconds: the outcome, and the socket if there is one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return _outcome(error), None
    sock.setblocking(False)
    try:
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except TimeoutError:
        if not _stands(sock):
            sock.close()
            return "no_answer", None
    except OSError as error:
        sock.close()
        return _outcome(error), None
    except BaseException:
        sock.close()
        raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return "connected", sock


def _stands(sock: socket.socket) -> bool:
    """Whether the connection came about all the same: the process may have slept over its time."""
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def _outcome(error: OSError) -> Connect:
    """What an error says of the network. When it is this process that ran out of something, it says nothing: a bug."""
    if is_our_own(error):
        raise error
    return CONNECT_OUTCOMES.get(error.errno or 0, "unreachable")
