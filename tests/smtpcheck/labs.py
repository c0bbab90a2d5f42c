"""A prober that stands in the lab, and reports made by hand."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network

from bot.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.lab.lab import NETWORKS, Lab
from commands.smtpcheck.check import Prober
from commands.smtpcheck.control import Control
from commands.smtpcheck.dialogue import Limits
from commands.smtpcheck.guard import Guard
from commands.smtpcheck.model import EndpointReport, Finding, Severity
from commands.smtpcheck.reading import NOTHING, Extensions
from commands.smtpcheck.record import Record
from commands.smtpcheck.resolve import Resolver
from commands.smtpcheck.target import parse_target
from commands.smtpcheck.trust import TrustStore
from tests.smtpcheck.speaking import ADDRESS, CONTEXT, EHLO_NAME

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
OPENED = Guard(tuple(ip_network(network) for network in NETWORKS))
SHORT = Limits(connect=0.2, greeting=0.4, command=0.4, handshake=1.0, quit=0.2, piece=0.4, reply=1.0)


def prober_of(lab, *, guard=OPENED, limits=SHORT, lifetime_s=0.5, route=None):
    resolver = Resolver((lab.nameserver,), lifetime_s)
    way = route or (lambda address, port: lab.endpoints.get((address, port), (address, port)))
    return Prober(
        resolver=resolver,
        guard=guard,
        control=Control(resolver, guard, dict.fromkeys((25, 465, 587, 2525), CONTROL_HOSTS), way, connect_seconds=0.2),
        store=TrustStore.from_pem(lab.roots_pem.encode()),
        context=CONTEXT,
        ehlo_name=EHLO_NAME,
        now=lambda: datetime.now(UTC),
        limits=limits,
        route=way,
    )


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
    return await prober.check(parse_target(text), ports, check_id="0123")


def record(port=25, *, host="mail.example.com", connect="connected", mode="starttls", **more):
    return Record(host, ADDRESS, port, mode, connect, 1.0, **more)


def report(port, state="open", tls="ok", *, auth=(), worst=None, mode="starttls"):
    """An endpoint as `judge` would give it, without the record of how."""
    found = (Finding("bare_line_feed", Severity[worst]),) if worst else ()
    after = Extensions({}, tuple(auth))
    return EndpointReport(record(port, mode=mode), state, tls, 1.0, NOTHING, after, None, found)
