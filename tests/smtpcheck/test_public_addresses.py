"""Which addresses are denied, and why. The samples are those that naive checks let through."""

from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.smtpcheck.address.public_addresses import DENIED_BY_OWNER, DenyList, Guard, Verdict
from tests.every import every

GUARD = Guard()
ANY_V4 = st.ip_addresses(v=4)
ANY_V6 = st.ip_addresses(v=6)


@every(
    [
        ("0.0.0.0", "this_network", ""),
        ("0.1.2.3", "this_network", ""),
        ("10.0.0.5", "private", ""),
        ("100.64.0.1", "shared", ""),
        ("100.100.100.200", "shared", ""),  # metadata of Alibaba
        ("100.127.255.255", "shared", ""),
        ("127.0.0.1", "loopback", ""),
        ("127.255.255.254", "loopback", ""),
        ("168.63.129.16", "platform", ""),
        ("169.254.169.254", "link_local", ""),  # metadata of AWS, Azure, Google
        ("172.16.0.1", "private", ""),
        ("172.31.255.255", "private", ""),
        ("192.0.0.8", "protocol_assignment", ""),
        ("192.0.2.1", "documentation", ""),
        ("192.31.196.1", "as112", ""),
        ("192.52.193.1", "amt", ""),
        ("192.88.99.1", "6to4_relay", ""),
        ("192.168.1.1", "private", ""),
        ("192.175.48.1", "as112", ""),
        ("198.18.0.1", "benchmarking", ""),
        ("198.19.255.255", "benchmarking", ""),
        ("198.51.100.1", "documentation", ""),
        ("203.0.113.1", "documentation", ""),
        ("224.0.0.1", "multicast", ""),
        ("239.1.1.1", "multicast", ""),
        ("240.0.0.1", "reserved", ""),
        ("255.255.255.255", "reserved", ""),
        ("::", "this_network", ""),
        ("::1", "loopback", ""),
        ("::127.0.0.1", "compatible", "loopback"),
        ("::8.8.8.8", "compatible", "public"),
        ("::ffff:127.0.0.1", "loopback", ""),
        ("::ffff:7f00:1", "loopback", ""),
        ("::ffff:10.0.0.1", "private", ""),
        ("::ffff:169.254.169.254", "link_local", ""),
        ("::ffff:0:127.0.0.1", "translated", ""),
        ("64:ff9b::7f00:1", "nat64", "loopback"),
        ("64:ff9b::a9fe:a9fe", "nat64", "link_local"),
        ("64:ff9b::8.8.8.8", "nat64", "public"),
        ("64:ff9b:1::1", "nat64", ""),
        ("64:ff9b:1:7f00:0:100::", "nat64", ""),
        ("100::1", "not_global", ""),
        ("2001::1", "teredo", "reserved"),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "teredo", "loopback"),
        ("2001:2::1", "protocol_assignment", ""),
        ("2001:10::1", "protocol_assignment", ""),
        ("2001:20::1", "protocol_assignment", ""),
        ("2001:1ff:ffff::1", "protocol_assignment", ""),
        ("2001:db8::1", "documentation", ""),
        ("2002:7f00:1::", "6to4", "loopback"),
        ("2002:a00:1::1", "6to4", "private"),
        ("2002:808:808::1", "6to4", "public"),
        ("2620:4f:8000::1", "as112", ""),
        ("3fff::1", "documentation", ""),
        ("3fff:fff:ffff::1", "documentation", ""),
        ("4000::1", "not_global", ""),
        ("5f00::1", "not_global", ""),
        ("fc00::1", "private", ""),
        ("fd00:ec2::254", "private", ""),  # metadata of AWS
        ("fe80::1", "link_local", ""),
        ("fec0::1", "private", ""),
        ("ff02::1", "multicast", ""),
        ("ff0e::1", "multicast", ""),
    ]
)
def test_what_is_not_public_is_denied(address, reason, inside):
    assert GUARD.judge(address) == Verdict(allowed=False, reason=reason, inside=inside)


@every(
    [
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2a00:1450:4001:81b::1a",
        "2606:4700:4700::1111",
        "3ffe::1",
        "::ffff:8.8.8.8",
    ]
)
def test_what_is_public_is_allowed(address):
    assert GUARD.judge(address) == Verdict(allowed=True, reason="public")


@pytest.mark.parametrize("address", ["fe80::1%eth0", "::1%lo", "2001:4860:4860::8888%1", "8.8.8.8%", "%"])
def test_scope_ids_are_refused_whatever_they_are_on(address):
    assert Guard((ip_network("::/0"), ip_network("0.0.0.0/0"))).judge(address) == Verdict(False, "scope_id")


@every(
    [
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "①②⑦.0.0.1",
        "１２７.0.0.1",
        "010.0.0.1",
        "8.8.8.8 ",
        "",
        "localhost",
        "8.8.8.8:25",
        "[::1]",
        "8.8.8.8/32",
        "8.8.8.8\x00",
        "1.2.3.4.",
    ]
)
def test_what_is_no_plain_address_is_denied(text):
    assert GUARD.judge(text) == Verdict(allowed=False, reason="not_an_address")


@given(st.text(max_size=40))
def test_text_is_allowed_only_when_it_is_an_address(text):
    if GUARD.judge(text).allowed:
        assert ip_address(text).is_global


@given(ANY_V4 | ANY_V6)
def test_nothing_is_allowed_that_python_knows_as_special(address):
    if GUARD.judge(str(address)).allowed and not getattr(address, "ipv4_mapped", None):
        assert not (address.is_private or address.is_loopback or address.is_link_local or address.is_multicast)
        assert not (address.is_reserved or address.is_unspecified)
        assert address in ip_network("2000::/3" if address.version == 6 else "0.0.0.0/0")


@given(ANY_V4, st.binary(min_size=8, max_size=8))
def test_an_address_inside_another_is_never_a_way_round(inner, rest):
    number, noise = int(inner), int.from_bytes(rest, "big")
    assert GUARD.judge(str(IPv6Address(0xFFFF << 32 | number))) == GUARD.judge(str(inner))
    carriers = {
        "compatible": number,
        "nat64": 0x64FF9B << 96 | number,
        "6to4": 0x2002 << 112 | number << 80 | noise,
        "teredo": 0x20010000 << 96 | noise << 32 | number ^ 0xFFFFFFFF,
    }
    for reason, carrier in carriers.items():
        verdict = GUARD.judge(str(IPv6Address(carrier)))
        assert not verdict.allowed
        if number > 1:
            assert (verdict.reason, verdict.inside) == (reason, GUARD.judge(str(inner)).reason)


@given(ANY_V4, st.sampled_from([lambda n: 0x64FF9B << 96 | n, lambda n: 0x2002 << 112 | n << 80]))
def test_an_opened_translation_still_denies_what_it_leads_to(inner, carry):
    opened = Guard((ip_network("64:ff9b::/96"), ip_network("2002::/16")))
    verdict = opened.judge(str(IPv6Address(carry(int(inner)))))
    assert (verdict.allowed, verdict.reason) == (GUARD.judge(str(inner)).allowed, "allowed_network")


def test_named_networks_are_opened_and_nothing_beside_them():
    guard = Guard((ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")))
    assert guard.judge("10.1.2.3") == Verdict(allowed=True, reason="allowed_network")
    assert guard.judge("::ffff:10.1.2.3") == Verdict(allowed=True, reason="allowed_network")
    assert guard.judge("fd00:1::1").allowed
    denied = ("10.2.0.1", "fd00:2::1", "64:ff9b::10.1.2.3", "2002:a01:203::1", "127.0.0.1", "::10.1.2.3")
    assert not any(guard.judge(address).allowed for address in denied)


def test_an_operators_own_public_networks_can_be_closed():
    guard = Guard((ip_network("198.51.100.0/24"),), DenyList.parse("8.8.0.0/16, 198.51.100.7"))
    assert guard.judge("8.8.8.8") == Verdict(allowed=False, reason="denied_by_owner")
    assert guard.judge("::ffff:8.8.8.8").reason == "denied_by_owner"
    assert guard.judge("198.51.100.7").reason == "denied_by_owner"
    assert guard.judge("198.51.100.8").allowed


@pytest.mark.parametrize(
    ("addresses", "verdict"),
    [
        (["8.8.8.8", "2001:4860:4860::8888"], Verdict(allowed=True, reason="public")),
        (["8.8.8.8", "10.0.0.1"], Verdict(allowed=True, reason="public")),
        (["127.0.0.1", "8.8.8.8"], Verdict(allowed=True, reason="public")),
        (["10.0.0.1", "64:ff9b::7f00:1"], Verdict(allowed=False, reason="private")),
        (["64:ff9b::7f00:1"], Verdict(allowed=False, reason="nat64", inside="loopback")),
        ([], Verdict(allowed=False, reason="no_address")),
    ],
)
def test_a_host_is_open_where_one_of_its_addresses_is(addresses, verdict):
    assert GUARD.judge_host(["mail.example.com"], addresses) == verdict


def test_an_address_that_an_owner_closed_closes_the_host():
    guard = Guard(deny=DenyList.parse("8.8.4.0/24"))
    assert guard.judge_host(["mail.example.com"], ["8.8.8.8", "8.8.4.4"]).reason == DENIED_BY_OWNER


@given(st.lists(ANY_V4 | ANY_V6, min_size=1, max_size=6))
def test_only_addresses_that_are_open_themselves_are_connected_to(addresses):
    texts = [str(address) for address in addresses]
    opened = GUARD.open_addresses(texts)
    assert opened == tuple(text for text in texts if GUARD.judge(text).allowed)
    assert GUARD.judge_host(["mail.example.com"], texts).allowed is bool(opened)


def test_the_first_and_last_address_of_every_denied_network_is_denied():
    networks = (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 198.18.0.0/15"
    )
    for network in map(ip_network, f"{networks} 224.0.0.0/4 240.0.0.0/4 2001::/23 2002::/16 3fff::/20".split()):
        assert not GUARD.judge(str(network[0])).allowed
        assert not GUARD.judge(str(network[-1])).allowed
