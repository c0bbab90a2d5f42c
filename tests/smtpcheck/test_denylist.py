"""Hosts that are left alone: what the list closes, and that no connection is made, whichever way leads there."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.lab.hosts import ZONE
from commands.smtpcheck.address.public_addresses import DenyList, Guard
from tests.smtpcheck.labs import checked, in_words, probing
from tests.smtpcheck.policies import BASE, WEB, codes, examined

WAYS = {
    "moved.example": {"CNAME": ["step.example."]},
    "step.example": {"CNAME": ["mail.lab.example."]},
    "served.example": {"MX": ["10 mx2.lab.example.", "20 mail.lab.example."]},
    "renamed.example": {"MX": ["10 step.example."]},
    "unlisted.example": {"A": ["198.51.100.25"]},
    "both.example": {"A": ["198.51.100.25"], "AAAA": ["2001:db8::25"]},
}


@pytest.mark.parametrize(
    ("listed", "name", "closed"),
    [
        ("mail.example.com", "MAIL.example.com.", True),
        ("mail.example.com", "smtp.mail.example.com", False),
        ("mail.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "example.com", True),
        ("*.example.com", "notexample.com", False),
        ("bücher.example", "xn--bcher-kva.example", True),
        ("", "example.com", False),
    ],
)
def test_names_and_domains_are_closed(listed, name, closed):
    assert DenyList.parse(listed).has_name(name) is closed


@pytest.mark.parametrize(
    ("listed", "address", "closed"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.0/28", "192.0.2.15", True),
        ("2001:db8::/32", "2001:db8::1", True),
        ("::ffff:192.0.2.0/124", "192.0.2.15", True),
    ],
)
def test_addresses_and_networks_are_closed(listed, address, closed):
    assert DenyList.parse(f"a.example,, {listed} ").has_address(ip_address(address)) is closed


@pytest.mark.parametrize(
    "text",
    ["nonsense", "*.com.", "a.example:25", "192.0.2.1/8", "ana@a.example", "*", "a b.example", "300.1.1.1", "x/y"],
)
def test_what_is_none_of_these_is_refused_when_the_list_is_read(text):
    with pytest.raises(ValueError, match=r"."):
        DenyList.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_list_or_a_value_error(text):
    try:
        DenyList.parse(text)
    except ValueError:
        return


@given(
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,3}", fullmatch=True),
    st.from_regex(r"([a-z]{1,5}\.){0,3}", fullmatch=True),
)
def test_a_listed_domain_closes_every_name_below_it(domain, below):
    assert DenyList.parse(f"*.{domain}").has_name(below + domain)


@pytest.mark.parametrize(
    ("listed", "target", "host"),
    [
        ("mail.lab.example", "mail.lab.example", "mail.lab.example"),
        ("198.51.100.25", "198.51.100.25", "198.51.100.25"),
        ("198.51.100.0/27", "unlisted.example", "unlisted.example"),
        ("2001:db8::/32", "both.example", "both.example"),
        ("served.example", "served.example", "served.example"),
        ("served.example", "ana@served.example", "served.example"),
        ("mail.lab.example", "served.example", "mail.lab.example"),
        ("mail.lab.example", "moved.example", "moved.example"),
        ("step.example", "moved.example", "moved.example"),
        ("mail.lab.example", "renamed.example", "step.example"),
        ("*.lab.example", "served.example", "mx2.lab.example"),
    ],
)
async def test_no_connection_is_made_to_a_host_that_is_left_alone(listed, target, host):
    async with probing(zone=ZONE | WAYS, deny=listed) as (lab, prober):
        check = await checked(prober, target)
        assert sum(peer.connections for peer in lab.peers.values()) == 0
    assert (check.verdict, check.endpoints) == ("unknown", ())
    [finding, *_] = check.findings
    assert (finding.code, finding.params["host"]) == ("denied_by_owner", host)
    document = in_words(check)
    assert f"{host} is left alone here" in document["summary"]
    assert document["dns"]["findings"] == [one for one in document["findings"] if one["code"] != "denied_by_owner"]


async def test_hosts_beside_those_that_are_left_alone_are_checked():
    async with probing(deny="mx2.lab.example, 198.51.100.26") as (_, prober):
        check = await checked(prober, "mail.lab.example", (25,))
    assert check.verdict == "ok"


async def test_a_control_host_that_is_left_alone_is_no_control():
    async with probing(deny="mx.alpha.example") as (lab, prober):
        attempts = await prober.control.reach(25)
        assert lab.peers["198.51.100.250", 25].connections == 0
    assert [attempt.outcome for attempt in attempts] == [None, "connected"]


@pytest.mark.parametrize("listed", ["mta-sts.example.com", "*.hoster.example", WEB])
async def test_a_policy_host_that_is_left_alone_is_not_connected_to(listed):
    alias = {"mta-sts.example.com": {"CNAME": ["web.hoster.example."]}, "web.hoster.example": {"A": [WEB]}}
    opened = Guard((ip_network("198.51.100.0/24"),), DenyList.parse(listed))
    found, heard = await examined(BASE | alias, guard=opened)
    assert heard == []
    assert "mta_sts_denied" in codes(found)
