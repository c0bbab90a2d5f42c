"""What Portero says of firewalls and routers: nftables and the kernel between networks that stand apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.networks import (
    HERE,
    HOST,
    HOST_SIX,
    NOBODY_SIX,
    ROUTER,
    ROUTER_SIX,
    Network,
    listening,
    routed,
)
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, MUST, SASL, keys_of
from tests.real.running import check, codes, states, told
from tests.real.software import program

REJECTS = ("admin-prohibited", "host-unreachable")
NAMES = {"four": HOST, "six": HOST_SIX}
LOST, LOOPING = "10.9.66.6", "10.9.66.7"
"""Addresses that two routers take for one behind the other."""

NO_WAY = "10.77.0.9"
"""An address that no route leads to, as every one of IPv4 is on a machine that has IPv6 alone."""


@pytest.fixture(scope="module")
def networks(
    tmp_path_factory: pytest.TempPathFactory, place: Path, authority: Authority, names: Names
) -> Iterator[tuple[Network, Network]]:
    """A router and a host with a Postfix on 25 and 587 of both families."""
    keys = keys_of(authority.pair("*.real.test"))
    services = [Service(25, {**keys, **MAY}), Service(587, {**keys, **MUST, **SASL})]
    folder = place / "apart"
    folder.mkdir()
    for name, address in NAMES.items():
        names.add(name, address)
    names.record(f"neighbour.real.test. AAAA {NOBODY_SIX}")
    for record in (f"both.real.test. A {NO_WAY}", f"both.real.test. AAAA {HOST_SIX}", f"only.real.test. A {NO_WAY}"):
        names.record(record)
    with routed() as (router, host):
        cases = {"four": (HOST, services), "six": (f"[{HOST_SIX}]", services)}
        with postfix(folder, cases, host.within):
            yield router, host


@pytest.fixture
def router(networks: tuple[Network, Network]) -> Network:
    return networks[0]


@pytest.fixture
def host(networks: tuple[Network, Network]) -> Network:
    return networks[1]


pytestmark = pytest.mark.usefixtures("controls", "networks")


@pytest.mark.parametrize("name", NAMES)
def test_a_host_behind_a_router_works(name: str, authority: Authority):
    document = check(f"{name}.real.test", "25", "587", ca=authority.root)

    assert states(document) == {25: "open", 587: "open"}, told(document)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", REJECTS)
def test_a_rejection_by_the_hosts_own_firewall_is_no_missing_route(
    name: str, kind: str, host: Network, authority: Authority
):
    with host.rules("input", f"tcp dport 25 reject with icmpx {kind}"):
        document = check(f"{name}.real.test", "25", "587", ca=authority.root)

    words = told(document)
    assert states(document) == {25: "rejected", 587: "open"}, words
    assert "rejected_target" in codes(document, 25), words
    assert "control_probe" in codes(document), words
    assert f"{NAMES[name]} itself sent the rejection" in words
    assert [one for one in ("No route", "no IPv6", "This machine") if one in words] == [], words


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [*REJECTS, "port-unreachable"])
def test_a_rejection_in_our_own_output_chain_is_ours(name: str, kind: str, authority: Authority):
    with HERE.rules("output", f"tcp dport 25 oifname r0 reject with icmpx {kind}"):
        document = check(f"{name}.real.test", "25", "587", ca=authority.root)

    words = told(document)
    assert states(document) == {25: "blocked_here", 587: "open"}, words
    assert "not_permitted" in codes(document, 25), words
    assert "This machine itself" in words


WITHOUT_CONTROLS = {"PORTERO_CONTROL_HOSTS": "nobody.real.test"}


@pytest.mark.parametrize(("name", "address"), [("four", ROUTER), ("six", ROUTER_SIX)])
def test_a_rejection_by_the_router_of_our_own_network_is_ours(
    name: str, address: str, router: Network, authority: Authority
):
    with router.rules("forward", "tcp dport 25 reject with icmpx admin-prohibited"):
        document = check(f"{name}.real.test", "25", "587", ca=authority.root, **WITHOUT_CONTROLS)

    assert states(document) == {25: "blocked_here", 587: "open"}, told(document)
    assert f"{address}, a router of our own network" in told(document)


def test_a_rejection_further_away_is_nobodys_for_certain(
    host: Network, near_control: dict[str, str], names: Names, authority: Authority
):
    names.record(f"behind.real.test. A {BEHIND}")
    with host.rules("forward", "tcp dport 25 reject with icmpx admin-prohibited"):
        document = check("behind.real.test", "25", ca=authority.root, **near_control)

    words = told(document)
    assert (states(document), document["verdict"]) == ({25: "rejected"}, "failed"), words
    assert f"{HOST}, on the way, sent the rejection" in words
    assert LIKELY_THEIRS not in words


LIKELY_THEIRS = "the target's side"
BEHIND = "10.9.2.2"
"""An address behind the host, which is its router."""


@pytest.fixture(scope="module")
def near_control(networks: tuple[Network, Network], names: Names) -> Iterator[dict[str, str]]:
    """A control host that we come to from the same address as to the host behind the router."""
    router, host = networks
    names.add("near", ROUTER)
    host.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    for place, to in ((HERE, ROUTER), (router, HOST)):
        place.run("ip", "route", "add", f"{BEHIND}/32", "via", to)
    with listening(router, 25, 587):
        yield {"PORTERO_CONTROL_HOSTS": "near.real.test"}


@pytest.mark.parametrize("name", NAMES)
def test_packets_that_our_own_output_chain_drops_are_ours(
    name: str, near_control: dict[str, str], authority: Authority
):
    with HERE.rules("output", f"ip daddr {HOST} tcp dport 25 drop", f"ip6 daddr {HOST_SIX} tcp dport 25 drop"):
        document = check(f"{name}.real.test", "25", "587", ca=authority.root, **near_control)

    assert states(document) == {25: "blocked_here", 587: "open"}, told(document)
    assert "This machine itself" in told(document)


LOSES = {
    "our own input chain": ("here", "input", f"ip saddr {HOST} drop"),
    "a router of ours": ("router", "forward", f"ip daddr {HOST} drop"),
    "the host": ("host", "input", "tcp dport { 25, 587 } drop"),
}


@pytest.mark.parametrize("where", LOSES)
def test_where_a_host_is_silent_on_every_port_it_may_be_anybodys(
    where: str, networks: tuple[Network, Network], near_control: dict[str, str], authority: Authority
):
    place, chain, rule = LOSES[where]
    with {"here": HERE, "router": networks[0], "host": networks[1]}[place].rules(chain, rule):
        document = check("four.real.test", "25", "587", ca=authority.root, **near_control)

    words = told(document)
    assert (states(document), document["verdict"]) == (dict.fromkeys((25, 587), "no_answer"), "failed"), words
    assert codes(document, 25) == ["no_answer_either"], words
    assert f"nothing at all came back from {HOST}" in words
    assert LIKELY_THEIRS not in words


def test_a_port_that_alone_is_silent_is_likely_the_hosts(
    host: Network, near_control: dict[str, str], authority: Authority
):
    with host.rules("input", "tcp dport 25 drop"):
        document = check("four.real.test", "25", "587", ca=authority.root, **near_control)

    assert states(document) == {25: "no_answer", 587: "open"}, told(document)
    assert LIKELY_THEIRS in told(document)


def test_a_way_from_another_address_of_ours_may_be_what_is_dead(near_control: dict[str, str], authority: Authority):
    other = "10.9.4.1"
    HERE.run("ip", "address", "add", f"{other}/32", "dev", "lo")
    HERE.run("ip", "route", "add", HOST, "via", ROUTER, "src", other)
    try:
        document = check("four.real.test", "25", "587", ca=authority.root, **near_control)
    finally:
        HERE.run("ip", "route", "delete", HOST)
        HERE.run("ip", "address", "delete", f"{other}/32", "dev", "lo")

    words = told(document)
    assert (states(document), document["verdict"]) == (dict.fromkeys((25, 587), "no_answer"), "unknown"), words
    assert f"connects to it from {other}, and reached near.real.test from 10.9.0.1" in words
    assert LIKELY_THEIRS not in words


def test_a_routing_loop_that_nobody_tells_of_may_be_anybodys(
    networks: tuple[Network, Network], near_control: dict[str, str], names: Names, authority: Authority
):
    router, host = networks
    names.record(f"loop.real.test. A {LOOPING}")
    for place, to in ((HERE, ROUTER), (router, HOST)):
        place.run("ip", "route", "add", LOOPING, "via", to)
    try:
        with (
            router.rules("output", "icmp type time-exceeded drop"),
            host.rules("output", "icmp type time-exceeded drop"),
        ):
            document = check("loop.real.test", "25", ca=authority.root, **near_control)
    finally:
        HERE.run("ip", "route", "delete", LOOPING)

    words = told(document)
    assert codes(document, 25) == ["no_answer_either"], words
    assert LIKELY_THEIRS not in words


def test_a_refusal_of_our_own_for_one_address_is_not_called_the_hosts(
    near_control: dict[str, str], authority: Authority
):
    with HERE.rules("output", f"ip daddr {HOST} tcp dport 25 reject with tcp reset"):
        document = check("four.real.test", "25", ca=authority.root, **near_control)

    words = told(document)
    assert states(document) == {25: "refused"}, words
    assert LIKELY_THEIRS not in words


def test_a_forwarding_that_leads_nowhere_is_not_called_a_firewall_for_certain(router: Network, authority: Authority):
    lines = "chain here { type nat hook prerouting priority -100; tcp dport 25 dnat ip to 10.9.1.77:25 ; }"
    router.run(program("nftables"), "-f", "-", told=f"table ip forwards {{\n{lines}\n}}\n")
    try:
        document = check("four.real.test", "25", "587", ca=authority.root)
    finally:
        router.run(program("nftables"), "delete", "table", "ip", "forwards")

    assert states(document) == {25: "rejected", 587: "open"}, told(document)
    assert "a forwarding of it leads nowhere" in told(document)


@pytest.mark.parametrize("kind", ["unreachable", "prohibit", "blackhole"])
def test_a_route_of_our_own_that_forbids_is_ours(kind: str, authority: Authority):
    HERE.run("ip", "route", "add", kind, HOST)
    try:
        document = check("four.real.test", "25", ca=authority.root)
    finally:
        HERE.run("ip", "route", "delete", kind, HOST)

    assert states(document) == {25: "blocked_here"}, told(document)
    assert "by its firewall or its routing table" in told(document)


def test_a_routing_loop_is_named_with_the_router(router: Network, host: Network, names: Names, authority: Authority):
    names.record(f"lost.real.test. A {LOST}")
    host.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    for network, to in ((HERE, ROUTER), (router, HOST)):
        network.run("ip", "route", "add", LOST, "via", to)
    try:
        document = check("lost.real.test", "25", ca=authority.root)
    finally:
        HERE.run("ip", "route", "delete", LOST)

    assert states(document) == {25: "unreachable"}, told(document)
    assert "(a routing loop)" in told(document)


@pytest.mark.parametrize("address", ["10.66.0.9", "fd66::9"])
@pytest.mark.usefixtures("router")
def test_no_route_of_our_own_router_is_told_as_such(address: str, authority: Authority):
    near = ROUTER_SIX if ":" in address else ROUTER
    HERE.run("ip", "route", "add", address, "via", near)
    try:
        document = check(f"{address}", "25", ca=authority.root)
    finally:
        HERE.run("ip", "route", "delete", address)

    words = told(document)
    assert states(document) == {25: "unreachable"}, words
    assert f"{near}, a router of our own network, answers" in words


def test_a_reset_at_ehlo_may_be_of_the_server_or_of_the_way(router: Network, authority: Authority):
    with router.rules("forward", "tcp dport 25 tcp flags & psh == psh reject with tcp reset"):
        document = check("four.real.test", "25", ca=authority.root)

    assert states(document) == {25: "no_ehlo_reply"}, told(document)
    assert "by the server or on the way" in told(document)


def test_a_neighbour_that_is_not_there_is_no_lack_of_ipv6(authority: Authority):
    document = check("neighbour.real.test", "25", ca=authority.root)

    words = told(document)
    assert states(document) == {25: "unreachable"}, words
    assert document["verdict"] == "unknown", words
    assert "no IPv6" not in words
    assert "Nobody on our own network answered" in words


def test_a_machine_with_ipv6_alone_judges_by_the_addresses_that_it_has_a_way_to(authority: Authority):
    both = check("both.real.test", "25", "587", ca=authority.root)
    assert (both["verdict"], both["status"]) in {("ok", 0), ("degraded", 0)}, told(both)
    assert "not usable" not in told(both)

    only = check("only.real.test", "25", "587", ca=authority.root)
    assert states(only) == dict.fromkeys((25, 587), "no_ipv4_here"), told(only)
    assert only["verdict"] == "unknown", told(only)


@pytest.mark.parametrize("name", NAMES)
def test_a_path_that_loses_large_packets_is_named_with_its_mend(name: str, router: Network, authority: Authority):
    router.run("ip", "link", "set", "r1", "mtu", "1280")
    try:
        with router.rules("output", "icmp type destination-unreachable drop", "icmpv6 type packet-too-big drop"):
            document = check(f"{name}.real.test", "25", "587", ca=authority.root)
        well = check(f"{name}.real.test", "25", "587", ca=authority.root)
    finally:
        router.run("ip", "link", "set", "r1", "mtu", "1500")

    words = told(document)
    assert codes(document, 25)[0] == codes(document, 587)[0] == "path_mtu_black_hole", words
    assert "clamp the MSS" in words
    assert states(well) == {25: "open", 587: "open"}
    assert "path_mtu_black_hole" not in codes(well)
