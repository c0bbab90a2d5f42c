"""A host with several addresses: all are asked, and what one of them is not like the others is said of it by name."""

import errno
from dataclasses import replace

import pytest

from bot.demo.lab.hosts import plain, sound_ports
from bot.demo.lab.lab import Host, Tcp
from bot.demo.lab.peer import Peer
from bot.demo.lab.steps import Close, Hang, Send
from commands.smtpcheck.probe.concurrent_connections import AT_ONE_ENDPOINT
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.document import BESIDE
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.sentences.choice import summary_of
from commands.smtpcheck.stored.document import to_document, to_readings
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.view.parts import rows
from commands.smtpcheck.view.told_findings import told_once
from commands.smtpcheck.wire import connection
from commands.smtpcheck.wire.connection import Limits
from commands.smtpcheck.wire.record import Icmp
from tests.smtpcheck.labs import AT, checked, probing, record
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE, STORE

NAME = "pool.example"
ONE, TWO, THREE, FOUR, SIX = (*(f"198.51.100.{100 + number}" for number in range(1, 5)), "2001:db8::100")
WELL = sound_ports(NAME)
REFUSES, SILENT = dict.fromkeys(WELL, Tcp.REFUSED), dict.fromkeys(WELL, Tcp.FILTERED)
BUSY = dict.fromkeys(WELL, lambda _authority: (Send(b"421 4.7.0 too many connections\r\n"), Close()))
PORTS = (25, 587)
CONTROLS = ((250, "alpha"), (251, "beta"))


def pool(**others):
    """A host whose addresses are well but for those that are named."""
    addresses = {"ONE": ONE, "TWO": TWO, "THREE": THREE, "FOUR": FOUR, "SIX": SIX}
    return tuple(Host(NAME, (addresses[name],), "", ports) for name, ports in others.items())


async def check_of(hosts, ports=PORTS):
    """A check of a pool, which is concluded alike when it has been saved and read."""
    async with probing(hosts, limits=Limits(connect=0.5, greeting=0.5)) as (lab, prober):
        check = await checked(prober, NAME, ports)
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == to_document(check)
    return check, lab


def labels(document):
    return [row[0] for row in rows(document)]


# name: the pool, the verdict, the rows, what the first line ends with
CASES = {
    "all alike": (
        {"ONE": WELL, "TWO": WELL, "THREE": WELL}, "ok",
        ["✓ 25, 3 of 3 addresses", "✓ 587, 3 of 3 addresses"],
        "set the client to require TLS.",
    ),
    "both families alike": (
        {"ONE": WELL, "SIX": WELL}, "ok",
        ["✓ 25, 2 of 2 addresses", "✓ 587, 2 of 2 addresses"],
        "set the client to require TLS.",
    ),
    "one refuses": (
        {"ONE": WELL, "TWO": REFUSES, "THREE": WELL}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✗ 25, 587 {TWO}", "✓ 587, 2 of 3 addresses"],
        (f"One of three addresses, {TWO}, does not work from here (25, 587: refused): clients that "
         "get that one may fail."),
    ),
    "one is silent": (
        {"ONE": WELL, "TWO": SILENT, "THREE": WELL}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✗ 25, 587 {TWO}", "✓ 587, 2 of 3 addresses"],
        (f"One of three addresses, {TWO}, does not work from here (25, 587: no answer): clients that "
         "get that one may fail."),
    ),
    "two are down": (
        {"ONE": WELL, "TWO": REFUSES, "THREE": SILENT, "FOUR": WELL}, "degraded",
        ["✓ 25, 2 of 4 addresses", f"✗ 25, 587 {TWO}", f"✗ 25, 587 {THREE}", "✓ 587, 2 of 4 addresses"],
        (f"Two of four addresses, {TWO} and {THREE}, do not work from here (25, 587: refused; 25, 587: no answer): "
        "clients that get one of them may fail."),
    ),
    "each serves another port": (
        {"ONE": WELL, "TWO": {25: WELL[25]}, "THREE": {587: WELL[587]}}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✗ 25 {THREE}", "✓ 587, 2 of 3 addresses", f"✗ 587 {TWO}"],
        (f"One of three addresses, {TWO}, does not work from here (587: refused): clients that "
         "get that one may fail."),
    ),
    "one speaks TLS from the first byte": (
        {"ONE": WELL, "TWO": WELL, "THREE": {**WELL, 587: WELL[465]}}, "degraded",
        ["✓ 25, 3 of 3 addresses", "✓ 587, 2 of 3 addresses", f"✓ 587 {THREE}"],
        (f"One of three addresses, {THREE}, is not like the others (587: TLS from the first byte): what a client meets "
        "depends on the address that it gets."),
    ),
    "one of two speaks TLS from the first byte": (
        {"ONE": {**WELL, 587: WELL[465]}, "TWO": WELL}, "degraded",
        ["✓ 25, 2 of 2 addresses", f"✓ 587 {ONE}", f"✓ 587 {TWO}"],
        (f"Use port 587 with STARTTLS: login is offered; set the client to require TLS. One of two addresses, {ONE}, "
        "is not like the others (587: TLS from the first byte): what a client meets depends on the address that it "
        "gets."),
    ),
    "IPv6 refuses": (
        {"ONE": WELL, "SIX": REFUSES}, "degraded",
        ["✓ 25 IPv4", "✗ 25, 587 IPv6", "✓ 587 IPv4"],
        (f"Over IPv6 ({SIX}) not everything works from here (25, 587: refused): clients that prefer "
        "IPv6 may lose time or fail there, for DNS announces it."),
    ),
    "IPv6 is silent, which may be us": (
        {"ONE": WELL, "SIX": SILENT}, "ok",
        ["✓ 25 IPv4", "? 25, 587 IPv6", "✓ 587 IPv4"],
        (f"Over IPv6 ({SIX}) nothing could be judged (25, 587: no answer): either IPv6 does not work there, or not on "
        "the way from here."),
    ),
    "one without STARTTLS": (
        {"ONE": WELL, "TWO": WELL, "THREE": {25: plain(NAME), 587: plain(NAME)}}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✓ 25 {THREE}", "✓ 587, 2 of 3 addresses", f"✗ 587 {THREE}"],
        (f"One of three addresses, {THREE}, does not work from here (587: no STARTTLS): clients that "
         "get that one may fail."),
    ),
    "one with an expired certificate": (
        {"ONE": WELL, "TWO": WELL, "THREE": sound_ports(NAME, days=(-100, -10))}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✓ 25 {THREE}", "✓ 587, 2 of 3 addresses", f"! 587 {THREE}"],
        (f"One of three addresses, {THREE}, is not fit for clients (587: expired certificate): those that "
         "get that one may fail."),
    ),
    "one with a certificate for another name": (
        {"ONE": WELL, "TWO": WELL, "THREE": sound_ports("other.example")}, "degraded",
        ["✓ 25, 2 of 3 addresses", f"✓ 25 {THREE}", "✓ 587, 2 of 3 addresses", f"! 587 {THREE}"],
        (f"One of three addresses, {THREE}, is not like the others (25, 587: certificate not for this name): what a "
        "client meets depends on the address that it gets."),
    ),
    "one turns us away for now": (
        {"ONE": WELL, "TWO": BUSY}, "degraded",
        [f"✓ 25 {ONE}", f"? 25, 587 {TWO}", f"✓ 587 {ONE}"],
        f"One of two addresses, {TWO}, could not be judged (25, 587: turned away).",
    ),
    "all refuse": (
        {"ONE": REFUSES, "TWO": REFUSES}, "failed",
        ["✗ 25, 2 of 2 addresses", "✗ 587, 2 of 2 addresses"],
        "is not usable from here. 25, 587: refused.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_what_one_address_is_not_like_the_others_stands_in_the_first_line_and_in_a_row(name):
    others, verdict, shown, said = CASES[name]
    check, lab = await check_of(pool(**others))
    document = to_document(check)
    assert (check.verdict, labels(document)) == (verdict, shown), summary_of(document)
    assert summary_of(document).endswith(said), summary_of(document)
    assert max((peer.most_at_once for peer in lab.peers.values()), default=1) == 1


async def test_readings_are_by_address_and_availability_counts_each():
    check, _ = await check_of(pool(ONE=WELL, TWO=REFUSES, SIX=SILENT), (25,))
    assert [(one.address, one.ok) for one in to_readings(check)] == [(ONE, True), (TWO, False), (SIX, None)]


async def test_lists_of_certificates_have_none_that_another_machine_says_it_saw():
    check, _ = await check_of(pool(ONE=WELL), (587,))
    far = replace(check, facts=replace(check.facts, vantage="mta-03"))
    here, there = (readings[0] for readings in (to_readings(check), to_readings(far)))
    assert here.certificate_ends is not None
    assert there == here._replace(certificate_ends=None)


async def test_another_certificate_as_good_as_the_others_is_a_notice_that_names_its_address():
    check, _ = await check_of(pool(ONE=WELL, TWO=WELL, THREE=sound_ports(NAME, days=(-10, 20))), (587,))
    document = to_document(check)
    (told,) = [one for one in told_once(document) if one.finding["code"] == "cert_differs"]
    assert labels(document) == ["✓ 587, 3 of 3 addresses"]
    assert told.message.startswith(f"Port 587 shows another certificate at {THREE} than at the host's other addresses")
    assert (check.verdict, told.finding["severity"]) == ("ok", "notice")


async def test_a_port_that_works_at_every_address_is_recommended_before_one_that_does_not():
    check, _ = await check_of(pool(ONE=WELL, TWO={**WELL, 465: Tcp.REFUSED}), (465, 587))
    assert check.recommended.port == 587


async def test_of_several_exchangers_the_one_with_the_broken_address_is_named():
    zone = {"pool.test": {"MX": ["10 mx1.example.", "20 mx2.example."]}}
    hosts = (Host("mx1.example", (ONE, TWO), "", WELL), Host("mx2.example", (THREE, FOUR), "", WELL, dead=(FOUR,)))
    async with probing(hosts, zone=zone) as (_, prober):
        document = to_document(await checked(prober, "pool.test", (25,)))
    assert labels(document) == [
        "✓ 25 mx1.example, 2 of 2 addresses",
        f"✓ 25 mx2.example {THREE}",
        f"✗ 25 mx2.example {FOUR}",
    ]
    assert "Port 25 answers other mail servers (STARTTLS)." in summary_of(document)
    assert f"One of two addresses of mx2.example, {FOUR}, does not work from here (25: refused)" in summary_of(document)
    assert not {"mx_idle", "mx_first_silent"} & {one["code"] for one in document["findings"]}


async def test_of_a_pool_no_more_addresses_are_asked_at_once_than_one_address_would_be():
    hosts = pool(ONE=WELL, TWO=WELL, THREE=WELL, FOUR=WELL, SIX=WELL)
    async with probing(hosts) as (_, prober):
        inner, speaking, most = prober.sessions.run, [0], [0]

        async def counted(*how):
            speaking[0] += 1
            most[0] = max(most[0], speaking[0])
            try:
                return await inner(*how)
            finally:
                speaking[0] -= 1

        prober.sessions.run = counted
        await checked(prober, NAME, (25,))
    assert most[0] == AT_ONE_ENDPOINT


async def test_the_ports_of_an_address_are_asked_at_once_and_none_of_them_twice_at_a_time():
    """Each is silent, so that it is asked several times."""
    async with probing() as (_, prober), Peer((Hang(),)) as relay, Peer((Hang(),)) as submission:
        prober.route = lambda _address, port: (relay if port == 25 else submission).address
        check = await checked(prober, "mail.lab.example", (25, 587))
        await prober.close()

    first, second = (report.record.steps[0] for report in check.endpoints)
    assert first.started_ms < second.ended_ms and second.started_ms < first.ended_ms
    assert (relay.most_at_once, submission.most_at_once) == (1, 1)
    assert relay.connections + submission.connections > 2


def lacking(address, how="no_route", **more):
    return judge(
        replace(record(25, host=NAME, connect=how, connect_ms=0.1), address=address, **more), at=AT, store=STORE
    )


async def facts_of(hosts):
    return (await check_of(hosts, (25,)))[0]


# name: what this machine has no route to, whether another family answers, verdict and first line
WITHOUT = {
    "no IPv4, and nothing else": ((ONE,), (), "unknown", "could not be judged. 25: no IPv4 here."),
    "no IPv6, and nothing else": ((SIX,), (), "unknown", "could not be judged. 25: no IPv6 here."),
    "no IPv6 beside a live IPv4": ((SIX,), (ONE,), "ok", "Port 25 answers other mail servers (STARTTLS)."),
    "no IPv4 beside a live IPv6": ((ONE, TWO), (SIX,), "ok", "Port 25 answers other mail servers (STARTTLS)."),
}


@pytest.mark.parametrize("name", WITHOUT)
async def test_a_family_that_this_machine_has_not_is_no_fault_of_the_host(name):
    missing, live, verdict, said = WITHOUT[name]
    check = await facts_of((Host(NAME, live or (ONE,), "", WELL),))
    document = to_document(
        conclude(check.facts, [*map(lacking, missing), *(check.endpoints if live else ())], store=STORE)
    )
    assert (document["verdict"], len(rows(document))) == (verdict, 1)
    assert said in summary_of(document)
    weighs = [one["severity"] for each in document["endpoints"] for one in each["findings"]]
    assert "warning" not in weighs
    assert not {"mx_idle", *BESIDE.values()} & {one["code"] for one in document["findings"]}


async def test_an_address_without_a_route_beside_others_of_its_family_is_not_a_missing_family():
    check = await facts_of(pool(ONE=WELL))
    document = to_document(conclude(check.facts, [*check.endpoints, lacking(TWO)], store=STORE))
    assert [each["state"] for each in document["endpoints"]] == ["open", "unreachable"]
    told = replace(lacking(ONE).record, connect="unreachable", icmp=Icmp(3, 0, "198.51.100.1"))
    document = to_document(conclude(check.facts, [judge(told, at=AT, store=STORE)], store=STORE))
    assert [each["state"] for each in document["endpoints"]] == ["unreachable"]


NOWHERE = "255.255.255.255"
"""TCP has no route to a broadcast address: the system says so before anything is sent."""


async def test_without_ipv4_here_hosts_and_control_hosts_are_asked_over_ipv6():
    control = [Host(f"mx.{name}.example", (f"198.51.100.{n}", f"2001:db8::{n}"), "", WELL) for n, name in CONTROLS]
    async with probing((*pool(ONE=WELL, SIX={25: WELL[25], 587: Tcp.FILTERED}), *control), limits=Limits(0.5)) as (
        _,
        prober,
    ):
        inner = prober.route
        prober.route = prober.control.route = lambda address, port: (
            inner(address, port) if ":" in address else (NOWHERE, port)
        )
        check = await checked(prober, NAME, PORTS)
    document = to_document(check)
    assert [(one.record.address, one.state) for one in check.endpoints] == [
        (ONE, "no_ipv4_here"), (SIX, "open"), (ONE, "no_ipv4_here"), (SIX, "no_answer"),
    ]  # fmt: skip
    assert (check.verdict, labels(document)) == ("ok", ["✓ 25", "✗ 587"])
    assert [one.outcome for one in check.facts.controls[587]] == ["connected", "connected"]


async def test_an_address_that_turned_us_away_while_we_spoke_to_another_is_asked_once_more_alone():
    busy = (Send(b"421 4.7.0 too many connections from you\r\n"), Close())
    async with Peer(busy, STAGE.server()) as second, probing(pool(ONE=WELL, TWO=WELL)) as (_, prober):
        inner = prober.route
        prober.route = lambda address, port: second.address if address == TWO else inner(address, port)
        check = await checked(prober, NAME, (25,))
    assert (second.connections, [str(one.state) for one in check.endpoints]) == (2, ["open", "open"])


def test_every_health_has_a_row_and_only_a_fault_of_the_host_weighs():
    assert BESIDE.keys() == set(Health)
    weigh = {comes_to for comes_to, code in BESIDE.items() if code.severity() >= code.severity().warning}
    assert weigh == {Health.UP, Health.FAULTY, Health.DOWN}


def test_no_route_is_told_from_an_answer_that_there_is_none():
    assert (
        connection.CONNECT_OUTCOMES[errno.ENETUNREACH] == connection.CONNECT_OUTCOMES[errno.EADDRNOTAVAIL] == "no_route"
    )
    assert connection.CONNECT_OUTCOMES[errno.EHOSTUNREACH] == "unreachable"
