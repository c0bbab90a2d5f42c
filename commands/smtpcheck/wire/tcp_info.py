"""What the kernel knows of a connection (TCP_INFO): its round trip, and whether what we sent left this machine.

Source: `struct tcp_info` of linux/tcp.h; `tcp_retransmit_skb` counts what is out again only where IP took the packet.
"""

import socket
import struct
from typing import NamedTuple

SYN_SENT = 2
TRIES = 2
"""Times that a SYN was to be sent again before it counts that none left: one may wait for a neighbour's address."""

_LAYOUT = struct.Struct("=BxB33xI28xI28xI")


class TcpInfo(NamedTuple):
    """What of it is used here: `round_trip` is in microseconds.

    `tries`: how often the SYN was to be sent again; `out`: segments sent again and on their way; `again`: all of them.
    """

    state: int
    tries: int
    out: int
    round_trip: int
    again: int


def tcp_info(sock: socket.socket) -> TcpInfo | None:
    """What the kernel tells; None on another system, or from an older kernel."""
    try:
        return TcpInfo(*_LAYOUT.unpack(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAYOUT.size)))
    except (AttributeError, OSError, struct.error):
        return None


def time_to_connect(sock: socket.socket, seen_ms: float) -> float:
    """How long the connect took: the round trip of its handshake where the kernel tells, else when we saw its end.

    A process that is busy sees the end late. Where a SYN was lost, what was seen is the time that it took.
    """
    known = tcp_info(sock)
    return min(known.round_trip / 1000, seen_ms) if known and known.round_trip and not known.again else seen_ms


def never_left(sock: socket.socket) -> bool:
    """Whether this machine itself let none of our tries to connect out: a firewall drops them in its OUTPUT chain."""
    known = tcp_info(sock)
    return known is not None and known.state == SYN_SENT and known.tries >= TRIES and not known.out
