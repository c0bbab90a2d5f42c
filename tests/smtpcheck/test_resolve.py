"""Look-ups against the lab's name server on loopback."""

import socket
from dataclasses import asdict

import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from commands.smtpcheck.address.target import Target, parse_target
from commands.smtpcheck.lookup.resolve import HostAddresses, Resolver
from commands.smtpcheck.lookup.servfail import reason
from commands.smtpcheck.record_file.schema import DNS
from commands.smtpcheck.result.sentences.choice import sentence
from tests.smtpcheck.saving import as_saved

ZONE = {
    "example.com": {"MX": ["20 mx2.example.com.", "10 mx1.example.com."], "A": ["192.0.2.80"]},
    "mx1.example.com": {"A": ["192.0.2.1"], "AAAA": ["2001:db8::1"]},
    "mx2.example.com": {"A": ["192.0.2.2"]},
    "host.example": {"A": ["192.0.2.9"], "AAAA": ["2001:db8::9"]},
    "six.example": {"AAAA": ["2001:db8::6"]},
    "alias.example": {"CNAME": ["host.example."]},
    "dangling.example": {"CNAME": ["left.example."]},
    "hollow.example": {"CNAME": ["empty.example."]},
    "dangling-mx.example": {"MX": ["10 dangling.example."]},
    "hollow-mx.example": {"MX": ["10 hollow.example."]},
    "empty.example": {"TXT": ['"nothing here"']},
    "lone.example": {"CNAME": ["lone-too.example."]},
    "lone-too.example": {"CNAME": ["host.example."]},
    "lone-mx.example": {"MX": ["10 lone.example."]},
    "lone-gone.example": {"CNAME": ["left.example."]},
    "lone-gone-mx.example": {"MX": ["10 lone-gone.example."]},
    "null.example": {"MX": ["0 ."]},
    "null-host.example": {"MX": ["0 ."], "A": ["192.0.2.7"]},
    "mixed.example": {"MX": ["0 .", "10 mx1.example.com."]},
    "six-mx.example": {"MX": ["10 six.example."]},
    "cname-mx.example": {"MX": ["10 alias.example."]},
    "address-mx.example": {"MX": ["10 192.0.2.1."]},
    "gone-mx.example": {"MX": ["10 gone.example.", "20 mx2.example.com."]},
    "empty-mx.example": {"MX": ["10 empty.example."]},
    "own-mx.example": {"MX": ["10 localhost."]},
    "odd-mx.example": {"MX": ["10 a\\032b.example."]},
    "under-mx.example": {"MX": ["10 _mx.example."]},
    "_mx.example": {"A": ["192.0.2.5"]},
    "equal.example": {"MX": ["10 mx2.example.com.", "10 mx1.example.com.", "10 MX1.example.com."]},
    "many-mx.example": {"MX": [f"{n} mx{n}.many-mx.example." for n in range(20)]},
    "many.example": {"A": [f"192.0.2.{n}" for n in range(1, 13)], "AAAA": [f"2001:db8::{n:x}" for n in range(1, 7)]},
    "many-four.example": {"A": [f"192.0.2.{n}" for n in range(1, 13)], "AAAA": ["2001:db8::1"]},
    "mx-fails.example": {"A": ["192.0.2.3"]},
    "mx-bogus.example": {"MX": ["10 mx1.example.com."], "TXT": ['"nothing else"']},
    "six-fails.example": {"A": ["192.0.2.4"]},
    "mx-silent.example": {"A": ["192.0.2.3"]},
    "silent-mx.example": {"MX": ["10 silent.example.", "20 mx2.example.com."]},
    "circle.example": {"CNAME": ["round.example."]},
    "round.example": {"CNAME": ["circle.example."]},
    "turns.example": {"CNAME": ["turns-back.example."]},
    "turns-back.example": {"CNAME": ["turns.example."]},
    "circle-mx.example": {"MX": ["10 circle.example."]},
    "truncated.example": {"A": ["192.0.2.8"]},
    "xn--fa-hia.example": {"A": ["192.0.2.11"]},
} | {f"mx{n}.many-mx.example": {"A": [f"192.0.2.{n + 100}"]} for n in range(20)}
FAULTS = {
    "mx-bogus.example MX": Fault(bogus=True),
    "lone.example": Fault(alias_alone=True),
    "lone-too.example": Fault(alias_alone=True),
    "lone-gone.example": Fault(alias_alone=True),
    "broken.example": Fault(rcode="SERVFAIL"),
    "bogus.example": Fault(bogus=True),
    "refused.example": Fault(rcode="REFUSED"),
    "refers.example": Fault(refers=True),
    "silent.example": Fault(drop=True),
    "mx-fails.example MX": Fault(rcode="SERVFAIL"),
    "mx-silent.example MX": Fault(drop=True),
    "six-fails.example AAAA": Fault(rcode="SERVFAIL"),
    "truncated.example": Fault(truncate=True),
    **{f"turns.example {rdtype}": Fault(rcode="SERVFAIL") for rdtype in ("MX", "A", "AAAA")},
}


@pytest.fixture
async def server():
    async with LabDns(ZONE, faults=FAULTS) as running:
        yield running


SHORT_S, LONG_S = 0.4, 30.0
"""Seconds of this machine, which dnspython looks at itself: what is dropped is waited for, and nothing else is cut."""


@pytest.fixture
def resolver(server):
    return Resolver(((server.host, server.port),), LONG_S)


@pytest.fixture
def hasty(server):
    """For names that are never answered for."""
    return Resolver(((server.host, server.port),), SHORT_S)


async def look_up(resolver, text):
    found = await resolver.look_up(parse_target(text))
    assert DNS.read(as_saved(asdict(found)), "dns") == found
    return found


async def test_a_domain_is_probed_at_its_mx_hosts_in_order_of_preference(resolver):
    dns = await look_up(resolver, "example.com")
    assert dns.kind == "domain"
    assert dns.mx == ((10, "mx1.example.com"), (20, "mx2.example.com"))
    assert dns.hosts == (
        HostAddresses("mx1.example.com", ("192.0.2.1", "2001:db8::1"), "mx"),
        HostAddresses("mx2.example.com", ("192.0.2.2",), "mx"),
    )
    assert dns.addresses == ("192.0.2.1", "2001:db8::1", "192.0.2.2")
    assert dns.own_addresses == ("192.0.2.80",)
    assert dns.findings == ()


async def test_a_name_without_mx_is_probed_itself(resolver):
    dns = await look_up(resolver, "Host.Example.")
    assert (dns.kind, dns.mx, dns.implicit_mx, dns.findings) == ("host", (), False, ())
    assert dns.hosts == (HostAddresses("host.example", ("192.0.2.9", "2001:db8::9"), "host"),)


async def test_a_mail_domain_without_mx_receives_at_its_own_address(resolver):
    dns = await look_up(resolver, "somebody@host.example")
    assert (dns.kind, dns.implicit_mx) == ("domain", True)
    assert dns.hosts[0].addresses == ("192.0.2.9", "2001:db8::9")
    assert dns.findings == (("implicit_mx", {"name": "host.example"}),)


async def test_what_is_surely_not_in_dns_is_told_from_what_is_not_known(resolver, hasty):
    missing = {"gone.example": "dns_nxdomain", "empty.example": "dns_no_data", "dangling.example": "dns_nxdomain"}
    there = ["host.example", "six.example", "gone-mx.example", "null.example", "alias.example", "192.0.2.1"]
    unknown = ["broken.example", "mx-fails.example", "silent.example", "refused.example"]
    for name, code in {**missing, **dict.fromkeys([*there, *unknown], "")}.items():
        asked = hasty if name == "silent.example" else resolver
        assert await asked.absence(parse_target(name)) == code, name


async def test_an_address_needs_no_dns(server, resolver):
    dns = await look_up(resolver, "[2001:db8::25]:587")
    assert (dns.kind, dns.hosts) == ("address", (HostAddresses("2001:db8::25", ("2001:db8::25",), "address"),))
    assert not server.queries


@pytest.mark.parametrize(
    ("text", "hosts", "findings"),
    [
        ("null.example", [], [("null_mx", {})]),
        ("a@null.example", [], [("null_mx", {})]),
        ("null-host.example", ["null-host.example"], [("null_mx", {})]),
        ("a@null-host.example", [], [("null_mx", {})]),
        ("mixed.example", ["mx1.example.com"], [("mixed_null_mx", {})]),
        ("empty.example", [], [("dns_no_data", {"name": "empty.example"})]),
        ("missing.example", [], [("dns_nxdomain", {"name": "missing.example"})]),
        (
            "cname-mx.example",
            ["alias.example"],
            [("mx_is_cname", {"host": "alias.example", "alias_of": "host.example"})],
        ),
        (
            "lone-mx.example",
            ["lone.example"],
            [("mx_is_cname", {"host": "lone.example", "alias_of": "host.example"})],
        ),
        (
            "lone-gone-mx.example",
            [""],
            [
                ("mx_nxdomain", {"host": "lone-gone.example", "name": "lone-gone.example", "alias_of": "left.example"}),
                ("mx_is_cname", {"host": "lone-gone.example", "alias_of": "left.example"}),
            ],
        ),
        ("six-mx.example", ["six.example"], [("mx_ipv6_only", {"host": "six.example"})]),
        ("address-mx.example", [""], [("mx_is_address", {"host": "192.0.2.1"})]),
        (
            "gone-mx.example",
            ["", "mx2.example.com"],
            [("mx_nxdomain", {"host": "gone.example", "name": "gone.example"})],
        ),
        (
            "circle-mx.example",
            [""],
            [("mx_loop", {"host": "circle.example", "name": "circle.example", "type": "A", "rcode": "NOERROR"})],
        ),
        ("empty-mx.example", [""], [("mx_no_address", {"host": "empty.example", "name": "empty.example"})]),
        ("own-mx.example", [""], [("mx_is_localhost", {"host": "localhost"})]),
        ("odd-mx.example", [""], [("mx_bad_name", {"host": "a\\032b.example"})]),
        ("under-mx.example", ["_mx.example"], [("mx_underscore", {"host": "_mx.example"})]),
        ("equal.example", ["mx1.example.com", "mx2.example.com"], []),
        ("alias.example", ["alias.example"], []),
        ("dangling.example", [], [("dns_nxdomain", {"name": "dangling.example", "alias_of": "left.example"})]),
        ("hollow.example", [], [("dns_no_data", {"name": "hollow.example", "alias_of": "empty.example"})]),
        (
            "dangling-mx.example",
            [""],
            [
                ("mx_nxdomain", {"host": "dangling.example", "name": "dangling.example", "alias_of": "left.example"}),
                ("mx_is_cname", {"host": "dangling.example", "alias_of": "left.example"}),
            ],
        ),
        ("six.example", ["six.example"], []),
        ("truncated.example", ["truncated.example"], []),
        ("faß.example", ["xn--fa-hia.example"], []),
    ],
)
async def test_dns_says_where_to_probe_and_what_is_odd(resolver, text, hosts, findings):
    dns = await look_up(resolver, text)
    assert [host.name if host.addresses else "" for host in dns.hosts] == hosts
    assert list(dns.findings) == findings


@pytest.mark.parametrize(
    ("name", "code", "more"),
    [
        ("broken.example", "dns_servfail", {"rcode": "SERVFAIL", "why": "dead"}),
        ("bogus.example", "dns_servfail", {"rcode": "SERVFAIL", "why": "bogus"}),
        ("refused.example", "dns_servfail", {"rcode": "REFUSED"}),
        ("refers.example", "dns_servfail", {"rcode": "REFERRAL"}),
        ("silent.example", "dns_timeout", {}),
        ("circle.example", "dns_loop", {"rcode": "NOERROR"}),
        ("turns.example", "dns_loop", {}),
    ],
)
async def test_a_name_server_that_fails_is_a_finding_once(resolver, hasty, name, code, more):
    dns = await look_up(hasty if code == "dns_timeout" else resolver, name)
    expected = {"name": name, "type": "MX"} | more
    assert (dns.hosts, dns.findings) == ((), ((code, expected),))


async def test_a_name_whose_mx_lookup_fails_is_a_host_but_a_mail_domain_is_not_guessed_about(resolver):
    failed = {"name": "mx-fails.example", "type": "MX", "rcode": "SERVFAIL", "why": "dead", "how": "dns_servfail"}
    host = await look_up(resolver, "mx-fails.example")
    assert (host.kind, host.addresses, host.findings) == ("host", ("192.0.2.3",), (("mx_unknown", failed),))
    domain = await look_up(resolver, "a@mx-fails.example")
    assert (domain.kind, domain.hosts, domain.implicit_mx) == ("domain", (), False)
    assert domain.findings == (("dns_servfail", failed | {"only": "mail"}),)


ONE_TYPE_FAILS = {
    # what fails of a name with these records -> what is said, and what is looked at all the same
    ("A AAAA", "AAAA SERVFAIL"): ("The IPv6 look-up (AAAA) of x.example failed, that for IPv4 did not: the", ["v4"]),
    ("A", "AAAA NOTIMP"): ("did not: the name servers do not know this kind of question (NOTIMP).", ["v4"]),
    ("A", "AAAA"): ("that for IPv4 did not: DNS did not answer. Some senders", ["v4"]),
    ("A AAAA", "A REFUSED"): ("that for IPv6 did not: the name servers refuse the question. Who has no IPv6", ["v6"]),
    ("A", "MX SERVFAIL"): ("Whether it has MX records is not known: the name servers fail.", ["v4"]),
    ("A", "MX"): ("was taken for a host, for it has an address.", ["v4"]),
    ("A", "AAAA NXDOMAIN"): ("x.example has records in DNS (A), and yet the answer for AAAA is", ["v4"]),
    ("A", "MX NXDOMAIN"): ("x.example has records in DNS (A), and yet the answer for MX is", ["v4"]),
    ("TXT", "AAAA SERVFAIL"): ("x.example has no IPv4 address, and whether it has IPv6 addresses is not known", []),
    ("TXT", "A"): ("x.example has no IPv6 address, and whether it has IPv4 addresses is not known: DNS did not", []),
    ("TXT", "MX"): ("Where mail for x.example goes is not known, for its MX records could not", []),
}
RECORDS = {"A": ["192.0.2.4"], "AAAA": ["2001:db8::4"], "TXT": ['"x"']}


@pytest.mark.parametrize(
    ("mx", "records", "fails"),
    [(mx, *row) for row in ONE_TYPE_FAILS for mx in (False, True) if not (mx and row[1].startswith("MX"))],
)
async def test_one_type_that_fails_is_told_as_that_type_and_hides_nothing(mx, records, fails):
    words, families = ONE_TYPE_FAILS[records, fails]
    rdtype, _, rcode = fails.partition(" ")
    zone = {"x.example": {kind: RECORDS[kind] for kind in records.split()}, "d.example": {"MX": ["5 x.example."]}}
    fault = Fault(rcode=rcode) if rcode else Fault(drop=True)
    async with LabDns(zone, faults={f"x.example {rdtype}": fault}) as server:
        patience = LONG_S if rcode else SHORT_S
        dns = await look_up(Resolver(((server.host, server.port),), patience), "d.example" if mx else "x.example")
    told = [sentence(*found) for found in dns.findings if found[0] != "mx_ipv6_only"]
    assert ["v6" if ":" in address else "v4" for address in dns.addresses] == families
    assert len(told) == 1 and words.removeprefix("x.example") in told[0]


async def test_an_mx_host_that_times_out_does_not_hide_the_next(hasty):
    dns = await look_up(hasty, "silent-mx.example")
    assert dns.addresses == ("192.0.2.2",)
    assert dns.findings == (("mx_timeout", {"host": "silent.example", "name": "silent.example", "type": "A"}),)


async def test_at_most_ten_mx_hosts_are_looked_up(server, resolver):
    dns = await look_up(resolver, "many-mx.example")
    assert len(dns.mx) == 20
    assert [host.name for host in dns.hosts] == [f"mx{n}.many-mx.example" for n in range(10)]
    assert dns.findings == (("too_many_mx", {"count": 20, "limit": 10}),)
    assert server.asked("mx10.many-mx.example") == 0


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("::ffff:192.0.2.4", "holds an IPv4 address written as IPv6"),
        ("fe80::1", "has a link-local IPv6 address (fe80::/10) in DNS"),
        ("::192.0.2.4", "has an IPv6 address of the obsolete"),
        ("ff02::1", "has a multicast address in DNS"),
    ],
)
async def test_an_address_that_no_host_can_have_is_a_finding_and_no_place_to_look(address, says):
    zone = {"x.example": {"A": ["192.0.2.4"], "AAAA": [address]}, "y.example": {"AAAA": [address]}}
    zone["mx.example"] = {"MX": ["5 y.example."]}
    async with LabDns(zone) as server:
        found = [await look_up(Resolver(((server.host, server.port),)), name) for name in (*zone,)]
    assert [dns.addresses for dns in found] == [("192.0.2.4",), (), ()]
    assert [[code for code, _ in dns.findings] for dns in found] == [["address_unusable"]] * 3
    assert says in sentence(*found[0].findings[0])


async def test_at_most_eight_addresses_are_kept_of_both_families(resolver):
    dns = await look_up(resolver, "many.example")
    both = dns.addresses
    assert ("too_many_addresses", {"name": "many.example", "count": 18, "limit": 8}) in dns.findings
    assert both == ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", *(f"2001:db8::{n}" for n in range(1, 5)))
    mostly_four = (await look_up(resolver, "many-four.example")).addresses
    assert mostly_four == (*(f"192.0.2.{n}" for n in range(1, 8)), "2001:db8::1")


async def test_each_question_is_asked_once(server, resolver):
    await look_up(resolver, "example.com")
    asked = {(name, kind) for name in ("mx1.example.com", "mx2.example.com") for kind in ("A", "AAAA")}
    asked |= {("example.com", kind) for kind in ("MX", "A", "AAAA")}
    assert dict(server.queries) == dict.fromkeys(asked, 1)


async def test_the_systems_resolver_is_never_used(resolver, monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("getaddrinfo was called")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert (await look_up(resolver, "example.com")).hosts
    assert await look_up(resolver, "127.0.0.1")


async def test_without_name_servers_every_lookup_fails_as_a_value():
    dns = await Resolver((), lifetime_s=0.2).look_up(Target("host.example", "name", "host.example"))
    assert (dns.hosts, [code for code, _ in dns.findings]) == ((), ["dns_servfail"])


async def test_a_name_server_that_is_not_there_is_a_value():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    dns = await Resolver((("127.0.0.1", port),), lifetime_s=0.2).look_up(parse_target("host.example"))
    assert dns.hosts == ()
    assert [code for code, _ in dns.findings] in (["dns_servfail"], ["dns_timeout"])


async def test_one_more_name_can_be_looked_up_alone(resolver):
    host, findings = await resolver.addresses_of("mx1.example.com")
    assert (host.addresses, findings) == (("192.0.2.1", "2001:db8::1"), ())


def test_the_systems_configuration_is_read_once_when_made():
    assert Resolver() is not None


async def test_a_name_whose_mx_is_only_a_wildcards_is_probed_itself():
    zone = {
        "smtp.wild.example": {"A": ["198.51.100.7"], "MX": ["10 mx.other.example."]},
        "portero-asks-for-nobody.wild.example": {"MX": ["10 mx.other.example."]},
        "mx.other.example": {"A": ["198.51.100.8"]},
    }
    async with LabDns(zone) as dns:
        found = await Resolver(((dns.host, dns.port),)).look_up(parse_target("smtp.wild.example"))

    assert (found.kind, found.addresses) == ("host", ("198.51.100.7",))


async def test_a_name_that_came_with_a_port_is_a_host_even_when_it_has_an_mx():
    zone = {
        "smtp.example": {"A": ["198.51.100.7"], "MX": ["10 mx.other.example."]},
        "mx.other.example": {"A": ["198.51.100.8"]},
    }
    async with LabDns(zone) as dns:
        found = await Resolver(((dns.host, dns.port),)).look_up(parse_target("smtp.example:587"))

    assert found.addresses == ("198.51.100.7",)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dangling.example", "dangling.example is an alias (CNAME) of left.example, which does not exist in DNS"),
        ("hollow.example", "hollow.example is an alias (CNAME) of empty.example, which has no address"),
        ("dangling-mx.example", "The MX dangling.example is an alias (CNAME) of left.example, which does not exist"),
        ("hollow-mx.example", "The MX hollow.example is an alias (CNAME) of empty.example, which has no address"),
    ],
)
async def test_an_alias_that_leads_nowhere_is_not_called_a_wrong_spelling(server, name, said):
    found = (await Resolver(((server.host, server.port),), LONG_S).look_up(parse_target(name))).findings
    told = sentence(*found[0])
    assert told.startswith(said)
    assert "spelling" not in told


NO_DOT = {
    # the record of d.example.com that names what does not exist -> what was meant
    ("MX", "5 mail.example.com.d.example.com."): "mail.example.com",
    ("MX", "5 mail.example.com.example.com."): "mail.example.com",
    ("MX", "5 mx.other.example.d.example.com."): "mx.other.example",
    ("MX", "5 a.b.d.example.com."): "",
    ("MX", "5 mail.d.example.com."): "",
    ("CNAME", "mail.example.com.d.example.com."): "mail.example.com",
}


@pytest.mark.parametrize(("rdtype", "record"), NO_DOT)
async def test_a_zone_file_without_its_final_dot_is_recognised(rdtype, record):
    zone = {"d.example.com": {rdtype: [record]}, "mx.other.example": {"A": ["192.0.2.4"]}}
    async with LabDns(zone) as server:
        dns = await look_up(Resolver(((server.host, server.port),)), "d.example.com")
    code, params = dns.findings[0]
    assert params.get("meant", "") == NO_DOT[rdtype, record]
    assert ("final dot" in sentence(code, params)) == bool(NO_DOT[rdtype, record])


@pytest.mark.parametrize("text", ["mx-bogus.example", "a@mx-bogus.example"])
async def test_an_mx_lookup_that_failed_is_never_an_absence(resolver, text):
    dns = await look_up(resolver, text)
    assert [code for code, _ in dns.findings] == ["dns_servfail"]
    assert "DNSSEC signatures do not verify" in sentence(*dns.findings[0])


ANSWERED, FAILED = (True, frozenset()), (False, frozenset())


@pytest.mark.parametrize(
    ("checked", "unchecked", "why"),
    [
        (ANSWERED, ANSWERED, ""),
        (ANSWERED, FAILED, ""),
        (FAILED, ANSWERED, "bogus"),
        ((False, frozenset({6, 7})), ANSWERED, "expired"),
        ((False, frozenset({17})), ANSWERED, "blocked"),
        ((False, frozenset({22})), FAILED, "dead"),
        (FAILED, FAILED, "dead"),
        (FAILED, None, ""),
        (None, ANSWERED, ""),
    ],
)
def test_only_what_fails_with_the_check_and_not_without_it_is_broken_dnssec(checked, unchecked, why):
    assert reason(checked, unchecked) == why


async def test_who_does_not_fail_is_not_asked_again(server, resolver):
    await look_up(resolver, "host.example")
    assert set(server.queries.values()) == {1}


async def test_a_name_that_our_name_server_withholds_is_not_said_to_be_missing():
    """It answers that there is no such name, and in an extended error that it filters it (RFC 8914)."""
    filtered = Fault(rcode="NXDOMAIN", extended=17)
    async with LabDns({}, faults={"blocked.example": filtered}) as server:
        dns = await look_up(Resolver(((server.host, server.port),), 2.0), "blocked.example")
    ((code, params), *_) = dns.findings
    assert (code, params["why"]) == ("dns_servfail", "blocked")
    assert "withholds the answer on purpose" in sentence(code, params)
