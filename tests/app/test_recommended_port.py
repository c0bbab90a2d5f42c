"""The two slices together: what a probe of lab hosts saw, and the port that the advisor makes of it."""

from ipaddress import ip_network

import pytest

from bot.demo.lab.hosts import HOSTS, ZONE
from bot.demo.lab.lab import NETWORKS, Lab
from bot.probers import make_prober
from bot.settings import Settings
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits, through

CASES = [
    ("mail.lab.example", (465, "implicit", "implicit_tls", "mail.lab.example")),
    ("lab.example", (465, "implicit", "implicit_tls", "mail.lab.example")),
    ("filtered.lab.example", (587, "starttls", "starttls", "filtered.lab.example")),
    ("expired.lab.example", (465, "implicit", "least_bad", "expired.lab.example")),
    ("plain.lab.example", (25, "none", "relay_only", "plain.lab.example")),
    ("mx2.lab.example", (25, "starttls", "relay_only", "mx2.lab.example")),
    ("busy.lab.example", None),
    ("null.lab.example", None),
    ("nosuch.lab.example", None),
]


@pytest.mark.parametrize(("target", "advice"), CASES, ids=[target for target, _ in CASES])
async def test_the_recommended_port_follows_from_what_was_seen(target, advice):
    async with Lab(HOSTS, zone=ZONE) as lab:
        networks = tuple(ip_network(network) for network in NETWORKS)
        settings = Settings(ehlo_name="probe.lab.example", nameservers=(lab.nameserver,), allow_networks=networks)
        store = TrustStore.from_pem(lab.roots_pem.encode())
        prober = make_prober(settings, store=store, route=through(lab.endpoints), limits=Limits(connect=0.3))
        prober.control.hosts = {}
        check = await prober.check(parse_target(target), check_id="x")
        await prober.close()

    found = check.recommended
    assert (found and (found.port, found.tls, found.reason, found.host)) == advice
