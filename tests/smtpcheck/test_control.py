"""The control probe: against lab hosts on loopback."""

import asyncio
from ipaddress import ip_network

import pytest

from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.demo.lab.lab import NETWORKS, Lab
from bot.watches.probe import egress_of
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.egress.control_hosts import (
    DEFAULT_HOSTS,
    Attempt,
    Control,
    operators_of,
    parse_hosts,
    whose_side,
)
from commands.smtpcheck.lookup.resolve import Resolver
from commands.smtpcheck.network.probe import state_of
from commands.smtpcheck.wire.connection import through

GUARD = Guard(tuple(ip_network(network) for network in NETWORKS))


@pytest.fixture
async def lab():
    async with Lab(HOSTS, zone=ZONE) as lab:
        yield lab


def control_of(lab, **changes):
    hosts = changes.pop("hosts", {25: CONTROL_HOSTS})
    return Control(Resolver((lab.nameserver,)), GUARD, hosts, through(lab.endpoints), connect_seconds=0.3, **changes)


async def test_a_port_that_the_control_hosts_answer_on_is_reached(lab):
    attempts = await control_of(lab).reach(25)

    assert [(attempt.host, attempt.outcome) for attempt in attempts] == [(host, "connected") for host in CONTROL_HOSTS]


async def test_what_came_of_it_is_kept_and_shared_by_callers_at_the_same_time(lab):
    control = control_of(lab)

    first, second = await asyncio.gather(control.reach(25), control.reach(25))
    third = await control.reach(25)

    assert first == second == third
    assert [lab.peers["198.51.100.250", 25].connections, lab.peers["203.0.113.251", 25].connections] == [1, 1]


async def test_it_is_asked_again_when_it_is_older_than_minutes(lab):
    now = [0.0]
    control = control_of(lab, clock=lambda: now[0])
    await control.reach(25)

    now[0] = 301.0
    await control.reach(25)

    assert lab.peers["198.51.100.250", 25].connections == 2


async def test_an_answer_says_how_long_ago_it_was_asked_for_and_a_newer_one_can_be_had(lab):
    now = [0.0]
    control = control_of(lab, clock=lambda: now[0])
    (new, _) = await control.reach(25)
    now[0] = 59.0
    (kept, _) = await control.reach(25, within=59.0)
    now[0] = 60.0
    (newer, _) = await control.reach(25, within=59.0)

    assert (new.ago_s, kept.ago_s, newer.ago_s) == (0.0, 59.0, 0.0)
    assert lab.peers["198.51.100.250", 25].connections == 2


async def test_the_greetings_of_the_control_hosts_are_heard_once_in_some_minutes(lab):
    control = control_of(lab)

    first, second = await asyncio.gather(control.greetings(25), control.greetings(25))

    assert first == second
    assert [(greeting.host, greeting.text.split(" ESMTP")[0]) for greeting in first] == [
        (host, f"220 {host}") for host in CONTROL_HOSTS
    ]
    assert [peer.lines for (_, port), peer in lab.peers.items() if peer.connections] == [[b"QUIT"], [b"QUIT"]]


async def test_the_greeting_of_a_control_host_that_cannot_be_reached_is_empty(lab):
    greetings = await control_of(lab, hosts={25: ("filtered.lab.example", "nosuch.lab.example")}).greetings(25)

    assert [greeting.text for greeting in greetings] == ["", ""]


class Sleeper:
    """A clock that jumps by a minute at every look: the process was suspended."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 60.0
        return self.now


async def test_a_control_that_timed_out_while_we_were_held_up_is_no_evidence(lab):
    attempts = await control_of(lab, hosts={25: ("filtered.lab.example",)}, clock=Sleeper()).reach(25)

    assert [attempt.outcome for attempt in attempts] == [None]


async def test_a_control_host_that_dns_or_the_guard_withholds_is_no_evidence(lab):
    attempts = await control_of(lab, hosts={25: ("nosuch.lab.example",)}).reach(25)

    assert [attempt.outcome for attempt in attempts] == [None]
    assert await control_of(lab).reach(9999) == ()


@pytest.mark.parametrize(
    ("state", "outcomes", "side"),
    [
        ("no_answer", ["no_answer", "no_answer"], "blocked_here"),
        ("no_answer", ["no_answer", "no_answer", None], "blocked_here"),
        ("refused", ["refused", "refused"], "blocked_here"),
        ("no_answer", ["connected", "connected"], "target"),
        ("no_answer", ["connected", "refused"], "target"),
        ("no_answer", ["connected", "no_answer"], "unknown"),
        ("no_answer", ["no_answer"], "unknown"),
        ("no_answer", [None, None], "unknown"),
        ("no_answer", [], "unknown"),
        ("refused", ["no_answer", "no_answer"], "unknown"),
    ],
)
def test_the_side_follows_from_how_the_controls_ended(state, outcomes, side):
    attempts = [Attempt(f"mx{number}.example", 25, outcome, 1.0) for number, outcome in enumerate(outcomes)]

    assert whose_side(state, attempts) == side


ONE_OPERATORS = {
    "one domain": [("mx1.a.example", "192.0.2.1", ""), ("mx2.a.example", "198.51.100.1", "")],
    "one domain below co.uk": [("mx1.a.co.uk", "192.0.2.1", ""), ("mx2.a.co.uk", "198.51.100.1", "")],
    "one network": [("mx.a.example", "192.0.2.1", ""), ("mx.b.example", "192.0.2.254", "")],
    "one network of IPv6": [("mx.a.example", "2001:db8:1::1", ""), ("mx.b.example", "2001:db8:1:ff::1", "")],
    "aliases of one": [
        ("a.example", "192.0.2.1", "mx1.host.example"),
        ("b.example", "203.0.113.1", "mx2.host.example"),
    ],
    "two domains of one": [("smtp.gmail.com", "192.0.2.1", ""), ("gmail-smtp-in.l.google.com", "203.0.113.1", "")],
    "one by one": [
        ("m.a.example", "192.0.2.1", ""),
        ("n.a.example", "203.0.113.1", ""),
        ("b.example", "203.0.113.2", ""),
    ],
    "addresses of one network": [("192.0.2.1", "192.0.2.1", ""), ("192.0.2.2", "192.0.2.2", "")],
}
TWO_OPERATORS = {
    "two domains": [("mx.a.example", "192.0.2.1", ""), ("mx.b.example", "198.51.100.1", "")],
    "two domains below co.uk": [("mx.a.co.uk", "192.0.2.1", ""), ("mx.b.co.uk", "198.51.100.1", "")],
    "two addresses": [("192.0.2.1", "192.0.2.1", ""), ("198.51.100.1", "198.51.100.1", "")],
    "without addresses, as they were saved once": [("mx.a.example", "", ""), ("mx.b.example", "", "")],
}


@pytest.mark.parametrize("name", [*ONE_OPERATORS, *TWO_OPERATORS])
def test_hosts_of_one_operator_prove_nothing_of_our_side(name):
    hosts = (ONE_OPERATORS | TWO_OPERATORS)[name]
    attempts = [Attempt(host, 25, "no_answer", 1.0, address=address, named=named) for host, address, named in hosts]
    two = name in TWO_OPERATORS

    assert operators_of(attempts) == (2 if two else 1)
    assert whose_side("no_answer", attempts) == ("blocked_here" if two else "unknown")
    assert state_of(attempts) == ("blocked" if two else "unknown")
    assert egress_of(attempts) == ("blocked" if two else "unknown")


def test_the_default_control_hosts_are_of_at_least_two_operators_on_every_port():
    for port, hosts in DEFAULT_HOSTS.items():
        assert operators_of([Attempt(host, port, "connected", 1.0) for host in hosts]) == 3


async def test_a_control_host_may_be_an_address(lab):
    (attempt,) = await control_of(lab, hosts={25: ("198.51.100.250",)}).reach(25)

    assert (attempt.outcome, attempt.address) == ("connected", "198.51.100.250")


async def test_a_control_host_that_is_an_alias_says_of_what():
    async with Lab(HOSTS, zone={**ZONE, "vanity.example": {"CNAME": ["mx.alpha.example."]}}) as lab:
        control = control_of(lab, hosts={25: ("vanity.example",)})
        (attempt,), (greeting,) = await control.reach(25), await control.greetings(25)

    assert (attempt.outcome, attempt.named, greeting.named) == ("connected", "mx.alpha.example", "mx.alpha.example")


def test_configured_control_hosts_serve_every_port_or_the_one_they_name():
    hosts = parse_hosts("mx.a.example, smtp.b.example:587")

    assert hosts[25] == ("mx.a.example",)
    assert hosts[587] == ("mx.a.example", "smtp.b.example")
    with pytest.raises(ValueError, match="not a host"):
        parse_hosts("a.example:smtp")


def test_configured_control_hosts_may_be_addresses():
    assert parse_hosts("192.0.2.1:25, [2001:db8::1]:25, 2001:db8::2")[25] == ("192.0.2.1", "2001:db8::1", "2001:db8::2")
    with pytest.raises(ValueError, match="not a host"):
        parse_hosts("[mx.example]:25")


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["connected", "connected"], "open"),
        (["connected", None], "open"),
        (["no_answer", "no_answer"], "blocked"),
        (["refused", "no_answer"], "blocked"),
        (["connected", "no_answer"], "unclear"),
        (["no_answer"], "unknown"),
        ([None, None], "unknown"),
        ([], "unknown"),
    ],
)
def test_our_own_network_is_judged_by_at_least_two_controls(outcomes, state):
    assert state_of([Attempt(f"mx{n}.example", 25, outcome, 1.0) for n, outcome in enumerate(outcomes)]) == state
