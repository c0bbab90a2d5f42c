"""A way that takes seconds itself: what waits for nothing but acknowledgements is no tarpit."""

import pytest

from commands.smtpcheck.wire.record import EHLO, Chunk, ClearText, Step, drips
from tests.smtpcheck.labs import record


@pytest.mark.parametrize(
    ("pauses", "octets", "way_ms", "is_dripped"),
    [
        ([1000.0] * 4, 80, 1.0, True),
        ([1000.0] * 4, 80, 300.0, True),
        ([1200.0] * 4, 80, 900.0, False),
        ([4000.0] * 4, 80, 4000.0, False),
        ([9000.0] * 3, 80, 4000.0, True),
        ([500.0] * 30, 30, 1.0, True),
        ([500.0] * 30, 30, 400.0, False),
    ],
)
def test_pauses_are_measured_by_the_way_there_and_back(pauses, octets, way_ms, is_dripped):
    times = [sum(pauses[:place]) for place in range(len(pauses) + 1)]
    assert drips(times, octets, way_ms) is is_dripped


@pytest.mark.parametrize(("connect_ms", "is_dripped"), [(2.0, True), (2000.0, False)])
def test_the_way_of_a_connection_is_what_its_handshake_took(connect_ms, is_dripped):
    chunks = tuple(Chunk(2000.0 * number, "server", b"250-a\r\n") for number in range(1, 6))
    chunks = (Chunk(0.0, "client", b"EHLO x\r\n"), *chunks)
    step = Step(EHLO, 0.0, 10_000.0, 250, "a")
    seen = record(connect_ms=connect_ms, steps=(step,), chunks=chunks)
    assert ClearText(seen).is_dripped(step) is is_dripped
