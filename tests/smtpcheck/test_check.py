"""Whole checks in the lab: look up, guard, speak to all ports at once, judge."""

import asyncio
from dataclasses import replace

import pytest

from bot.demo.lab.hosts import HOSTS, ZONE
from bot.demo.lab.lab import Host, Lab, Tcp
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Hang
from bot.demo.lab.zone import Fault
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.probe.concurrent_connections import AT_ONE_ENDPOINT, LookedUp
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.view.told_findings import worst_findings
from tests.smtpcheck.labs import LIMITS, checked, in_words, prober_of, probing

PORTS = (25, 465, 587, 2525)
PRIVATE = {
    "in.example.com": {"A": ["10.0.0.5"]},
    "metadata.example.com": {"A": ["169.254.169.254"]},
    "mapped.example.com": {"AAAA": ["::ffff:127.0.0.1"]},
    "mx.example.com": {"MX": ["10 in.example.com."]},
    "alias.example.com": {"CNAME": ["in.example.com."]},
    "half.example.com": {"MX": ["10 mail.lab.example.", "20 in.example.com."]},
}
HALF = "half.example.com"
FORBIDDEN = (
    *(name for name in PRIVATE if name not in {HALF, "mapped.example.com"}),
    "10.0.0.5",
    "127.0.0.1",
    "[::1]",
    "169.254.169.254",
    "::ffff:10.0.0.5",
)


def states(check):
    return {report.port: report.state for report in check.endpoints}


def codes(check):
    return {finding.code for finding in check.findings}


async def test_a_healthy_host_is_checked_on_every_port_at_once():
    async with probing() as (_, prober):
        check = await checked(prober, "mail.lab.example")
    assert states(check) == dict.fromkeys(PORTS, "open")
    assert (check.verdict, check.kind, check.recommended.port) == ("ok", "host", 465)
    assert {report.certificate.trusted for report in check.endpoints} == {True}
    assert check.facts.elapsed_ms < 5000


async def test_a_domain_is_checked_at_its_mx_hosts():
    async with probing() as (_, prober):
        check = await checked(prober, "lab.example", (25,))
    assert check.kind == "domain"
    assert [(report.record.host, report.port) for report in check.endpoints] == [
        ("mail.lab.example", 25), ("mx2.lab.example", 25),
    ]  # fmt: skip


async def test_every_endpoint_is_heard_of_when_it_is_done():
    heard = []
    async with probing() as (_, prober):
        check = await prober.check(parse_target("mail.lab.example"), PORTS, check_id="1", heard=heard.append)
    first, *reports = heard
    assert isinstance(first, LookedUp)
    assert sorted(report.port for report in reports) == list(PORTS)
    assert set(map(id, reports)) == set(map(id, check.endpoints))


async def test_no_connection_is_made_to_what_the_guard_denies():
    reached = []

    def route(address, port):
        reached.append((address, port))
        return address, 1

    async with probing(zone={**ZONE, **PRIVATE}, route=route) as (_, prober):
        for name in FORBIDDEN:
            check = await checked(prober, name)
            verdict = "failed" if name == "mx.example.com" else "unknown"
            assert (check.endpoints, check.verdict, "forbidden" in codes(check)) == ((), verdict, True)
        unusable = await checked(prober, "mapped.example.com")
        assert (unusable.endpoints, unusable.verdict, codes(unusable)) == ((), "failed", {"address_unusable"})
    assert reached == []


@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        (["127.0.0.1"], "leads to a loopback address"),
        (["0.0.0.0"], "the name server that we ask blocks the name"),
        (["192.0.2.1"], "an address that is for examples alone"),
        (["10.0.0.5"], "PORTERO_ALLOW_NETWORKS"),
    ],
)
async def test_why_nobody_connects_to_a_name_is_said_by_its_addresses(addresses, says):
    async with probing(zone={"a.example.com": {"A": addresses}}) as (_, prober):
        document = in_words(await checked(prober, "a.example.com"))
    assert says in document["summary"]


@pytest.mark.parametrize(
    ("name", "told", "verdict"),
    [
        ("mx.example.com", {"mail_not_public"}, "failed"),
        ("a@in.example.com", {"mail_not_public"}, "failed"),
        ("in.example.com", set(), "unknown"),
    ],
)
async def test_a_domain_whose_mail_hosts_have_no_public_address_takes_no_mail(name, told, verdict):
    async with probing(zone={**ZONE, **PRIVATE}) as (_, prober):
        check = await checked(prober, name)
    assert codes(check) & {"mail_not_public", "mx_not_public"} == told
    assert check.verdict == verdict
    if verdict == "failed":
        assert "is not usable. Mail for" in in_words(check)["summary"]
        assert "nobody outside that network can deliver it" in in_words(check)["summary"]


@pytest.mark.parametrize("records", [["10 in.example.com.", "20 mail.lab.example."], PRIVATE[HALF]["MX"]])
async def test_a_private_mx_is_named_and_left_alone_while_the_others_are_probed(records):
    reached = []
    async with probing(zone={**ZONE, **PRIVATE, HALF: {"MX": records}}) as (_, prober):
        inner = prober.route
        prober.route = lambda address, port: reached.append(address) or inner(address, port)
        check = await prober.check(parse_target(HALF), (25, 587), check_id="0", deep=True)
    assert set(reached) <= {"198.51.100.25"}
    assert states(check) == {25: "open", 587: "open"}
    assert (check.verdict, check.recommended.port) == ("degraded", 587)
    assert {"mx_not_public", "forbidden"} <= codes(check)
    assert "mx_not_probed" not in codes(check)
    first = worst_findings(in_words(check))[0]["message"]
    assert "may go to in.example.com, where no address is public" in first


@pytest.mark.parametrize(
    ("inner", "told"), [("10.0.0.5", "one that is not public"), ("127.0.0.1", "has a loopback address")]
)
async def test_the_public_addresses_of_a_host_are_checked_and_nobody_connects_to_the_one_beside_them(inner, told):
    reached = []
    async with probing(zone={"split.example.com": {"A": ["198.51.100.25", inner]}}) as (_, prober):
        route = prober.route
        prober.route = lambda address, port: reached.append(address) or route(address, port)
        check = await checked(prober, "split.example.com")
    document = in_words(check)
    assert set(reached) == {"198.51.100.25"}
    assert states(check) == dict.fromkeys(PORTS, "open")
    assert any(told in found["message"] for found in worst_findings(document))
    assert inner not in str(document)


DOWN = {
    "two.example": {"MX": ["10 mail.lab.example.", "10 down.two.example."]},
    "down.two.example": {"A": ["198.51.100.36"]},
}


@pytest.mark.parametrize("port", [Tcp.REFUSED, Tcp.FILTERED])
async def test_an_mx_that_takes_no_connection_is_named_and_is_no_green_tick(port):
    hosts = (*HOSTS, Host("down.two.example", ("198.51.100.36",), "An exchanger that is down.", {25: port}))
    async with probing(hosts, zone={**ZONE, **DOWN}) as (_, prober):
        check = await checked(prober, "two.example", (25,))
    assert (check.verdict, "mx_idle" in codes(check)) == ("degraded", True)
    assert "answers other mail servers on 1 of 2 hosts" in in_words(check)["summary"]
    (found, *_) = worst_findings(in_words(check))
    assert "down.two.example" in found["message"]


async def test_without_an_opened_network_the_lab_itself_is_forbidden():
    async with probing(networks=()) as (lab, prober):
        check = await checked(prober, "mail.lab.example")
    assert "forbidden" in codes(check)
    assert sum(peer.connections for peer in lab.peers.values()) == 0


@pytest.mark.parametrize(
    ("name", "code", "verdict"),
    [
        ("nosuch.lab.example", "dns_nxdomain", "failed"),
        ("null.lab.example", "null_mx", "failed"),
        ("silent.example", "dns_timeout", "unknown"),
        ("broken.example", "dns_servfail", "unknown"),
    ],
)
async def test_what_dns_says_decides_when_there_is_nothing_to_probe(name, code, verdict):
    faults = {"silent.example": Fault(drop=True), "broken.example": Fault(rcode="SERVFAIL")}
    async with probing(faults=faults) as (_, prober):
        check = await checked(prober, name)
    assert (check.endpoints, check.verdict, check.recommended) == ((), verdict, None)
    assert code in codes(check)


async def test_the_mail_policy_is_looked_up_while_the_endpoints_are_probed():
    begun, heard = asyncio.Event(), asyncio.Event()

    async def examine(_dns, endpoints, _at):
        begun.set()
        await heard.wait()  # so a check that asked one after the other would never end
        return lambda reports: ((Code.PTR_CONFIRMED, {"address": f"{len(endpoints)} {len(reports)}", "ptr": "x"}),)

    def hear(event):
        if not isinstance(event, LookedUp):
            assert begun.is_set()
            heard.set()

    async with probing() as (_, prober):
        prober.examine = examine
        check = await prober.check(parse_target("mail.lab.example"), (25, 587), check_id="1", heard=hear)
    assert [finding.params["address"] for finding in check.findings] == ["2 2"]


async def test_who_gives_up_ends_the_look_up_of_the_policy_too():
    begun, ended = asyncio.Event(), asyncio.Event()

    async def examine(_dns, _endpoints, _at):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with probing() as (_, prober):
        prober.examine = examine
        task = asyncio.ensure_future(checked(prober, "mail.lab.example", (25,)))
        await begun.wait()
        task.cancel()
        await ended.wait()


async def test_checks_at_once_meet_at_one_endpoint_three_at_a_time():
    async with probing() as (lab, prober):
        await asyncio.gather(*(checked(prober, "mail.lab.example") for _ in range(8)))
        await prober.close()
        for port in PORTS:
            peer = lab.peers["198.51.100.25", port]
            assert (peer.connections, peer.most_at_once) == (8, AT_ONE_ENDPOINT)
        assert len(prober.sessions.queues) == 0


async def test_a_check_that_comes_while_another_says_quit_waits_for_it():
    script = dialogue({"EHLO": b"250 a\r\n", "QUIT": (Hang(),)}, banner=b"220 a.example\r\n")
    slow_quit = Host("slow.example", ("198.51.100.40",), "QUIT is not answered.", {25: lambda _authority: script})
    async with probing((slow_quit,), zone={}) as (lab, prober):
        for _ in range(6):
            await checked(prober, "slow.example", (25,))
        await prober.close()
        assert lab.peers["198.51.100.40", 25].most_at_once == AT_ONE_ENDPOINT


async def test_a_cancelled_check_frees_its_endpoints():
    speaks = asyncio.Event()
    silent = Host("silent.example", ("198.51.100.41",), "Says nothing.", {25: lambda _authority: (Hang(),)})

    async with probing((silent,), zone={}, limits=replace(LIMITS, greeting=30.0)) as (_, prober):
        running = asyncio.ensure_future(checked(prober, "silent.example", (25,)))
        asyncio.get_running_loop().call_later(0.1, speaks.set)
        await speaks.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await prober.close()
        assert running.cancelled()
        assert len(prober.sessions.queues) == 0
        assert not prober.sessions.places.locked()


async def test_checks_of_one_silent_port_take_turns_and_each_took_one_connect_time_out():
    async with probing() as (_, prober):
        began = prober.clock()
        found = await asyncio.gather(*(checked(prober, "filtered.lab.example", (25,)) for _ in range(7)))
        assert prober.clock() - began == pytest.approx(24)
    assert [check.facts.elapsed_ms for check in found] == pytest.approx([8000] * 7)
    assert [states(check) for check in found] == [{25: "no_answer"}] * 7


@pytest.mark.parametrize(
    "host", [host for host in HOSTS if host.name != "slow.lab.example"], ids=lambda host: host.name
)
async def test_every_lab_host_gets_a_verdict_within_the_limits(host):
    async with probing((host, *HOSTS[-2:])) as (_, prober):
        check = await checked(prober, host.name)
        assert len(check.endpoints) == 4 * len(host.addresses)
        assert check.verdict in {"ok", "degraded", "failed", "unknown"}


async def test_the_prober_says_quit_to_everybody_before_it_is_closed():
    async with Lab(HOSTS[:1], zone={}) as lab:
        prober = prober_of(lab)
        await checked(prober, "mail.lab.example")
        await prober.close()
        await asyncio.gather(*(task for peer in lab.peers.values() for task in peer._tasks))
        assert [peer.lines[-1] for peer in lab.peers.values() if peer.connections] == [b"QUIT"] * 4


MANY = ["mail", "mx2", "expired", "plain", "hostile", "slow", "stripped", "masked"]


async def test_exchangers_that_there_was_no_connection_for_are_named():
    zone = ZONE | {"many.example": {"MX": [f"{n}0 {name}.lab.example." for n, name in enumerate(MANY, 1)]}}
    async with probing(zone=zone) as (_, prober):
        document = in_words(await checked(prober, "many.example"))
        few = await checked(prober, "lab.example")
    assert len(document["endpoints"]) == 6
    (told,) = [found for found in document["findings"] if found["code"] == "mx_not_probed"]
    assert told["severity"] == "notice"
    assert told["message"].startswith(
        "Not probed, because one check makes at most 6 connections: plain.lab.example, hostile.lab.example, "
        "slow.lab.example and 2 more."
    )
    assert "mx_not_probed" not in codes(few)
