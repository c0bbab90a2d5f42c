"""The ICMP message that ended a connect: its kind and sender. Linux tells (IP_RECVERR); elsewhere none is known.

Sources: ip(7), ipv6(7) (`struct sock_extended_err` and the offender's address behind it), RFC 792, RFC 4443.
"""

import socket
import struct
import sys
from contextlib import suppress
from ipaddress import ip_address

from commands.smtpcheck.wire.record import Icmp

IP_RECVERR, IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h: Python has no names for them
_OF_FAMILY = {
    socket.AF_INET: (socket.IPPROTO_IP, IP_RECVERR, 4),
    socket.AF_INET6: (socket.IPPROTO_IPV6, IPV6_RECVERR, 8),
}
"""Level and option; where the offender's address begins in its `sockaddr`."""

_ERROR = struct.Struct("=IBBBBII")
_FROM_ICMP = frozenset({2, 3})
"""Origins of an error: ICMP and ICMPv6; others are the kernel's own."""

_IS_KNOWN = sys.platform == "linux"


def expect(sock: socket.socket, *, on: bool = True) -> None:
    """Have the system keep what ICMP says. Off once connected: else a passing message would end the connection."""
    if _IS_KNOWN:
        level, option, _ = _OF_FAMILY[sock.family]
        with suppress(OSError):
            sock.setsockopt(level, option, int(on))


def heard(sock: socket.socket, address: str) -> Icmp | None:
    """What ICMP said of the connect to `address` that has failed, if anything."""
    if not _IS_KNOWN:
        return None
    level, option, start = _OF_FAMILY[sock.family]
    try:
        _, ancillary, _, _ = sock.recvmsg(0, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return None
    data = next((data for at, kind, data in ancillary if (at, kind) == (level, option)), b"")
    if len(data) < _ERROR.size or _ERROR.unpack_from(data)[1] not in _FROM_ICMP:
        return None
    _, _, kind, code, *_ = _ERROR.unpack_from(data)
    offender = data[_ERROR.size + start :][: 4 if sock.family == socket.AF_INET else 16]
    sender = str(ip_address(offender)) if len(offender) in {4, 16} and any(offender) else ""
    own = bool(sender) and sender == sock.getsockname()[0] and ip_address(sender) != ip_address(address)
    return Icmp(kind, code, "" if own else sender, own=own)
