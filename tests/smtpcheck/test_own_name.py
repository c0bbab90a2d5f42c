"""A server does not accept our EHLO name: is it right? What is set as it should be is not told to be set."""

import pytest

from bot.demo.lab.lab import Host
from bot.demo.lab.quirk import BANNER
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.zone import Fault
from commands.smtpcheck.egress.own_name import OwnName, look_up_own
from tests.smtpcheck.labs import checked, in_words, probing
from tests.smtpcheck.speaking import ADDRESS, EHLO_NAME

HOST = "picky.lab.example"
HERE = "127.0.0.1"
REPLY = b"550 5.7.1 HELO name rejected\r\n"
PICKY = Host(HOST, (ADDRESS,), "refuses our name", {25: lambda _authority: dialogue({"EHLO": REPLY}, banner=BANNER)})


async def words_of(zone, *, faults=None, name=EHLO_NAME):
    """What is said on a host that refuses our name, which stands in this zone."""
    async with probing([PICKY], zone=zone, faults=faults) as (_, prober):
        prober.ehlo_name = name
        document = in_words(await checked(prober, HOST, (25,)))
    (endpoint,) = document["endpoints"]
    assert document["verdict"] == "unknown"
    return document["summary"], endpoint["findings"][0]["message"]


async def test_a_name_that_leads_to_our_address_is_not_told_to_be_set():
    for said in await words_of({EHLO_NAME: {"A": [HERE]}}):
        assert EHLO_NAME in said
        assert f"does resolve to {HERE}" in said
        assert "PORTERO_EHLO_NAME" not in said
        assert "fault is ours" not in said


async def test_a_name_that_does_not_exist_is_ours_to_set():
    summary, said = await words_of({})
    assert f"The fault is ours: {EHLO_NAME} does not resolve. Set PORTERO_EHLO_NAME" in said
    assert "The fault is ours: PORTERO_EHLO_NAME must be" in summary


async def test_behind_a_nat_nobody_knows_whether_a_name_is_right():
    summary, said = await words_of({EHLO_NAME: {"A": ["192.0.2.77"]}})
    assert f"{EHLO_NAME} resolves to 192.0.2.77: if servers see us come from there" in said
    assert "fault is ours" not in summary + said


@pytest.mark.parametrize("fault", [Fault("SERVFAIL"), Fault(drop=True)])
async def test_dns_that_does_not_answer_says_nothing_of_a_name(fault):
    summary, said = await words_of({}, faults={EHLO_NAME: fault})
    assert "DNS did not answer" in summary
    assert "DNS did not answer" in said
    assert "fault is ours" not in summary + said


async def test_an_address_literal_is_told_to_be_replaced_and_is_not_looked_up():
    _, said = await words_of({}, name="[192.0.2.10]")
    assert "The fault is ours: set PORTERO_EHLO_NAME to a host name" in said


@pytest.mark.parametrize(
    ("addresses", "certain", "source", "fit"),
    [
        (("8.8.8.8",), True, "8.8.8.8", "matches"),
        (("8.8.8.8",), False, "8.8.8.8", "matches"),
        (("8.8.8.8",), True, "9.9.9.9", "elsewhere"),
        (("8.8.8.8",), False, "9.9.9.9", "unknown"),
        (("8.8.8.8",), True, "10.0.0.5", "resolves"),
        (("8.8.8.8",), True, "", "resolves"),
        ((), True, "9.9.9.9", "absent"),
        ((), False, "", "unknown"),
    ],
)
def test_a_name_is_judged_by_what_is_known_of_our_address(addresses, certain, source, fit):
    assert OwnName("probe.example", addresses, certain).fit(source) == fit


@pytest.mark.parametrize("name", ["[192.0.2.10]", "[IPv6:2001:db8::1]", "192.0.2.10", "localhost", ""])
async def test_what_is_no_full_name_is_not_looked_up(name):
    assert await look_up_own(name, None) is None
