"""Whose side: whole checks against the lab, whose control hosts answer, are filtered, or are not there."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from bot.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.lab.lab import NETWORKS, Lab, Tcp
from bot.services import make_prober
from bot.settings import Settings
from commands.smtpcheck.session import Limits
from commands.smtpcheck.target import parse_target
from commands.smtpcheck.trust import TrustStore
from commands.smtpcheck.wire import through


async def check(target, ports, *, controls=CONTROL_HOSTS, control_ports=None):
    """One check of a lab host; `control_ports` replaces what the control hosts' ports do."""
    hosts = [
        replace(host, ports=control_ports) if control_ports and host.name in CONTROL_HOSTS else host for host in HOSTS
    ]
    async with Lab(hosts, zone=ZONE) as lab:
        settings = Settings(
            ehlo_name="probe.lab.example",
            nameservers=(lab.nameserver,),
            allow_networks=tuple(ip_network(network) for network in NETWORKS),
            control_hosts=",".join(controls),
        )
        store = TrustStore.from_pem(lab.roots_pem.encode())
        prober = make_prober(settings, store=store, route=through(lab.endpoints), limits=Limits(connect=0.3))
        prober.control.connect_seconds = 0.3
        try:
            return await prober.check(parse_target(target), ports, check_id="x"), lab
        finally:
            await prober.close()


def codes(check):
    return {finding.code for report in check.endpoints for finding in report.findings}


async def test_a_filtered_port_that_the_controls_answer_on_is_likely_the_targets_side():
    found, _ = await check("filtered.lab.example", (25, 587))

    assert [report.state for report in found.endpoints] == ["no_answer", "open"]
    assert "no_answer_target" in codes(found)
    assert found.verdict == "degraded"


async def test_a_port_that_nobody_answers_on_is_blocked_here():
    found, _ = await check("filtered.lab.example", (25,), control_ports={25: Tcp.FILTERED})

    assert [report.state for report in found.endpoints] == ["blocked_here"]
    assert found.verdict == "blocked_here"
    assert [finding.code for finding in found.findings if finding.code != "ptr_confirmed"] == ["control_probe"]


async def test_refusals_everywhere_are_blocked_here_when_the_controls_refuse_too():
    found, _ = await check("mx2.lab.example", (465, 587), control_ports={25: Tcp.FILTERED})

    assert {report.state for report in found.endpoints} == {"blocked_here"}


async def test_a_refused_port_of_a_host_that_answers_elsewhere_asks_no_control():
    found, lab = await check("filtered.lab.example", (465, 587))

    assert [report.state for report in found.endpoints] == ["refused", "open"]
    assert lab.peers["198.51.100.250", 465].connections == 0


@pytest.mark.parametrize("controls", [("nosuch.lab.example",), ("mx.alpha.example",)])
async def test_without_two_controls_nothing_is_said_of_our_side(controls):
    found, _ = await check("filtered.lab.example", (25,), controls=controls, control_ports={25: Tcp.FILTERED})

    assert [report.state for report in found.endpoints] == ["no_answer"]
    assert "no_answer" in codes(found)
