"""A deep check: what it finds beyond a normal one, and that it stays polite."""

import json
import ssl
from contextlib import asynccontextmanager

import pytest

from bot.advice import advised
from bot.lab.hosts import HOSTS
from bot.lab.lab import Host
from bot.lab.peer import Peer, RefusedPort
from bot.lab.quirk import BANNER, EHLO_PLAIN, HOST
from bot.lab.quirks import QUIRKS
from bot.lab.quirks_tls import serving
from bot.lab.scripts import dialogue, reply, well_behaved
from bot.lab.steps import Close, Send, Wait
from commands.smtpcheck.deep import CONNECTIONS, PAUSE_S
from commands.smtpcheck.document import to_document
from commands.smtpcheck.replay import replay, save
from commands.smtpcheck.target import parse_target
from tests.smtpcheck.labs import AT, probing
from tests.smtpcheck.speaking import STAGE, STORE

FOUR, SIX = "198.51.100.25", "2001:db8::25"
LAB = (Host(HOST, (FOUR, SIX), "Both address families."), *HOSTS)


@asynccontextmanager
async def meeting(four, six=None):
    """A prober for whom the IPv4 and the IPv6 address of the lab's host lead to these peers."""
    async with probing(LAB) as (_, prober):
        prober.store = STORE
        prober.route = lambda address, _port: (six or four).address if ":" in address else four.address
        yield prober


async def deep(prober, ports=(25,), name=HOST):
    return await prober.check(parse_target(name), ports, check_id="1", deep=True)


async def met(*scripts, six=None, ports=(25,)):
    """A deep check of peers with these scripts, and the peer."""
    async with Peer(*scripts, one_at_a_time=True) as peer, Peer(*(six or scripts)) as other:
        async with meeting(peer, other) as prober:
            check = await deep(prober, ports)
        return check, peer


def findings(check, code):
    return [found for report in check.endpoints for found in report.findings if found.code == code]


def newest(version):
    return serving(STAGE.authority.issue(HOST).context(newest=version))


async def test_starttls_that_is_not_announced_is_found_by_asking():
    check, _ = await met(*QUIRKS["T15"].scripts(STAGE))
    (found,) = findings(check, "hidden_starttls")
    assert found.params["version"] == "TLSv1.3"


async def test_starttls_that_is_announced_now_and_then_is_counted():
    check, _ = await met(*QUIRKS["T16"].scripts(STAGE))
    (found,) = findings(check, "starttls_flapping")
    assert 0 < found.params["offers"] < found.params["looks"]


async def test_starttls_that_only_the_second_connection_lacks_is_found_too():
    check, _ = await met(*reversed(QUIRKS["T16"].scripts(STAGE)))
    assert findings(check, "starttls_flapping")
    assert not findings(check, "hidden_starttls")


async def test_another_certificate_on_the_other_address_is_named():
    one, two = QUIRKS["T20a"].scripts(STAGE)
    check, _ = await met(one, six=(two,))
    (found,) = findings(check, "cert_differs")
    assert (found.params["how"], found.params["address"]) == ("family", SIX)
    assert "b.example" in found.params["names"]


async def test_another_certificate_without_the_name_is_named():
    check, _ = await met(*QUIRKS["T20b"].scripts(STAGE))
    (found,) = findings(check, "cert_differs")
    assert (found.params["how"], found.params["names"]) == ("no_name", "default.example")


async def test_a_sound_server_gives_no_finding_that_a_normal_check_does_not_give():
    async with probing() as (_, prober):
        normal = await prober.check(parse_target("mail.lab.example"), (25, 465, 587), check_id="1")
        more = await deep(prober, (25, 465, 587), "mail.lab.example")
    assert more.verdict == normal.verdict
    assert {one.code for report in more.endpoints for one in report.findings} == {
        one.code for report in normal.endpoints for one in report.findings
    }
