"""What the kernel tells of a connect that nothing came of, as it was seen on Linux 6.18 with rules of nftables."""

import socket
import struct

import pytest

from commands.smtpcheck.wire.tcp_info import never_left, time_to_connect

SYN_SENT, ESTABLISHED = 2, 1


class Kernel:
    """A socket of which the kernel tells this."""

    def __init__(self, state, tries=0, out=0, round_trip=0, again=0, size=256):
        told = struct.pack("=BxB33xI28xI28xI", state, tries, out, round_trip, again)
        self.told = told.ljust(size, b"\0")[:size]

    def getsockopt(self, _level, _option, length):
        return self.told[:length]


@pytest.mark.parametrize(
    ("kernel", "ours"),
    [
        (Kernel(SYN_SENT, tries=3, out=0, again=3), True),
        (Kernel(SYN_SENT, tries=3, out=1, again=3), False),
        (Kernel(SYN_SENT, tries=1, out=0, again=1), False),
        (Kernel(SYN_SENT), False),
        (Kernel(ESTABLISHED, tries=3), False),
        (Kernel(SYN_SENT, tries=3, size=8), False),
    ],
    ids=["an output chain drops", "somebody else drops", "one try", "too soon", "it stands", "an older kernel"],
)
def test_packets_that_never_left_were_dropped_by_this_machine(kernel, ours):
    assert never_left(kernel) is ours


def test_the_round_trip_counts_where_nothing_was_sent_again():
    assert time_to_connect(Kernel(ESTABLISHED, round_trip=1500), 40.0) == 1.5
    assert time_to_connect(Kernel(ESTABLISHED, round_trip=1500, again=1), 1040.0) == 1040.0
    assert time_to_connect(Kernel(ESTABLISHED, size=8), 40.0) == 40.0


def test_a_connection_that_stands_left():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sock:
        assert not never_left(sock)
