"""The guard held against the operating system: every connect() of this process is counted by Python's audit events.

Whatever names lead to, nothing may be connected to but what was judged. The routes lead to a closed port on loopback,
so a guard that failed would show here and nowhere else.
"""

import socket
import sys
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.lab.dns import LabDns
from bot.demo.lab.hosts import ZONE
from bot.demo.lab.zone import Answers
from commands.contract import UserError
from commands.smtpcheck.address.public_addresses import Guard, unusable
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.lookup.resolve import Dns, Resolver
from commands.smtpcheck.policy.mail_policy import look_up
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.policies import AT, STORE

_counting: list[list] = []


def _hook(event, arguments):
    if event == "socket.connect" and _counting:
        _counting[-1].append(arguments[1])


sys.addaudithook(_hook)  # for good: hooks cannot be taken away

INSIDE = {
    "private": ("A", "10.0.0.5"),
    "loopback": ("A", "127.0.0.1"),
    "this network": ("A", "0.0.0.0"),
    "shared": ("A", "100.64.0.1"),
    "metadata": ("A", "169.254.169.254"),
    "metadata of another cloud": ("A", "100.100.100.200"),
    "wire server": ("A", "168.63.129.16"),
    "multicast": ("A", "224.0.0.1"),
    "broadcast": ("A", "255.255.255.255"),
    "loopback in IPv6": ("AAAA", "::1"),
    "mapped": ("AAAA", "::ffff:127.0.0.1"),
    "compatible": ("AAAA", "::127.0.0.1"),
    "6to4": ("AAAA", "2002:7f00:1::"),
    "Teredo": ("AAAA", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    "NAT64": ("AAAA", "64:ff9b::a9fe:a9fe"),
    "unique local": ("AAAA", "fd00:ec2::254"),
    "link local": ("AAAA", "fe80::1"),
    "multicast in IPv6": ("AAAA", "ff02::1"),
}

LEADS = {
    "itself": {},
    "MX": {"way.example": {"MX": ["10 inside.example."]}},
    "second MX": {"way.example": {"MX": ["10 mail.lab.example.", "20 inside.example."]}},
    "CNAME": {"way.example": {"CNAME": ["inside.example."]}},
    "MX that is a CNAME": {"way.example": {"MX": ["10 step.example."]}, "step.example": {"CNAME": ["inside.example."]}},
    "domain that is a CNAME": {"way.example": {"CNAME": ["d.example."]}, "d.example": {"MX": ["10 inside.example."]}},
}


BESIDE = {"second MX": {"198.51.100.25", "198.51.100.250", "203.0.113.251"}}
"""What is connected to beside a way inside: the other MX host, and the control hosts, as it does not answer."""


@contextmanager
def counted():
    """The addresses of every stream connect while this lasts; name servers are asked by datagrams and not counted."""
    made: list = []
    _counting.append(made)
    try:
        yield made
    finally:
        _counting.pop()


@pytest.fixture
def closed():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()


def to(place, routed):
    """A route that writes down what was asked for and leads to a closed port."""

    def route(address, port):
        routed.append((address, port))
        return place

    return route


def test_the_counter_counts(closed):
    with counted() as made, socket.socket() as sock:
        assert sock.connect_ex(closed) != 0
    assert made == [closed]


@pytest.mark.parametrize("kind", INSIDE)
@pytest.mark.parametrize("lead", LEADS)
async def test_no_connect_whatever_leads_inside(closed, lead, kind):
    rdtype, address = INSIDE[kind]
    zone = ZONE | {"inside.example": {rdtype: [address]}} | LEADS[lead]
    routed: list = []
    async with probing(zone=zone, route=to(closed, routed)) as (_, prober):
        with counted() as made:
            check = await checked(prober, "way.example" if LEADS[lead] else "inside.example")
    assert {there for there, _ in routed} == BESIDE.get(lead, set())
    assert made.count(closed) == len(routed)
    why = "address_unusable" if unusable(address) else "forbidden"
    assert why in {finding.code for finding in check.findings}


@pytest.mark.parametrize("kind", INSIDE)
@pytest.mark.parametrize("alias", [False, True])
async def test_no_connect_to_a_policy_host_inside(closed, kind, alias):
    rdtype, address = INSIDE[kind]
    host = {"mta-sts.way.example": {"CNAME": ["in.example."]}} if alias else {}
    zone = host | {("in.example" if alias else "mta-sts.way.example"): {rdtype: [address]}}
    zone["_mta-sts.way.example"] = {"TXT": ['"v=STSv1; id=1"']}
    routed: list = []
    async with LabDns(zone) as server:
        resolver = SecureResolver(((server.host, server.port),), 0.5)
        with counted() as made:
            found = await look_up(
                Dns("way.example", "domain"), (), resolver=resolver, guard=Guard(), store=STORE, at=AT,
                route=to(closed, routed),
            )  # fmt: skip
    assert found.mta_sts.state == "forbidden"
    assert (routed, [one for one in made if one == closed]) == ([], [])


async def test_srv_targets_are_told_and_never_connected_to(closed):
    zone = ZONE | {
        "way.example": {"MX": ["10 mail.lab.example."]},
        "_submission._tcp.way.example": {"SRV": ["0 1 587 inside.example."]},
        "inside.example": {"A": ["10.0.0.5"]},
    }
    routed: list = []
    async with probing(zone=zone, route=to(closed, routed)) as (_, prober):
        check = await checked(prober, "way.example", (25,))
    assert "srv_offered" in {finding.code for finding in check.findings}
    assert {address for address, _ in routed} == {"198.51.100.25", "198.51.100.250", "203.0.113.251"}


class Rebinding(LabDns):
    """Answers for an address from the first zone once, and from then on from the second."""

    def __init__(self, first, second):
        super().__init__(first)
        self._later = Answers(second, {}, False)

    async def _answer(self, query):
        answer = await super()._answer(query)
        if query.question[0].rdtype.name in {"A", "AAAA"}:
            self._answers = self._later
        return answer


@pytest.mark.parametrize("first", ["198.51.100.25", "10.0.0.5"])
async def test_a_name_that_changes_between_two_look_ups_is_judged_and_connected_to_as_it_was_first(closed, first):
    later = "10.0.0.5" if first.startswith("198") else "198.51.100.25"
    zones = ({"rebind.example": {"A": [address]}} for address in (first, later))
    routed: list = []
    async with probing(route=to(closed, routed)) as (_, prober), Rebinding(*zones) as server:
        prober.resolver = Resolver(((server.host, server.port),), 0.5)
        await checked(prober, "rebind.example", (587,))
        assert server.asked("rebind.example", "A") == 1
    controls = {"198.51.100.250", "203.0.113.251"}
    judged = [(first, 587)] if first.startswith("198") else []
    assert list(dict.fromkeys(one for one in routed if one[0] not in controls)) == judged


V4 = st.ip_addresses(v=4)
FORMS = {
    "decimal": lambda ip: str(int(ip)),
    "hexadecimal": lambda ip: hex(int(ip)),
    "octal": lambda ip: f"0{int(ip):o}",
    "octal parts": lambda ip: ".".join(f"0{part:o}" for part in ip.packed),
    "hexadecimal parts": lambda ip: ".".join(map(hex, ip.packed)),
    "two parts": lambda ip: f"{ip.packed[0]}.{int(ip) & 0xFFFFFF}",
    "three parts": lambda ip: f"{ip.packed[0]}.{ip.packed[1]}.{int(ip) & 0xFFFF}",
    "full-width": lambda ip: str(ip).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789."}),
    "full-width digits": lambda ip: str(ip).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}),
    "ideographic dots": lambda ip: str(ip).replace(".", "。"),
    "mapped": lambda ip: f"::ffff:{ip}",
    "compatible": lambda ip: f"::{ip}",
    "scoped": lambda ip: f"::ffff:{ip}%eth0",
    "bracketed": lambda ip: f"[{ip}]",
}


@settings(max_examples=60)
@given(V4, st.sampled_from(sorted(FORMS)))
def test_however_an_address_is_typed_it_is_refused_or_judged_as_what_it_is(ip, form):
    try:
        target = parse_target(FORMS[form](ip))
    except UserError:
        return
    assert target.kind == "address"
    assert not Guard().judge(target.name).allowed or Guard().judge(str(ip)).allowed
    assert socket.inet_pton(socket.AF_INET6 if ":" in target.name else socket.AF_INET, target.name)
