"""A domain with every policy, its name server, and a web server on loopback that serves what a test wants."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_network

from bot.demo.lab.certificates import Authority
from bot.demo.lab.dns import LabDns
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.policy.dane import judge_all
from commands.smtpcheck.policy.mail_policy import Policy, look_up, policy_findings
from commands.smtpcheck.record_file import schema
from commands.smtpcheck.tls.certificate_findings import analyse
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Handshake, Step
from tests.smtpcheck.labs import report
from tests.smtpcheck.saving import as_saved
from tests.smtpcheck.speaking import ADDRESS

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
AUTHORITY = Authority(now=AT)
STORE = TrustStore.from_pem(AUTHORITY.pem.encode())
GUARD = Guard((ip_network("198.51.100.0/24"),))
WEB, WEB_V6 = "198.51.100.80", "2001:db8::80"
HOST = "mail.example.com"
POLICY = "version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmax_age: 604800\r\n"
DNS = Dns("example.com", "domain", ((10, HOST),), hosts=(HostAddresses(HOST, (ADDRESS,), "mx"),))
BASE = {
    "": {"NS": ["a.root-servers.net."]},
    "example.com": {"MX": [f"10 {HOST}."]},
    HOST: {"A": [ADDRESS]},
    "_mta-sts.example.com": {"TXT": ['"v=STSv1; id=20261124;"']},
    "mta-sts.example.com": {"A": [WEB]},
}


def response(body=POLICY, *, status="200 OK", kind="text/plain", more=""):
    data = body if isinstance(body, bytes) else body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    return head.encode() + data


def speaking(port=25, *, leaf=None, tls="ok", state="open", banner=HOST):
    """A probed endpoint of the MX, with a live chain when a leaf is given."""
    made = report(port, state, tls)
    chain = (leaf.der, *leaf.intermediates) if leaf else ()
    steps = (Step("greeting", 0.0, 1.0, 220, f"{banner} ESMTP"),)
    record = replace(made.record, steps=steps, handshake=Handshake("TLSv1.3", "x", chain) if leaf else None)
    certificate = analyse(chain, host=HOST, at=AT, store=STORE) if leaf else None
    return replace(made, record=record, certificate=certificate)


@asynccontextmanager
async def web(answer, names=("mta-sts.example.com",)):
    """An HTTPS server; yields its port and the requests that came."""
    heard = []

    async def serve(reader, writer):
        try:
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=AUTHORITY.issue(*names).context())
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@dataclass(frozen=True)
class Found:
    """What was looked up, what follows from it, and the DANE of the endpoints."""

    policy: Policy
    findings: tuple
    dane: tuple

    def __getattr__(self, name):
        return getattr(self.policy, name)


async def examined(zone=BASE, reports=(), *, dns=DNS, answer=None, authenticated=False, faults=None, **how):
    """What is found of the domain in this zone, whose name server is on loopback; and what the web server heard."""
    names = how.pop("names", ("mta-sts.example.com",))
    guard = how.pop("guard", GUARD)
    own_route = how.pop("route", None)
    trusted = how.pop("trusted", False)
    records = [report.record for report in reports]
    endpoints = [Endpoint(one.host, one.address, one.port, one.mode) for one in records]
    name_server = LabDns(zone, authenticated=authenticated, faults=faults)
    async with name_server as server, web(answer or response(), names) as (port, heard):

        def route(address, _):
            return "127.0.0.1", port if address in {WEB, WEB_V6} else 1

        silent = any(fault.drop for fault in (faults or {}).values())
        patience = 0.4 if silent else 20.0  # real seconds, whatever else the machine has to do meanwhile
        resolver = SecureResolver(((server.host, server.port),), patience, trusted=trusted)
        policy = await look_up(
            dns, endpoints, resolver=resolver, guard=guard, store=STORE, at=AT, route=own_route or route, **how
        )
    dane = judge_all(policy.promises, reports, dns.name, AT, STORE)
    found = policy_findings(policy, STORE, reports)
    assert schema.POLICY.read(as_saved(found), "policy") == found
    return Found(policy, found, dane), heard


def codes(policy):
    return {code for code, _ in policy.findings}
