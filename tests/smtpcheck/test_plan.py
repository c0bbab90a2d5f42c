"""Which connections a check makes."""

import pytest

from commands.smtpcheck.address.public_addresses import DenyList, Guard
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.probe.connection_plan import ROOM, forbidden, plan, spare_beside, without_closed
from commands.smtpcheck.wire.connection import CONNECTION_LIMIT, POOL_LIMIT, mode_of

PORTS = (25, 465, 587, 2525)


def dns_of(*hosts):
    found = tuple(HostAddresses(f"mx{n}.example.com", addresses, "mx") for n, addresses in enumerate(hosts, 1))
    return Dns("example.com", "domain", hosts=found)


def wanted(dns, ports=PORTS):
    return [(endpoint.host, endpoint.address, endpoint.port) for endpoint in plan(dns, ports)]


def test_every_address_of_a_host_gets_every_port_ipv4_first():
    dns = dns_of(("2001:db8::1", "198.51.100.2", "198.51.100.1"))
    addresses = ("198.51.100.2", "198.51.100.1", "2001:db8::1")
    assert wanted(dns) == [("mx1.example.com", address, port) for port in PORTS for address in addresses]


def test_where_there_are_too_many_addresses_every_one_gets_the_first_ports():
    eight = tuple(f"198.51.100.{n}" for n in range(1, 9))
    planned = plan(dns_of(eight), PORTS)
    assert [sum(one.port == port for one in planned) for port in PORTS] == [8, 8, 7, 1]
    assert len(planned) == POOL_LIMIT == 24
    assert spare_beside(planned, deep=False) == 0


def test_a_pool_leaves_a_deep_check_connections_for_what_is_asked_further():
    for addresses, left in ((1, 16), (2, 16), (3, 12), (8, ROOM)):
        planned = plan(dns_of(tuple(f"198.51.100.{n}" for n in range(1, addresses + 1))), PORTS, POOL_LIMIT - ROOM)
        assert spare_beside(planned, deep=True) == left


def test_of_several_pools_the_first_host_comes_first_and_all_get_port_25():
    planned = plan(dns_of(*((f"198.51.100.{n}", f"2001:db8::{n}") for n in (1, 2, 3))), PORTS)
    assert [(one.host[:3], one.port) for one in planned if ":" in one.address] == [
        ("mx1", 25), ("mx1", 465), ("mx1", 587), ("mx1", 2525), ("mx2", 25), ("mx3", 25),
    ]  # fmt: skip


def test_a_host_with_ipv6_alone_is_spoken_to_there():
    assert {address for _, address, _ in wanted(dns_of(("2001:db8::1",)))} == {"2001:db8::1"}


def test_the_best_mx_gets_every_port_and_the_next_ones_port_25():
    dns = dns_of(("198.51.100.1",), ("198.51.100.2",), ("198.51.100.3",))
    assert [(host[:3], port) for host, _, port in wanted(dns)] == [
        ("mx1", 25), ("mx1", 465), ("mx1", 587), ("mx1", 2525), ("mx2", 25), ("mx3", 25),
    ]  # fmt: skip


def test_ports_that_were_asked_for_are_asked_of_every_mx_when_25_is_not_among_them():
    dns = dns_of(("198.51.100.1",), ("198.51.100.2",))
    assert [(host[:3], port) for host, _, port in wanted(dns, (587,))] == [("mx1", 587), ("mx2", 587)]


def test_a_check_never_makes_more_than_six_connections():
    dns = dns_of(*((f"198.51.100.{n}",) for n in range(1, 11)))
    assert len(wanted(dns)) == CONNECTION_LIMIT == 6
    assert len(wanted(dns, range(1, 100))) == 6


def test_an_mx_without_an_address_is_passed_over():
    assert {host for host, _, _ in wanted(dns_of((), ("198.51.100.2",)))} == {"mx2.example.com"}
    assert wanted(dns_of((), ())) == []


def test_465_and_its_relatives_begin_with_tls():
    assert [mode_of(port) for port in (25, 587, 2525, 465, 2465, 8465)] == ["starttls"] * 3 + ["implicit"] * 3


def test_an_address_that_is_not_public_is_left_out_and_not_named_where_the_host_has_public_ones():
    dns = without_closed(dns_of(("9.9.9.9", "10.0.0.5", "192.168.1.1"), ("9.9.9.10",)), Guard())
    assert [host.addresses for host in dns.hosts] == [("9.9.9.9",), ("9.9.9.10",)]
    assert dns.findings == (("address_not_public", {"host": "mx1.example.com", "count": 2}),)
    assert forbidden(dns, Guard()) == []


def test_an_address_that_is_nobodys_is_left_out_as_a_wrong_record():
    dns = without_closed(dns_of(("9.9.9.9", "127.0.0.1")), Guard())
    assert dns.hosts[0].addresses == ("9.9.9.9",)
    assert dns.findings == (("address_unusable", {"host": "mx1.example.com", "kind": "loopback"}),)


def test_a_host_without_a_public_address_is_forbidden_and_its_address_not_named():
    dns = without_closed(dns_of(("10.0.0.5", "127.0.0.1"), ("9.9.9.10",)), Guard())
    (finding,) = forbidden(dns, Guard())
    assert finding.code == "forbidden"
    assert (finding.params["host"], finding.params["reason"]) == ("mx1.example.com", "private")
    assert "10.0.0.5" not in str(finding)
    assert forbidden(dns_of(("9.9.9.9",)), Guard()) == []


@pytest.mark.parametrize("deny", ["mx1.example.com", "9.9.9.9"])
def test_a_host_that_its_owner_closed_keeps_its_addresses_and_is_not_connected_to(deny):
    dns, guard = dns_of(("9.9.9.9", "8.8.8.8", "10.0.0.5")), Guard(deny=DenyList.parse(deny))
    assert without_closed(dns, guard) == dns
    assert [finding.code for finding in forbidden(dns, guard)] == ["denied_by_owner"]
