"""The first line agrees with the table and the findings, and says no more than was seen from one place."""

import json
from dataclasses import replace

import pytest

from bot.demo.lab.hosts import HOSTS, ZONE
from bot.demo.lab.lab import Host, Tcp
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_PLAIN
from bot.demo.lab.quirks import QUIRKS
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Close, Hang, Send, Wait
from bot.demo.workspace.blockkit import problems
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.result.states import State
from commands.smtpcheck.verdict.conclusion import conclude, overall
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view.told_findings import worst_findings
from tests import moving
from tests.smtpcheck.labs import AT, checked, in_words, probing, record
from tests.smtpcheck.labs import report as sound
from tests.smtpcheck.speaking import STAGE, STORE, codes, report_on


async def concluded(*reports, vantage="local"):
    """A real check's facts with these reports."""
    async with probing() as (_, prober):
        facts = (await checked(prober, "mail.lab.example", (25,))).facts
    return in_words(conclude(replace(facts, vantage=vantage), reports, store=STORE))


async def on(quirk, port=25):
    return await report_on(*QUIRKS[quirk].scripts(STAGE), port=port)


@pytest.mark.parametrize(("vantage", "named"), [("local", "here"), ("mta-03/192.0.2.11", "mta-03/192.0.2.11")])
async def test_who_is_turned_away_says_so_of_this_place_alone(vantage, named):
    said = (await concluded(await on("G08"), vantage=vantage))["summary"]
    assert said.startswith(f"mail.lab.example is not usable from {named}. ")


async def test_who_refuses_our_address_is_not_judged_and_the_next_step_is_ours():
    words = (await concluded(await on("G18")))["summary"]
    assert words.startswith("mail.lab.example could not be judged. 25: refuses us (5xx). The fault is likely ours: ")
    assert "zen.example, a blocklist, lists our address" in words


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (
            "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]",
            "which address it sees is not known here",
        ),
        ("421 4.7.0 Reverse DNS failure, try later", "where both are right, a look-up failed for now"),
        ("554 5.7.25 cannot find your reverse hostname", "where both are right, ask the server's operator"),
        ("450 4.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org", "Spamhaus, a blocklist, lists our"),
        ("421 4.7.0 [192.0.2.7] very low reputation", "The server distrusts our address"),
    ],
)
async def test_a_refusal_for_our_address_is_ours_whether_for_good_or_for_now(reply, says):
    refused = await report_on((Send(f"{reply}\r\n".encode()), Close()))
    document = await concluded(refused)
    assert says in document["summary"]
    assert "Run it again" not in document["summary"]
    assert overall([refused, sound(587)], []) == "ok"


async def test_who_rejects_our_name_is_not_judged_and_the_next_step_is_ours():
    words = (await concluded(await on("E07a")))["summary"]
    assert words.startswith("mail.lab.example could not be judged. 25: EHLO rejected. The fault is ours:")
    assert "PORTERO_EHLO_NAME" in words


async def test_a_busy_port_for_clients_is_not_called_absent():
    document = await concluded(await on("G01"), await on("G19", 587))

    assert document["summary"].endswith(
        "Port 25 answers other mail servers (STARTTLS). No port for clients was seen to work."
    )


@pytest.mark.parametrize(
    ("reply", "behind"),
    [
        ("451 4.7.1 Service unavailable - try again later", True),
        ("451 4.3.5 Server configuration problem", True),
        ("450 4.7.1 Greylisted", False),
    ],
)
async def test_where_other_servers_are_turned_away_a_port_for_clients_does_not_speak_for_the_whole(reply, behind):
    refused = await report_on((Send(f"{reply}\r\n".encode()), Close()))
    words = (await concluded(refused, sound(587)))["summary"]

    assert "Use port 587" in words
    assert "Not so for what other servers deliver (25: not now (4xx))." in words
    assert ("mail that is handed in on 587 may meet it, too" in words) is behind


async def test_a_server_that_offers_no_tls_takes_mail_all_the_same():
    assert "(no TLS from here)" in (await concluded(await on("E14")))["summary"]


@pytest.mark.parametrize("quirk", ["T03", "T05", "T09"])
async def test_where_tls_is_offered_and_fails_nobody_knows_whether_mail_gets_in_without_it(quirk):
    document = await concluded(await on(quirk))
    assert document["verdict"] == "failed"
    assert document["recommended"] is None
    assert document["summary"].startswith(
        "mail.lab.example offers TLS that fails. Whether port 25 takes mail without TLS was not tried. "
        "25: open, TLS fails."
    )


async def test_implicit_tls_on_587_is_not_called_a_recommendation_of_the_rfc():
    async with probing() as (_, prober):
        document = in_words(await checked(prober, "implicit.lab.example", (587,)))

    assert "RFC 8314" not in document["summary"]
    assert "unusual on this port" in document["recommended"]["reason"]


async def test_a_device_that_answers_for_all_is_not_asked_again_and_its_name_is_not_held_against_the_host():
    async with Peer(*QUIRKS["G33"].scripts(STAGE)) as device, probing() as (_, prober):
        elsewhere = prober.route

        def route(address, port):
            return device.address if port == 25 else elsewhere(address, port)

        prober.route = prober.control.route = route
        check = await checked(prober, "mail.lab.example", (25,))

    assert in_words(check)["summary"].endswith("another answers. Check from another network.")
    assert "banner_not_ptr" not in codes(check)
    assert "banner_not_ptr" in dict(check.facts.policy)


@pytest.mark.parametrize(("quirk", "shown"), [("G31a", "2_2 x"), ("G31c", "+22 x"), ("G16", "220 (vsFTPd 3.0.3)")])
async def test_what_is_not_smtp_is_shown_with_the_code_that_gave_it_away(quirk, shown):
    (found,) = [one for one in (await on(quirk)).findings if one.code == "not_smtp"]
    assert found.params["said"].startswith(shown)


async def test_a_state_that_several_addresses_share_is_said_once():
    document = await concluded(await on("G08"), await on("G08"))
    assert document["summary"].count("25: closed, no word") == 1


async def test_an_open_port_that_clients_cannot_use_is_said_to_lack_tls():
    assert "587: open without TLS." in (await concluded(await on("T15", 587)))["summary"]


async def test_a_domain_that_takes_no_mail_is_not_said_to_take_it_where_its_own_address_answers():
    zone = {"null.example": {"MX": ["0 ."], "A": ["198.51.100.35"]}}
    async with probing(zone=zone) as (_, prober):
        document = in_words(await checked(prober, "null.example", (25,)))
    assert document["summary"].endswith(
        "Port 25 answers as a mail server (STARTTLS), but the domain declares that it receives no mail (null MX)."
    )
    assert document["recommended"] is None


async def test_without_a_route_over_ipv6_nothing_is_said_of_a_host_that_has_nothing_else():
    six = record(25, connect="unreachable", host="six.example")
    report = judge(replace(six, address="2001:db8::1"), at=AT, store=STORE)
    document = await concluded(report)
    assert document["verdict"] == "unknown"
    assert document["summary"].endswith("could not be judged. 25: no IPv6 here. Check from another network.")
    assert "most likely it or its network has no IPv6." in document["endpoints"][0]["findings"][0]["message"]
    four = await concluded(judge(six, at=AT, store=STORE))
    assert four["summary"].endswith("could not be judged. 25: no route. Check from another network.")


async def test_ports_for_clients_of_a_host_that_was_asked_for_mail_alone_are_not_said_to_be_missing():
    zone = {"nolisting.example": {"MX": ["10 down.example.", "20 mail.lab.example."]}, "down.example": {"A": [ONE]}}
    down = Host("down.example", (ONE,), "Takes no connections.", {25: Tcp.REFUSED})
    async with probing((*HOSTS, down), zone={**ZONE, **zone}) as (_, prober):
        document = in_words(await checked(prober, "nolisting.example"))
    assert document["summary"].endswith("Port 25 answers other mail servers on 1 of 2 hosts (STARTTLS).")
    assert "nolisting (on purpose" in worst_findings(document)[0]["message"]


async def test_implicit_tls_on_25_lets_no_mail_in():
    async with Peer(*QUIRKS["M01"].scripts(STAGE)) as peer, probing() as (_, prober):
        prober.route = lambda _address, _port: peer.address
        document = in_words(await checked(prober, "mail.lab.example", (25,)))
    assert document["summary"].endswith("not usable from here. 25: open, TLS from the first byte. See the findings.")
    found = document["endpoints"][0]["findings"][0]
    assert (found["code"], found["severity"]) == ("implicit_tls", "error")
    assert "servers that send expect a greeting" in found["message"]
    assert document["recommended"] is None


@pytest.mark.parametrize("ports", [(465,), (465, 587)])
async def test_the_first_line_points_to_findings_only_where_some_are_shown(ports):
    async with probing() as (_, prober):
        document = in_words(await checked(prober, "mx2.lab.example", ports))
    assert document["verdict"] == "failed"
    shown = [one for one in worst_findings(document) if one["severity"] != "info"]
    assert ("See the findings." in document["summary"]) is bool(shown)
    alone = "465: refused. Port 465 refuses connections, while mx.alpha.example, mx.beta.example can be reached on it"
    assert (alone if len(ports) == 1 else "465, 587: refused.") in document["summary"]


ONE, TWO = "198.51.100.101", "198.51.100.102"
TWO_MX = {
    "two.example": {"MX": ["10 one.example.", "20 two.two.example."]},
    "one.example": {"A": [ONE]},
    "two.two.example": {"A": [TWO]},
}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("T01", "T01", "answers other mail servers (STARTTLS)."),
        ("G19", "T01", "answers other mail servers on 1 of 2 hosts (STARTTLS)."),
        ("T01", "G18", "answers other mail servers on 1 of 2 hosts (STARTTLS)."),
        ("E03", "T01", "answers other mail servers (STARTTLS on 1 of 2 hosts)."),
        ("E03", "E03", "answers other mail servers (no TLS from here)."),
    ],
)
async def test_of_several_exchangers_the_first_line_counts_those_that_take_mail(first, second, told):
    scripts = (QUIRKS[quirk].scripts(STAGE) for quirk in (first, second))
    async with Peer(*next(scripts)) as one, Peer(*next(scripts)) as two, probing(zone=TWO_MX) as (_, prober):
        elsewhere, peers = prober.route, {(ONE, 25): one.address, (TWO, 25): two.address}
        prober.route = lambda address, port: peers.get((address, port)) or elsewhere(address, port)
        assert in_words(await checked(prober, "two.example", (25,)))["summary"].endswith(told)


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        ((Wait(20.0),), "25: silent for 15 s."),
        ((Send(b"220-mx.example.com\r\n"), Wait(20.0)), "25: half a greeting in 15 s."),
    ],
)
def test_a_host_that_may_yet_greet_is_not_called_unusable_and_deep_waits_longer(steps, seen):
    quick = moving.run(_greeter(steps, deep=False))
    assert quick["verdict"] == "unknown"
    assert seen in quick["summary"]
    assert quick["summary"].endswith(
        "Some servers make strangers wait longer for a greeting: add deep, which waits up to 35 s for each "
        "reply and takes up to 2 min in all."
    )

    reply = view.result(quick, logged=True)
    (button,) = [it for it in reply.blocks[-1]["elements"] if it["action_id"] == "smtpcheck.deep"]
    assert button["value"] == "mail.lab.example 25 deep"
    assert "`/smtpcheck mail.lab.example 25 deep` waits up to 35 s for each reply" in json.dumps(reply.blocks)
    assert problems(reply.blocks, "message") == []

    deep = moving.run(_greeter(steps, deep=True))
    assert deep["endpoints"][0]["state"] == "open"
    assert "slow_greeting" in {found["code"] for found in deep["endpoints"][0]["findings"]}


def _slow_at_ehlo():
    return dialogue({"EHLO": (Wait(20.0), Send(EHLO_PLAIN))}, banner=BANNER)


def test_a_host_that_may_yet_answer_ehlo_is_not_called_unusable_and_deep_waits_longer():
    quick = moving.run(_slow(_slow_at_ehlo(), deep=False))
    assert (quick["verdict"], quick["recommended"]) == ("unknown", None)
    assert "25: EHLO unanswered for 10 s. Some servers make strangers wait longer at EHLO" in quick["summary"]
    (button,) = [
        it for it in view.result(quick, logged=True).blocks[-1]["elements"] if it["action_id"] == "smtpcheck.deep"
    ]
    assert button["value"] == "mail.lab.example 25 deep"

    deep = moving.run(_slow(_slow_at_ehlo(), deep=True))
    assert deep["endpoints"][0]["state"] == "open"


def test_a_host_that_greets_nobody_within_the_longest_delays_is_not_usable_from_here():
    document = moving.run(_greeter((Hang(),), deep=True))
    assert document["verdict"] == "failed"
    assert "greeting_awaited" not in {found["code"] for found in document["endpoints"][0]["findings"]}


async def _greeter(steps, *, deep):
    return await _slow((*steps, *QUIRKS["T01"].scripts(STAGE)[0]), deep=deep)


async def _slow(script, *, deep):
    async with Peer(script) as peer, probing() as (_, prober):
        prober.route = lambda _address, _port: peer.address
        return in_words(await prober.check(parse_target("mail.lab.example"), (25,), check_id="0", deep=deep))


async def test_an_exchanger_that_we_have_no_way_to_is_not_counted_among_those_that_do_not_answer():
    unseen = replace(record(host="six.example", connect="no_route"), address="2001:db8::1")
    reports = [await on("E14"), judge(unseen, at=AT, store=STORE)]
    dns = Dns("lab.example", "domain", mx=((10, "mail.lab.example"), (20, "six.example")))
    said = in_words(conclude(Facts("0", "lab.example", "local", AT, 1.0, dns), reports, store=STORE))["summary"]
    assert "Port 25 answers other mail servers (no TLS from here)." in said


async def test_our_side_blocks_only_the_ports_that_it_does():
    said = (await concluded(sound(25, State.BLOCKED_HERE), sound(587, State.NO_ANSWER)))["summary"]
    assert said.startswith("Our side blocks mail.lab.example on 25. 25: blocked here; 587: no answer. ")


async def test_where_the_host_itself_refuses_beside_a_port_that_is_blocked_our_side_is_not_accused_first():
    """Whoever reads the first line alone would go to the wrong people: nobody knows whether 25 answers."""
    said = (await concluded(sound(25, State.BLOCKED_HERE), sound(587, State.REFUSED)))["summary"]
    assert said == (
        "mail.lab.example refuses connections on 587. On 25 our side blocks the way, so nothing is known there. "
        "25: blocked here; 587: refused."
    )
