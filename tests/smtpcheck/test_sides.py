"""Whose side: whole checks against the lab, whose control hosts answer, are filtered, or are not there."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.demo.lab.lab import NETWORKS, Lab, Tcp
from bot.probers import make_prober
from bot.settings import Settings
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.egress.control_hosts import Attempt
from commands.smtpcheck.report.model import Finding
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.fault_side import settle
from commands.smtpcheck.verdict.fault_side import silent_ports as doubtful
from commands.smtpcheck.wire.connection import Limits, through
from commands.smtpcheck.wire.record import EHLO, Step
from tests.every import every
from tests.smtpcheck.labs import checked, probing, record, report


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


async def test_hosts_of_one_operator_that_do_not_answer_either_are_told_to_prove_nothing():
    alone = ("mx.alpha.example", "198.51.100.250")
    found, _ = await check("filtered.lab.example", (25,), controls=alone, control_ports={25: Tcp.FILTERED})

    assert [report.state for report in found.endpoints] == ["no_answer"]
    (told,) = [sentence(one.code, one.params) for one in found.findings if one.code == "control_probe"]
    assert told.endswith("PORTERO_CONTROL_HOSTS needs two.")


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


async def test_a_network_that_rejects_the_ports_for_clients_alone_is_found_out():
    ports = {465: Tcp.REFUSED, 587: Tcp.REFUSED}
    found, _ = await check("mx2.lab.example", (25, 465, 587), control_ports=ports)

    assert [report.state for report in found.endpoints] == ["open", "blocked_here", "blocked_here"]


async def test_a_host_that_serves_no_clients_refuses_on_its_own_side_where_the_controls_answer():
    found, _ = await check("mx2.lab.example", (25, 465, 587))

    assert [report.state for report in found.endpoints] == ["open", "refused", "refused"]
    assert codes(found) == {"refused_target"}
    assert found.verdict == "ok"


async def test_of_an_exchanger_nobody_expects_ports_for_clients_so_no_control_is_asked():
    zone = ZONE | {"mx2only.example": {"MX": ["10 mx2.lab.example."]}}
    async with probing(zone=zone) as (lab, prober):
        found = await checked(prober, "mx2only.example", (25, 465, 587))
        assert [report.state for report in found.endpoints] == ["open", "refused", "refused"]
        assert lab.peers["198.51.100.250", 465].connections == 0


def test_what_the_controls_said_before_the_check_is_told_with_its_age():
    tried = {25: (Attempt("a.example", 25, "refused", 10.0, 240.2), Attempt("b.example", 25, "refused", 20.0, 240.2))}
    _, (found, *_) = settle([report(25, "refused", "")], tried)
    assert sentence(found.code, found.params).endswith("b.example refused at once (asked 240 s before this check).")


def silent(port, address):
    found = Finding("no_answer", Severity.warning, {"port": port, "seconds": 8.0, "address": address})
    away = replace(record(port, connect="no_answer", connect_ms=8000.0), address=address)
    return replace(report(port, "no_answer", ""), record=away, findings=(found,))


SIX, FOUR = "2001:db8::25", "192.0.2.25"


@every(
    [
        (silent(25, SIX), FOUR, "", "no_answer"),
        (silent(25, SIX), SIX, "", "no_answer_either"),
        (silent(25, SIX), FOUR, "connected", "no_answer_target"),
        (silent(25, SIX), FOUR, "refused", "no_answer_target"),
        (silent(25, FOUR), FOUR, "", "no_answer_either"),
    ]
)
def test_control_hosts_tell_nothing_of_the_other_family(silence, reached_over, beside, code):
    """Where IPv6 does not work here, a target over IPv6 is not at fault because hosts answer over IPv4."""
    tried = {25: tuple(Attempt(f"{name}.example", 25, "connected", 9.0, address=reached_over) for name in "ab")}
    others = [replace(report(587), record=replace(record(587, connect=beside), address=SIX))] if beside else []

    settled, _ = settle([silence, *others], tried)
    assert settled[0].findings[0].code == code


OURS, OTHER = "198.51.100.7", "198.51.100.99"


@every(
    [
        (OURS, "connected", "", "no_answer_either"),
        ("", "connected", "", "no_answer_either"),
        (OTHER, "connected", "", "no_answer"),
        (OTHER, "connected", "connected", "no_answer_target"),
        (OTHER, "no_answer", "", "no_answer"),
        (OURS, "no_answer", "", "blocked_here"),
        ("2001:db8::7", "connected", "refused", "no_answer_target"),
    ]
)
def test_what_works_from_another_address_of_ours_tells_nothing_of_this_one(source, outcome, beside, code):
    """A machine with two addresses may have a way back to one of them alone."""
    silence = silent(25, FOUR)
    silence = replace(silence, record=replace(silence.record, source=OURS))
    tried = {25: tuple(Attempt(f"{name}.example", 25, outcome, 9.0, source=source) for name in "ab")}
    others = [replace(report(587), record=replace(record(587, connect=beside), address=FOUR))] if beside else []

    settled, _ = settle([silence, *others], tried)
    found = settled[0].findings[0]
    assert found.code == code
    if (code, outcome) == ("no_answer", "connected"):
        assert f"from {OURS}, and reached a.example, b.example from {OTHER}" in sentence(found.code, found.params)


def refused(port, ms):
    finding = Finding("refused", Severity.info, {"port": port})
    return replace(
        report(port, "refused", ""), record=record(port, connect="refused", connect_ms=ms), findings=(finding,)
    )


def stood(port, ms):
    return replace(report(port), record=record(port, connect_ms=ms))


@pytest.mark.parametrize(
    ("reports", "asked"),
    [
        ([stood(25, 80.0), stood(465, 81.0), refused(587, 79.0)], []),
        ([stood(25, 80.0), stood(465, 81.0), refused(587, 4.0)], [587]),
        ([stood(25, 6.0), stood(465, 6.1), refused(587, 1.5)], []),
        ([stood(25, 80.0), refused(587, 79.0)], [587]),
        ([refused(25, 80.0), stood(465, 80.0), refused(587, 80.0)], [25, 587]),
        ([refused(25, 80.0), refused(587, 80.0)], [25, 587]),
        ([stood(25, 80.0), stood(587, 80.0), refused(2525, 80.0)], []),
    ],
    ids=["as far", "nearer", "too close to tell", "no client served", "25 too", "all", "2525 alone"],
)
def test_which_refusals_are_doubtful_is_a_table(reports, asked):
    assert doubtful(reports) == asked


def test_a_connect_that_waited_for_this_machine_is_no_long_way():
    answered = Step(EHLO, 80.0, 82.0, 250, "mail.lab.example")
    late = replace(report(25), record=record(25, connect_ms=80.0, steps=(answered,)))
    settled, _ = settle([late, refused(587, 4.0)], {})
    assert [found.code for found in settled[1].findings] == ["refused"]


def test_a_refusal_that_came_from_nearer_than_the_host_says_so():
    reports = [stood(25, 80.0), stood(465, 81.0), refused(587, 4.0)]
    settled, _ = settle(reports, {})
    assert [finding.code for finding in settled[2].findings] == ["refused", "refused_nearby"]
    assert settled[2].findings[1].params == {"port": 587, "ms": 4.0, "host_ms": 80.0}
    assert settled[:2] == tuple(reports[:2])


def test_a_refusal_from_nearer_is_not_called_the_hosts_whatever_the_control_hosts_say():
    tried = {587: tuple(Attempt(f"{name}.example", 587, "connected", 9.0) for name in "ab")}
    settled, _ = settle([stood(25, 80.0), refused(587, 4.0)], tried)
    assert [finding.code for finding in settled[1].findings] == ["refused", "refused_nearby"]


@pytest.mark.parametrize(
    ("connect_ms", "code", "lossy"), [(1030.0, "no_answer", True), (30.0, "no_answer_target", None)]
)
def test_where_another_port_answered_only_when_asked_again_silence_may_be_lost_packets(connect_ms, code, lossy):
    tried = {25: tuple(Attempt(f"{name}.example", 25, "connected", 9.0) for name in "ab")}
    answered = Step(EHLO, 1100.0, 1130.0, 250, "mail.lab.example")
    other = replace(report(587), record=record(587, connect_ms=connect_ms, steps=(answered,)))
    settled, _ = settle([silent(25, other.record.address), other], tried)

    found = settled[0].findings[0]
    assert (found.code, found.params.get("lossy")) == (code, lossy)
    assert "target's side" not in sentence(found.code, found.params) or not lossy
