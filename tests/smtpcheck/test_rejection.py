"""What ICMP says of a connect that failed: whose firewall rejects a port, and what is no firewall at all."""

from dataclasses import replace

import pytest

from commands.smtpcheck.egress.control_hosts import Attempt
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.fault_side import silent_ports
from commands.smtpcheck.wire.record import Icmp
from tests.every import every
from tests.smtpcheck.labs import AT, record
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import ADDRESS, STORE, judged

SIX = "2001:db8::25"
HOP = "192.0.2.1"
PROHIBITED, HOST_UNREACHABLE, PORT_UNREACHABLE = (3, 13), (3, 1), (3, 3)
OPEN = record(587, connect_ms=20.0)
REACHED = (Attempt("mx.alpha.example", 25, "connected", 9.0), Attempt("mx.beta.example", 25, "connected", 9.0))
ALIKE = (Attempt("mx.alpha.example", 25, "unreachable", 9.0), Attempt("mx.beta.example", 25, "unreachable", 9.0))


def failed(kind=None, sender=ADDRESS, *, own=False, ms=20.0, connect="unreachable", address=ADDRESS, beside=False):
    message = Icmp(*kind, "" if own else sender, own, beside) if kind else None
    return replace(record(25, connect=connect, connect_ms=ms, icmp=message), address=address)


def check_of(*records, controls=()):
    """A check of these records, which is the same when it has been saved."""
    facts = Facts("1", "mail.example.com", "local", AT, 1.0, Dns("mail.example.com", "host"), controls={25: controls})
    check = conclude(facts, [judged(each) for each in records], store=STORE)
    again = replay(saved_again(check, STORE), store=STORE)
    assert to_document(again) == to_document(check)
    return check


def told(report):
    return " ".join(sentence(found.code, found.params) for found in report.findings)


CASES = {
    "the host's own firewall": (failed(PROHIBITED), [OPEN], "rejected", "by the host's own firewall: 198.51.100.25"),
    "the host's own firewall, otherwise": (failed(HOST_UNREACHABLE), [OPEN], "rejected", "by the host's own firewall"),
    "a firewall on the way": (failed(PROHIBITED, HOP), [OPEN], "rejected", "192.0.2.1 answered after 20.0 ms, while"),
    "a firewall on the way, alone": (failed(PROHIBITED, HOP), [], "rejected", "192.0.2.1 answered after 20.0 ms that"),
    "nobody told, beside an open port": (failed(), [OPEN], "rejected", "theirs or one on our side"),
    "ours": (failed(PROHIBITED, own=True, ms=0.3), [OPEN], "blocked_here", "This machine itself"),
    "ours, alone": (failed(HOST_UNREACHABLE, own=True, ms=0.3), [], "blocked_here", "This machine itself"),
    "ours, with reject": (
        failed(PORT_UNREACHABLE, own=True, ms=0.3, connect="refused"),
        [],
        "blocked_here",
        "This machine itself",
    ),
    "theirs, with reject": (failed(PORT_UNREACHABLE, connect="refused"), [OPEN], "rejected", "host's own firewall"),
    "theirs, with reject, alone": (failed(PORT_UNREACHABLE, connect="refused"), [], "rejected", "own firewall"),
    "on the way, with reject": (failed((1, 4), HOP, connect="refused"), [OPEN], "rejected", "a firewall on the way"),
    "nothing listens": (failed(connect="refused"), [OPEN], "refused", "refuses connections"),
    "no neighbour": (failed(HOST_UNREACHABLE, own=True, ms=3070.0), [], "unreachable", "Nobody on our own network"),
    "a router without a way": (
        failed(HOST_UNREACHABLE, HOP),
        [],
        "unreachable",
        "192.0.2.1 answers that 198.51.100.25",
    ),
    "our own router without a way": (
        failed(HOST_UNREACHABLE, HOP, beside=True),
        [],
        "unreachable",
        "192.0.2.1, a router of our own network, answers that 198.51.100.25",
    ),
    "our own router without a way over IPv6": (
        failed((1, 0), "fe80::1", address=SIX, beside=True),
        [],
        "unreachable",
        "fe80::1, a router of our own network",
    ),
    "our own router forbids over IPv6": (
        failed((1, 1), "fe80::1", address=SIX, beside=True),
        [],
        "blocked_here",
        "fe80::1",
    ),
    "a routing loop": (failed((11, 0), HOP), [], "unreachable", "ran out of hops at 192.0.2.1"),
    "a routing loop, beside an open port": (failed((11, 0), HOP), [OPEN], "unreachable", "(a routing loop)"),
    "a routing loop over IPv6": (failed((3, 0), "2001:db8::1", address=SIX), [], "unreachable", "at 2001:db8::1"),
    "a routing loop that ends here": (failed((11, 0), own=True, ms=0.3), [], "unreachable", "cannot be reached"),
    "a network without a way": (failed((3, 0), HOP), [], "unreachable", "192.0.2.1 answers that"),
    "no neighbour over IPv6": (
        failed((1, 3), own=True, ms=3070.0, address=SIX),
        [],
        "unreachable",
        "Nobody on our own network",
    ),
    "a firewall far away over IPv6": (failed((1, 1), SIX, address=SIX), [], "rejected", "by the host's own firewall"),
}


@every(CASES)
def test_who_sent_the_message_tells_whose_firewall_it_is_or_that_it_is_none(name):
    failing, others, state, said = CASES[name]
    report = check_of(failing, *others).endpoints[0]

    assert report.state == state
    assert said in told(report)
    assert "no IPv6" not in told(report)


def test_without_ipv6_the_answer_comes_at_once_and_from_nobody():
    at_once = check_of(failed(ms=0.2, address=SIX)).endpoints[0]
    after_a_while = check_of(failed(ms=3070.0, address=SIX)).endpoints[0]

    assert "no IPv6" in told(at_once)
    assert "no IPv6" not in told(after_a_while)


@pytest.mark.parametrize(
    ("controls", "state", "code", "verdict"),
    [
        (REACHED, "rejected", "rejected_either", "failed"),
        (ALIKE, "blocked_here", "blocked_here", "blocked_here"),
        ((), "rejected", "rejected", "unknown"),
        ((*REACHED[:1], *ALIKE[:1]), "rejected", "rejected", "unknown"),
    ],
)
def test_the_control_hosts_tell_whose_side_a_rejection_is(controls, state, code, verdict):
    check = check_of(failed(PROHIBITED, HOP), controls=controls)

    (report,) = check.endpoints
    assert (report.state, report.findings[0].code, check.verdict) == (state, code, verdict)
    assert (HOP in told(report)) == (state == "rejected")


@every(
    {
        "the host itself": (failed(PROHIBITED), [], "rejected_target"),
        "somebody near it": (failed(PROHIBITED, HOP, ms=19.0), [OPEN], "rejected_target"),
        "somebody near us": (failed(PROHIBITED, HOP, ms=2.0), [OPEN], "rejected_either"),
        "somebody, who knows where": (failed(PROHIBITED, HOP), [], "rejected_either"),
        "nobody told who": (failed(), [OPEN], "rejected_either"),
        "refused, alone": (failed(connect="refused"), [], "refused"),
        "refused, beside an open port": (failed(connect="refused"), [OPEN], "refused_target"),
    }.values()
)
def test_beside_control_hosts_that_are_reached_it_is_likely_theirs_only_where_it_came_from_there(failing, beside, code):
    report = check_of(failing, *beside, controls=REACHED).endpoints[0]

    assert report.findings[0].code == code
    assert ("the target's side" in told(report)) == code.endswith("_target")
    assert "mx.alpha.example" in told(report)


def test_a_router_of_our_own_network_that_rejects_is_ours():
    failing = failed(PROHIBITED, HOP)
    failing = replace(failing, icmp=replace(failing.icmp, beside=True))

    report = check_of(failing, OPEN, controls=REACHED).endpoints[0]
    assert (report.state, report.findings[0].code) == ("blocked_here", "not_permitted")
    assert f"{HOP}, a router of our own network" in told(report)


@pytest.mark.parametrize("failing", [failed(PROHIBITED), failed(HOST_UNREACHABLE, HOP), failed()])
def test_the_control_hosts_are_asked_when_a_port_alone_is_rejected(failing):
    assert silent_ports([judged(failing), judged(OPEN)]) == [25]


def test_a_rejection_beside_an_open_port_of_another_address_is_a_missing_route():
    report = check_of(failed(), replace(OPEN, host="b.example", address="198.51.100.26")).endpoints[0]

    assert report.state == "unreachable"
