"""The round trip of a connection, as the kernel measured it."""

import socket
import struct

TCP_INFO = struct.Struct("68xI28xI")
"""Microseconds of the round trip, and how many segments were sent again. Source: struct tcp_info of linux/tcp.h."""


def time_to_connect(sock: socket.socket, seen_ms: float) -> float:
    """How long the connect took: the round trip of its handshake where the kernel tells, else when we saw its end.

    A process that is busy sees the end late. Where a SYN was lost, what was seen is the time that it took.
    """
    try:
        micros, again = TCP_INFO.unpack(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO.size))
    except (AttributeError, OSError, struct.error):  # another system, or an older kernel
        return seen_ms
    return min(micros / 1000, seen_ms) if micros and not again else seen_ms
