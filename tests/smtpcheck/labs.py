"""A prober that stands in the lab, and reports made by hand."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network

from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.demo.lab.lab import NETWORKS, Lab
from bot.probers import make_prober
from bot.settings import Settings
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.lookup.resolve import Resolver
from commands.smtpcheck.report.model import EndpointReport, Finding
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.sentences.choice import with_words
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits, through
from commands.smtpcheck.wire.record import NOTHING, Extensions, Record
from tests.smtpcheck.evidence import lacking
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import ADDRESS, EHLO_NAME

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LIMITS = Limits()


SHORT_S, LONG_S = 0.5, 30.0
"""Seconds of this machine, which dnspython looks at itself: what is dropped is waited for, and nothing else is cut."""


def prober_of(lab, *, networks=NETWORKS, limits=LIMITS, lifetime_s=None, route=None, deny=""):
    lifetime_s = lifetime_s or (SHORT_S if lab.dns.drops else LONG_S)
    settings = Settings(
        ehlo_name=EHLO_NAME,
        nameservers=(lab.nameserver,),
        allow_networks=tuple(ip_network(network) for network in networks),
        control_hosts=",".join(CONTROL_HOSTS),
        deny_hosts=deny,
    )
    store = TrustStore.from_pem(lab.roots_pem.encode())
    prober = make_prober(settings, store=store, route=route or through(lab.endpoints), limits=limits)
    prober.clock = asyncio.get_running_loop().time
    prober.resolver = Resolver(settings.nameservers, lifetime_s)
    prober.control.connect_seconds = limits.connect
    return prober


@asynccontextmanager
async def probing(hosts=HOSTS, *, zone=ZONE, faults=None, **how):
    """A lab and a prober in it, closed in order."""
    async with Lab(hosts, zone=zone, faults=faults) as lab:
        prober = prober_of(lab, **how)
        try:
            yield lab, prober
        finally:
            await prober.close()


async def checked(prober, text, ports=(25, 465, 587, 2525)):
    """A check, which can be saved and read whatever became of it, and says no more than was seen."""
    check = await prober.check(parse_target(text), ports, check_id="0123")
    assert saved_again(check, prober.store).facts == check.facts
    assert lacking(check) == []
    return check


def in_words(check):
    """The document of a check as it is printed and exported: with words."""
    return with_words(to_document(check))


def record(port=25, *, host="mail.example.com", connect="connected", mode="starttls", connect_ms=1.0, **more):
    return Record(host, ADDRESS, port, mode, connect, connect_ms, **more)


def report(port, state="open", tls="ok", *, auth=(), worst=None, mode="starttls"):
    """An endpoint as `judge` would give it, without the record of how."""
    found = (Finding("bare_line_feed", Severity[worst]),) if worst else ()
    after = Extensions({}, tuple(auth))
    return EndpointReport(record(port, mode=mode), state, tls, 1.0, NOTHING, after, None, found)
