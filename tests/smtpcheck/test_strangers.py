"""A device that answers in everybody's place: told by what hosts greet with that have nothing to do with each other."""

from dataclasses import replace

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import Host
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirks import QUIRKS
from bot.demo.lab.steps import Close, Expect, Hang, Read, Reset, Send
from commands.smtpcheck.egress.control_hosts import Greeting, greeting_of
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.verdict.interception import told, unmasked, who_greets
from commands.smtpcheck.verdict.interception import unproven_ports as doubtful
from commands.smtpcheck.wire.connection import open_socket
from commands.smtpcheck.wire.record import GREETING, NOTHING, Step
from tests.smtpcheck.labs import checked, in_words, probing, record
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE, STORE

RELAY = "relay.hotspot.example ESMTP"
MASKED = "*" * 30 + "0****2******0*****"
CONTROLS = ("mx.alpha.example", "mx.beta.test")


class Certificate:
    def __init__(self, *, trusted=True, name_matches=True, names=()):
        self.trusted, self.name_matches, self.names = trusted, name_matches, names


def report(greeting, *, host="mx.bank.example", port=25, state="open", mode="starttls", certificate=None):
    steps = (Step(GREETING, 0, 1, 220, greeting),)
    seen = record(port, host=host, mode=mode, steps=steps)
    return EndpointReport(seen, state, "not_offered", 1.0, NOTHING, NOTHING, certificate, ())


def refusal(text, **how):
    seen = report(text, state="refused_by_policy", **how)
    return replace(seen, record=replace(seen.record, steps=(Step(GREETING, 0, 1, 554, text),)))


def greeted(text, *hosts, port=25):
    return {port: tuple(Greeting(host, port, f"220 {text}\r\n") for host in hosts or CONTROLS)}


def codes(found):
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize("own", [None, Certificate(name_matches=False, names=("relay.hotspot.example",))])
def test_the_same_greeting_from_unrelated_hosts_is_a_device_in_between_whatever_its_own_certificate(own):
    (found,) = unmasked([report(RELAY, certificate=own)], "bank.example.org", greeted(RELAY))

    assert (found.state, codes(found)) == ("hijack_suspect", ["hijack_suspect"])
    assert found.findings[0].params["said"] == "relay.hotspot.example"


def test_what_a_device_in_between_does_breaks_no_promise_of_the_host():
    port = {"host": "mx.bank.example", "port": 25}
    kept = [("mta_sts_enforce", {"name": "bank.example"}), ("dane_unsigned", port)]
    kept += [("mta_sts_mx_certificate", {**port, "port": 587})]
    found = [(code, port) for code in ("mta_sts_mx_certificate", "mta_sts_no_starttls", "dane_mismatch", "dane_no_tls")]
    for words in (RELAY, MASKED):
        seen = unmasked([report(words), report("mx.bank.example ESMTP", port=587)], "bank.example.org", greeted(words))
        assert told([*kept, *found], seen) == kept
        assert told([*kept, *found], [report(words)]) == [*kept, *found]


def test_session_numbers_and_times_behind_the_name_do_not_count():
    (found,) = unmasked([report(RELAY + " id 1")], "mx.bank.example.org", greeted("Relay.Hotspot.Example id 2"))

    assert found.state == "hijack_suspect"


@pytest.mark.parametrize(
    "greetings",
    [
        {},
        greeted(RELAY, "mx.alpha.example"),
        greeted(RELAY, "mx1.alpha.test", "mx2.alpha.test"),
        greeted("mx.alpha.example ESMTP"),
        greeted(RELAY, port=587),
        {25: (Greeting("mx.alpha.example", 25, ""), Greeting("mx.beta.test", 25, ""))},
    ],
    ids=["no control", "one", "one operator", "another greeting", "another port", "silent controls"],
)
def test_less_than_two_operators_with_the_same_greeting_prove_nothing(greetings):
    (found,) = unmasked([report(RELAY)], "mx.bank.test", greetings)

    assert (found.state, codes(found)) == ("open", [])


def test_a_control_host_of_the_target_s_own_operator_is_no_witness():
    greetings = greeted("mx.big.test", "a.customer.test", "b.other.example")

    assert unmasked([report("mx.big.test", host="mx.customer.test")], "customer.test", greetings)[0].state == "open"


@pytest.mark.parametrize(
    ("greeting", "how"),
    [
        ("mail.bank.example ESMTP", {}),
        ("ESMTP ready", {}),
        ("", {}),
        (RELAY, {"state": "rate_limited"}),
        (RELAY, {"mode": "implicit"}),
        (RELAY, {"certificate": Certificate()}),
        (RELAY, {"host": "198.51.100.9", "certificate": Certificate(name_matches=False, names=("*.hotspot.example",))}),
    ],
)
def test_the_control_hosts_are_not_bothered_where_nothing_speaks_for_a_device(greeting, how):
    assert doubtful([report(greeting, **how)], how.get("host", "mx.bank.example")) == []


@pytest.mark.parametrize(
    "certificate", [None, Certificate(trusted=False), Certificate(name_matches=False, names=("relay.hotspot.example",))]
)
def test_a_foreign_name_that_no_certificate_vouches_for_is_worth_asking(certificate):
    assert doubtful([report(RELAY, certificate=certificate, host="mx.bank.test")], "bank.test") == [25]


def test_a_mask_that_every_host_wears_is_put_on_by_something_of_ours():
    (found,) = unmasked([report(MASKED)], "mx.bank.example", greeted("*" * 40))

    assert (found.state, codes(found)) == ("open", ["middlebox_here"])


LISTED = "5.7.1 Client host [192.0.2.10] blocked, ticket 17"


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        (LISTED, [25]),
        ("relay.hotspot.test no SMTP from here", [25]),
        ("mail.bank.test no SMTP from there", []),
        ("5.7.1 refused, see https://www.bank.test/postmaster", []),
    ],
)
def test_a_refusal_that_does_not_name_the_host_is_worth_asking(text, ports):
    assert doubtful([refusal(text, host="mx.bank.test")], "bank.test") == ports


def refused(text, *hosts):
    return {25: tuple(Greeting(host, 25, f"554 {text}\r\n") for host in hosts or CONTROLS)}


def test_a_refusal_in_the_same_words_by_unrelated_hosts_is_on_our_side():
    (found,) = unmasked([refusal(LISTED)], "mx.bank.example.org", refused(LISTED.replace("17", "2031")))
    assert (found.state, codes(found)) == ("refused_by_policy", ["refused_alike"])
    assert "'554 5.7.1 Client host" in sentence("refused_alike", found.findings[0].params)


def test_a_device_that_refuses_under_its_own_name_is_a_device_whatever_it_says():
    text = "relay.hotspot.example closed"
    (found,) = unmasked([refusal(text)], "mx.bank.example.org", refused(text + ", id 7"))
    assert (found.state, codes(found)) == ("hijack_suspect", ["hijack_suspect"])


@pytest.mark.parametrize(
    "greetings",
    [{}, refused("5.7.1 other words"), refused(LISTED, "mx.alpha.example"), greeted("mx.alpha.example ESMTP")],
    ids=["no control", "other words", "one", "let in"],
)
def test_other_words_elsewhere_leave_a_refusal_as_it_is(greetings):
    assert unmasked([refusal(LISTED)], "mx.bank.example.org", greetings) == (refusal(LISTED),)


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        ("220 Mail.Example.COM. ESMTP\r\n", "mail.example.com"),
        ("220-a.example\r\n220 b", "a.example"),
        ("220 " + "*" * 12 + "2*0", "*" * 8),
        ("220\r\n", ""),
        ("", ""),
    ],
)
def test_the_name_that_a_greeting_begins_with(greeting, name):
    assert who_greets(greeting) == name


async def heard_from(*steps):
    async with Peer(steps) as peer:
        _, sock = await open_socket(*peer.address, 2.0)
        heard = await greeting_of(sock)
        assert sock.fileno() == -1
    return heard, peer.lines


async def test_a_greeting_is_heard_to_its_end_and_thanked_with_quit():
    bye = (Expect("QUIT"), Send(b"221 bye\r\n"), Close())
    assert await heard_from(Send(b"220-a.example\r\n"), Send(b"220 ready\r\n"), *bye) == (
        ("220-a.example\r\n220 ready\r\n", "greeted", ""), [b"QUIT"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "how", "instead"),
    [
        ((Hang(),), "silent", ""),
        ((Send(b"220-half\r\n"), Hang()), "other", "220-half"),
        ((Close(),), "closed", ""),
        ((Reset(),), "closed", ""),
        ((Send(b"A" * 9000), Read()), "other", "A" * 199 + "…"),
        ((Send(b"SSH-2.0-x\r\n"), Hang()), "other", "SSH-2.0-x"),
    ],
)
async def test_what_is_no_whole_greeting_is_none_and_nothing_is_said_to_it(steps, how, instead):
    assert await heard_from(*steps) == (("", how, instead), [])


async def test_a_host_that_does_not_answer_quit_is_not_waited_for():
    heard, lines = await heard_from(Send(b"220 a.example\r\n"), Hang())

    assert (heard.text, lines) == ("220 a.example\r\n", [b"QUIT"])


async def intercepted(quirk, *, target="mail.lab.example"):
    """A whole check on a network where one device takes every connection to port 25."""
    async with probing() as (_, prober), Peer(*QUIRKS[quirk].scripts(STAGE)) as relay:
        elsewhere = prober.route

        def route(address, port):
            return relay.address if port == 25 else elsewhere(address, port)

        prober.route = prober.control.route = route
        return await checked(prober, target, (25, 587)), relay


async def test_a_relay_on_the_way_is_told_from_the_host_that_was_meant():
    check, relay = await intercepted("G33")

    caught, sound = check.endpoints
    assert (caught.state, sound.state) == ("hijack_suspect", "open")
    assert [finding.code for finding in caught.findings] == ["hijack_suspect"]
    assert relay.lines.count(b"QUIT") == relay.connections == 3
    assert (check.verdict, check.recommended.port) == ("ok", 587)  # the device is ours, not the host's


async def test_where_only_the_relay_answers_nothing_is_said_of_the_host():
    check, _ = await intercepted("G33", target="mx2.lab.example")

    assert [report.state for report in check.endpoints] == ["hijack_suspect", "refused"]
    assert (check.verdict, check.recommended) == ("unknown", None)


async def test_a_refusal_by_everybody_is_not_laid_to_the_host():
    check, _ = await intercepted("G18")

    assert [finding.code for finding in check.endpoints[0].findings] == ["refused_alike"]


async def test_a_masking_firewall_on_our_own_network_is_told_as_ours():
    check, _ = await intercepted("G23")

    assert {"middlebox_cisco", "middlebox_here"} <= {finding.code for finding in check.endpoints[0].findings}


async def test_a_check_with_a_relay_on_the_way_is_replayed_to_the_same_end():
    check, _ = await intercepted("G33")

    again = replay(saved_again(check, STORE), store=STORE)

    assert [report.state for report in again.endpoints] == [report.state for report in check.endpoints]


async def test_a_host_that_shows_its_own_certificate_costs_the_control_hosts_nothing():
    async with probing() as (lab, prober):
        await checked(prober, "mail.lab.example")
        assert {lab.peers[address, 25].connections for address in ("198.51.100.250", "203.0.113.251")} == {0}


WORDLESS = {
    "silent": (Hang(),),
    "closed": (Close(),),
    "other": (Send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Close()),
}


async def taken(*steps, target="mail.lab.example", ports=(25,), device=(25,)):
    """A check on a network where one device takes every connection to these ports and speaks no SMTP."""
    async with probing() as (_, prober), Peer(*([steps] * 9)) as peer:
        elsewhere = prober.route
        prober.route = prober.control.route = lambda address, port: (
            peer.address if port in device else elsewhere(address, port)
        )
        check = await checked(prober, target, ports)
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == to_document(check)
    return in_words(check)


@pytest.mark.parametrize("steps", WORDLESS.values(), ids=WORDLESS)
async def test_a_device_that_takes_every_connection_and_speaks_no_smtp_is_not_the_host(steps):
    document = await taken(*steps)

    (endpoint,) = document["endpoints"]
    assert (document["verdict"], endpoint["state"]) == ("unknown", "hijack_suspect")
    assert "Likely something on our side" in endpoint["findings"][0]["message"]
    assert "Check from another network." in document["summary"]


async def test_so_is_one_that_takes_connections_where_tls_comes_first():
    document = await taken(Hang(), ports=(465,), device=(465,))

    assert (document["verdict"], document["endpoints"][0]["state"]) == ("unknown", "hijack_suspect")


@pytest.mark.parametrize("steps", WORDLESS.values(), ids=WORDLESS)
async def test_a_host_that_alone_speaks_no_smtp_stays_what_it_is(steps):
    odd = Host("odd.lab.example", ("198.51.100.199",), "speaks no SMTP", {25: lambda _authority: steps})
    async with probing([*HOSTS, odd]) as (_, prober):
        document = in_words(await checked(prober, "odd.lab.example", (25,)))

    assert document["verdict"] in {"failed", "unknown"}
    assert document["endpoints"][0]["state"] in {"no_greeting", "closed_before_greeting", "not_smtp"}
