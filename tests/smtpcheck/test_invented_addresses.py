"""A name server that makes addresses up for names that do not exist: nothing is said of hosts that did not show."""

import pytest

from bot.demo.lab.lab import Host, Tcp
from bot.demo.lab.quirk import BANNER, EHLO_PLAIN
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Hang, Send
from bot.demo.lab.zone import EVERYTHING
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.stored.document import to_document
from tests.smtpcheck.labs import checked, in_words, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import ADDRESS

THERE = dialogue({"EHLO": EHLO_PLAIN}, banner=BANNER)
PORTAL = "203.0.113.80"
INVENTS = {EVERYTHING: {"A": [PORTAL]}}
PORTS = {
    "refuses": {},
    "is silent": dict.fromkeys((25, 465, 587), Tcp.FILTERED),
    "takes and says nothing": dict.fromkeys((25, 465, 587), lambda _authority: (Hang(),)),
    "speaks HTTP": {25: lambda _authority: (Send(b"HTTP/1.1 302 Found\r\n\r\n"), Hang())},
}


async def said_of(target, zone=INVENTS, *, ports=None, hosts=(), networks=("203.0.113.0/24", "198.51.100.0/24")):
    portal = Host("portal.lab.example", (PORTAL,), "a portal", ports or {})
    async with probing([portal, *hosts], zone=zone, networks=networks) as (lab, prober):
        check = await checked(prober, target, (25, 465, 587))
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == to_document(check)
    return in_words(check), lab.dns


@pytest.mark.parametrize("ports", PORTS.values(), ids=PORTS)
async def test_a_host_whose_address_may_be_made_up_is_not_judged(ports):
    document, _ = await said_of("mx.absent.example", ports=ports)

    assert document["verdict"] == "unknown"
    assert "the fault is on our side" in document["summary"]
    assert {each["state"] for each in document["endpoints"]} == {"address_invented"}
    assert "0123.invalid" in document["dns"]["findings"][0]["message"]
    assert "target" not in str([one["message"] for one in document["findings"]])


async def test_an_invented_address_that_nobody_may_connect_to_is_no_fault_of_the_domain():
    document, _ = await said_of("postmaster@absent.example", {EVERYTHING: {"A": ["10.0.0.1"]}})

    assert document["verdict"] == "unknown"
    assert "makes answers up" in document["summary"]
    assert "mail_not_public" not in str(document)


async def test_a_host_that_shows_itself_is_judged_and_no_such_name_is_asked_for():
    there = Host("mx.there.example", (ADDRESS,), "is there", {25: lambda _authority: THERE})
    document, dns = await said_of("mx.there.example", hosts=[there])

    assert document["verdict"] in {"ok", "degraded"}
    assert dns.asked("0123.invalid") == 0


async def test_a_host_that_is_down_behind_an_honest_name_server_stays_so():
    document, dns = await said_of("portal.lab.example", {})

    assert document["verdict"] == "failed"
    assert dns.asked("0123.invalid", "A") == 2  # once more with EDNS: whether the name is withheld


async def test_an_address_that_was_typed_needs_no_name_server():
    document, dns = await said_of(PORTAL)

    assert document["verdict"] == "failed"
    assert dns.asked("0123.invalid") == 0
