"""A proxy that sends its PROXY header to a server that expects none: every reply comes one question late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.haproxy import haproxy
from tests.real.names import Names
from tests.real.running import CONTROL, check, codes, told

BALANCER = "127.0.2.1"


@pytest.fixture
def balancer(place: Path, names: Names, controls: None) -> Iterator[str]:
    folder = place / "balancer"
    folder.mkdir()
    names.add("balancer", BALANCER)
    listeners = [(BALANCER, port, "", f"{CONTROL[0]}:{port} send-proxy") for port in (25, 587)]
    with haproxy(folder, *listeners):
        yield "balancer.real.test"


def test_nothing_is_derived_from_replies_that_come_one_question_late(balancer: str):
    document = check(balancer, "25", "587")
    assert document["verdict"] == "unknown", told(document)
    assert "protocol_violation" in codes(document)
    assert "TLS unknown" in document["summary"]
    assert {"legacy_helo_only", "starttls_not_offered", "auth_not_offered"} & set(codes(document)) == set()
    assert "PROXY" in told(document)
