"""What an experiment showed on one port, and the ports of the address that fail alike: one cause, said as likely."""

from dataclasses import replace

import pytest

from commands.smtpcheck.report.model import finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.result.states import State
from commands.smtpcheck.verdict.ports_together import with_one_cause
from commands.smtpcheck.wire.record import EHLO, GREETING, STARTTLS, Chunk, Step
from tests.smtpcheck.labs import record
from tests.smtpcheck.speaking import judged

ELSEWHERE = "198.51.100.99"


def silent(port, mode="starttls"):
    return record(port, mode=mode, steps=(Step(GREETING, 0.0, 15_000.0, error="timeout"),))


def stalled(port):
    steps = (
        Step(GREETING, 0.0, 1.0, 220, "mail.example.com ESMTP"),
        Step(EHLO, 1.0, 2.0, 250, "mail.example.com\nSTARTTLS"),
        Step(STARTTLS, 2.0, 10_002.0, 220, "go", error="timeout"),
    )
    said = (b"220 mail.example.com ESMTP\r\n", b"250-mail.example.com\r\n250 STARTTLS\r\n", b"220 go\r\n")
    asked = (b"EHLO probe\r\n", b"STARTTLS\r\n", b"\x16\x03\x01")
    chunks = [
        Chunk(at, sender, data)
        for at, both in enumerate(zip(said, asked, strict=True))
        for sender, data in zip(("server", "client"), both, strict=True)
    ]
    return record(port, steps=steps, chunks=tuple(chunks))


WAITS = finding(Code.PROXY_HEADER_EXPECTED, {"port": 25, "without": "silent", "waited": 15.0, "said": ""}, 25)
LOSES = finding(Code.PATH_MTU_BLACK_HOLE, {"port": 25, "octets": 536, "waited": 10.0}, 25)


def beside(first, shown, *tried):
    known = replace(judged(first), findings=(shown,))
    return with_one_cause([known, *map(judged, tried)])[1:]


def codes(report):
    return [found.code for found in report.findings]


def test_a_silent_port_beside_one_that_waits_for_a_header_likely_waits_for_one_too():
    (report,) = beside(silent(25), WAITS, silent(587))

    assert codes(report) == ["same_proxy_header"]
    told = sentence(report.findings[0].code, report.findings[0].params)
    assert told == (
        "Port 587 fails as port 25 of the same address does, which waits for a PROXY header: likely it waits for one, "
        "too. That header was not tried on it."
    )


def test_a_handshake_that_stalls_beside_one_that_loses_large_packets_likely_loses_them_too():
    (report,) = beside(stalled(25), LOSES, stalled(587))

    assert codes(report)[0] == "path_mtu_black_hole"
    assert "as on port 25, where small segments helped" in sentence(report.findings[0].code, report.findings[0].params)


@pytest.mark.parametrize(
    ("shown", "first", "other", "experiment"),
    [
        (WAITS, silent(25), replace(silent(587), address=ELSEWHERE), ""),
        (WAITS, silent(25), stalled(587), ""),
        (WAITS, silent(25), silent(587), "proxy_v1"),
        (LOSES, stalled(25), silent(587), ""),
        (LOSES, stalled(25), stalled(587), "small_segments"),
    ],
    ids=["another address", "it greeted", "it was tried", "it is silent", "it was tried, too"],
)
def test_nothing_is_concluded_where_it_fails_otherwise_or_was_tried(shown, first, other, experiment):
    tried = [replace(other, purpose=experiment)] if experiment else []
    alone = judged(other)

    assert with_one_cause([replace(judged(first), findings=(shown,)), alone], tried)[1] == alone
    assert alone.state != State.REFUSED
