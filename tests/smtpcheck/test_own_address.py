"""A server does not accept our reverse DNS, or our name: what our address is there is looked up, and only then."""

import pytest

from bot.demo.lab.lab import Host
from bot.demo.lab.quirk import BANNER
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Close, Send
from bot.demo.lab.zone import Fault
from commands.smtpcheck.egress.own_name import seen_address
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.stored.document import to_document
from tests.smtpcheck.labs import checked, in_words, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import ADDRESS, EHLO_NAME

HOST = "strict.lab.example"
OURS = "8.8.8.8"
BACK = "8.8.8.8.in-addr.arpa"
NO_PTR = f"450 4.7.25 Client host rejected: cannot find your hostname, [{OURS}]\r\n".encode()
NO_NAME = f"550 5.7.1 HELO name rejected for [{OURS}]\r\n".encode()
RIGHT = {BACK: {"PTR": ["out.ours.example."]}, "out.ours.example": {"A": [OURS]}}
WRONG = {BACK: {"PTR": ["out.ours.example."]}, "out.ours.example": {"A": ["9.9.9.9"]}}


async def said_of(refusal, zone=None, *, faults=None, at_ehlo=False):
    """Summary and first finding on a host that refuses us so, and what was looked up of our address."""
    script = dialogue({"EHLO": refusal}, banner=BANNER) if at_ehlo else (Send(refusal), Close())
    host = Host(HOST, (ADDRESS,), "refuses us", {25: lambda _authority: script})
    async with probing([host], zone=zone or {}, faults=faults) as (lab, prober):
        check = await checked(prober, HOST, (25,))
        asked = lab.dns.queries[BACK, "PTR"]
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == to_document(check)
    document = in_words(check)
    (endpoint,) = document["endpoints"]
    return document["summary"], endpoint["findings"][0]["message"], asked


async def test_an_address_without_a_ptr_record_is_ours_to_mend():
    summary, said, asked = await said_of(NO_PTR)

    assert f"The fault is ours: {OURS}, our address, has no PTR record" in summary
    assert f"{OURS}, our address as the server names it, has no PTR record" in said
    assert "a look-up that failed for now" not in said
    assert asked == 2  # once more with EDNS: whether the name is withheld


async def test_a_ptr_record_that_is_right_leaves_the_question_to_the_server():
    summary, said, _ = await said_of(NO_PTR, RIGHT)

    assert f"though {OURS} is out.ours.example there and that leads back to it: the server's DNS sees it" in summary
    assert "is out.ours.example in reverse DNS, and that name leads back to it" in said
    assert "a look-up that failed for now is possible, too" in said
    assert "fault is ours" not in summary


async def test_a_ptr_record_that_does_not_lead_back_is_told():
    summary, said, _ = await said_of(NO_PTR, WRONG)

    assert "did not lead back to it when asked. Make both agree." in summary
    assert "does not lead back to it: make both agree." in said


async def test_dns_that_does_not_answer_leaves_it_open():
    summary, said, _ = await said_of(NO_PTR, faults={BACK: Fault("SERVFAIL")})

    assert "is not known: DNS did not answer" in said
    assert "what it is there is not known: DNS did not answer" in summary
    assert "fault is ours" not in summary


async def test_a_server_that_does_not_accept_our_name_is_told_what_our_address_is_called():
    _, said, _ = await said_of(NO_NAME, {**RIGHT, EHLO_NAME: {"A": ["127.0.0.1"]}}, at_ehlo=True)

    assert said.startswith("The server does not accept our EHLO name")
    assert f"{OURS}, our address as the server names it, is out.ours.example in reverse DNS" in said


@pytest.mark.parametrize(
    "refusal",
    [
        f"554 5.7.1 Service unavailable; Client host [{OURS}] blocked using zen.spamhaus.org\r\n".encode(),
        f"421 4.7.0 Too many connections from {OURS}\r\n".encode(),
        f"554 5.7.1 Access denied for {OURS}\r\n".encode(),
    ],
)
async def test_our_address_is_not_looked_up_for_another_reason(refusal):
    assert (await said_of(refusal))[2] == 0


async def test_where_nobody_says_which_address_is_seen_nothing_is_said_of_it():
    summary, said, asked = await said_of(b"450 4.7.25 Client host rejected: cannot find your hostname\r\n")

    assert (asked, "our address as" in said) == (0, False)
    assert "which address it sees is not known here" in summary
    assert "ours" not in summary


async def said_behind_a_nat(zone, **how):
    """The same of a server that does not name the address, which our EHLO name leads to."""
    zone = {**zone, EHLO_NAME: {"A": [OURS]}}
    return await said_of(b"550 5.7.1 Your HELO name does not match your reverse DNS\r\n", zone, **how)


async def test_behind_a_nat_the_address_that_our_ehlo_name_leads_to_is_looked_up():
    summary, said, asked = await said_behind_a_nat(RIGHT)

    assert asked == 1
    assert f"If it sees us come from {OURS}, where our EHLO name leads, that is out.ours.example there" in summary
    assert f"Our EHLO name leads to {OURS}, which is out.ours.example in reverse DNS, and that leads back" in said
    assert "fault" not in summary


@pytest.mark.parametrize(("zone", "mend"), [({}, "has no PTR record"), (WRONG, "which does not lead back")])
async def test_what_is_wrong_with_that_address_is_told_with_its_doubt(zone, mend):
    summary, _, _ = await said_behind_a_nat(zone)

    assert mend in summary
    assert "if servers see us come from there" in summary


async def test_a_name_that_is_right_is_not_enough_where_reverse_dns_is_not():
    summary, said, _ = await said_of(NO_NAME, {EHLO_NAME: {"A": [OURS]}}, at_ehlo=True)

    assert f"does resolve to {OURS}, but {OURS} has no PTR record" in summary
    assert "nothing is to be set here" not in said


@pytest.mark.parametrize(
    ("source", "peer", "said", "seen"),
    [
        ("8.8.8.8", "9.9.9.9", "", "8.8.8.8"),
        ("10.0.0.5", "9.9.9.9", "", ""),
        ("10.0.0.5", "10.0.0.25", "", "10.0.0.5"),
        ("10.0.0.5", "9.9.9.9", "no PTR for [8.8.4.4]", "8.8.4.4"),
        ("10.0.0.5", "9.9.9.9", "no PTR for 8.8.4.4.", "8.8.4.4"),
        ("10.0.0.5", "9.9.9.9", "9.9.9.9 refuses 8.8.4.4: 5.7.25 (8.8.4.4)", "8.8.4.4"),
        ("10.0.0.5", "9.9.9.9", "8.8.4.4 or 8.8.8.8", ""),
        ("10.0.0.5", "9.9.9.9", "no PTR for 192.168.1.1", ""),
        ("fd00::5", "2620:fe::fe", "no PTR for [2001:4860:4860::8888]", "2001:4860:4860::8888"),
        ("", "9.9.9.9", "at 12:30:45 we saw 4.7.25", ""),
    ],
)
def test_the_address_that_a_server_sees_is_ours_or_the_one_that_it_names(source, peer, said, seen):
    assert seen_address(source, peer, said) == seen
