"""What is said of name servers, DNSSEC, our name in EHLO and its PTR record, from a real name server on loopback."""

import dns.reversename
import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from bot.doctor.checks.names import dnssec, ehlo_name, families, name_servers
from bot.doctor.result.codes import Code
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.lookup.resolve import Resolver

OURS, OTHER = "8.8.4.4", "9.9.9.9"
NAME = "probe.example.com"


def reverse(address):
    return dns.reversename.from_address(address).to_text(omit_final_dot=True)


def codes(found):
    return [one.code for one in found]


class Clock:
    """Goes on by so many seconds whenever it is read."""

    def __init__(self, step):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


async def asked(zone, check, *, faults=None, authenticated=False, trusted=False):
    """What a check finds that is given the resolvers of this zone."""
    async with LabDns(zone, faults=faults, authenticated=authenticated) as dns_server:
        servers = (("127.0.0.1", dns_server.port),)
        return await check(SecureResolver(servers, 1.0, trusted=trusted), Resolver(servers, 1.0))


ROOT = {"": {"NS": ["a.root.example."], "SOA": ["a.root.example. x.example. 1 2 3 4 5"]}}


@pytest.mark.parametrize(("step", "code"), [(0.02, Code.DNS_FINE), (0.9, Code.DNS_SLOW)])
async def test_name_servers_that_answer_are_told_with_their_time(step, code):
    [found] = await asked(ROOT, lambda secure, _: name_servers(secure, ["192.0.2.53"], Clock(step)))
    assert (found.code, found.params["ms"], found.params["servers"]) == (code, round(step * 1000), "192.0.2.53")


async def test_an_answer_that_there_is_nothing_is_an_answer():
    assert codes(await asked({}, lambda secure, _: name_servers(secure, ["x"], Clock(0.0)))) == [Code.DNS_FINE]


async def test_name_servers_that_fail_are_told_with_the_reason():
    faults = {"": Fault(rcode="REFUSED")}
    [found] = await asked(ROOT, lambda secure, _: name_servers(secure, ["x"], Clock(0.0)), faults=faults)
    assert (found.code, found.params["how"]) == (Code.DNS_FAILED, "REFUSED")


async def test_a_machine_without_name_servers_is_told():
    assert codes(await name_servers(SecureResolver((), 0.1), [], Clock(0.0))) == [Code.DNS_NO_SERVERS]


@pytest.mark.parametrize(("authenticated", "code"), [(True, Code.DNSSEC_FINE), (False, Code.DNSSEC_NONE)])
async def test_whether_the_resolver_of_this_machine_validates_is_seen_by_its_ad_bit(authenticated, code):
    assert codes(await asked(ROOT, lambda secure, _: dnssec(secure), authenticated=authenticated)) == [code]


@pytest.mark.parametrize(("trusted", "code"), [(True, Code.DNSSEC_TRUSTED), (False, Code.DNSSEC_NOT_TRUSTED)])
async def test_one_elsewhere_counts_where_the_operator_vouches_for_it(trusted, code, monkeypatch):
    monkeypatch.setattr("commands.smtpcheck.lookup.question.is_loopback", lambda _server: False)
    found = await asked(ROOT, lambda secure, _: dnssec(secure), authenticated=True, trusted=trusted)
    assert codes(found) == [code]


async def test_without_an_answer_nothing_is_said_of_dnssec():
    assert codes(await asked(ROOT, lambda secure, _: dnssec(secure), faults={"": Fault(rcode="SERVFAIL")})) == [
        Code.DNSSEC_UNKNOWN
    ]


def zone(addresses=(OURS,), ptr=NAME, back=True):
    """Our name, and the PTR record of our address."""
    made = {NAME: {"A": list(addresses)}}
    if ptr:
        made[reverse(OURS)] = {"PTR": [f"{ptr}."]}
    if ptr and ptr != NAME:
        made[ptr] = {"A": [OURS if back else OTHER]}
    return made


EHLO = [
    ("all right", zone(), NAME, [OURS], [Code.EHLO_FINE, Code.PTR_FINE]),
    ("leads elsewhere", zone([OTHER], back=True), NAME, [OURS], [Code.EHLO_ELSEWHERE, Code.PTR_NOT_CONFIRMED]),
    ("no address", {"x.example": {"A": [OURS]}}, NAME, [OURS], [Code.EHLO_ABSENT, Code.PTR_MISSING]),
    ("no PTR", zone(ptr=""), NAME, [OURS], [Code.EHLO_FINE, Code.PTR_MISSING]),
    ("another PTR", zone(ptr="static.host.example"), NAME, [OURS], [Code.EHLO_FINE, Code.PTR_OTHER]),
    ("a PTR of somebody", zone(ptr="a.example", back=False), NAME, [OURS], [Code.EHLO_FINE, Code.PTR_NOT_CONFIRMED]),
    ("behind NAT", zone(), NAME, ["10.0.0.4"], [Code.EHLO_BEHIND_NAT, Code.PTR_FINE]),
    ("behind NAT, no PTR", zone(ptr=""), NAME, ["10.0.0.4"], [Code.EHLO_BEHIND_NAT, Code.PTR_MISSING]),
    ("no way out", zone(), NAME, [], [Code.EHLO_BEHIND_NAT, Code.PTR_FINE]),
    ("no full name", zone(), "probe", [OURS], [Code.EHLO_NOT_FULL]),
    ("an address", zone(), "[8.8.4.4]", [OURS], [Code.EHLO_LITERAL, Code.PTR_OTHER]),
    ("an address behind NAT", zone(), "[10.0.0.4]", ["10.0.0.4"], [Code.EHLO_LITERAL]),
]


@pytest.mark.parametrize(
    ("records", "name", "sources", "expected"), [one[1:] for one in EHLO], ids=[one[0] for one in EHLO]
)
async def test_our_name_in_ehlo_is_held_against_where_we_connect_from(records, name, sources, expected):
    assert codes(await asked(records, lambda secure, plain: ehlo_name(name, plain, secure, sources))) == expected


async def test_a_silent_dns_says_nothing_of_our_name():
    faults = {NAME: Fault(rcode="SERVFAIL"), reverse(OURS): Fault(rcode="SERVFAIL")}
    found = await asked(zone(), lambda secure, plain: ehlo_name(NAME, plain, secure, [OURS]), faults=faults)
    assert codes(found) == [Code.EHLO_UNKNOWN, Code.PTR_UNKNOWN]


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        (["192.0.2.1", "2001:db8::1"], Code.FAMILIES_BOTH),
        (["192.0.2.1"], Code.FAMILIES_NO_IPV6),
        (["2001:db8::1"], Code.FAMILIES_NO_IPV4),
        ([], Code.FAMILIES_NONE),
    ],
)
async def test_which_families_have_a_way_out_is_told(sources, code):
    assert codes(await families(sources)) == [code]
