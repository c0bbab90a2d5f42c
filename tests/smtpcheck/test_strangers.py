"""A device that answers in everybody's place: told by what hosts greet with that have nothing to do with each other."""

import pytest

from bot.lab.peer import Peer
from bot.lab.steps import Close, Expect, Hang, Read, Reset, Send
from commands.smtpcheck.control import Greeting
from commands.smtpcheck.extensions import NOTHING
from commands.smtpcheck.hearing import greeting_of
from commands.smtpcheck.model import EndpointReport
from commands.smtpcheck.record import GREETING, Step
from commands.smtpcheck.strangers import doubtful, unmasked, who_greets
from commands.smtpcheck.wire import open_socket
from tests.smtpcheck.labs import record

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


def greeted(text, *hosts, port=25):
    return {port: tuple(Greeting(host, port, f"220 {text}\r\n") for host in hosts or CONTROLS)}


def codes(found):
    return [finding.code for finding in found.findings]


def test_the_same_greeting_from_unrelated_hosts_is_a_device_in_between():
    (found,) = unmasked([report(RELAY)], "bank.example.org", greeted(RELAY))

    assert (found.state, codes(found)) == ("hijack_suspect", ["hijack_suspect"])
    assert found.findings[0].params["said"] == "relay.hotspot.example"


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
        text = await greeting_of(sock)
        assert sock.fileno() == -1
    return text, peer.lines


async def test_a_greeting_is_heard_to_its_end_and_thanked_with_quit():
    bye = (Expect("QUIT"), Send(b"221 bye\r\n"), Close())
    assert await heard_from(Send(b"220-a.example\r\n"), Send(b"220 ready\r\n"), *bye) == (
        "220-a.example\r\n220 ready\r\n", [b"QUIT"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "steps", [(Hang(),), (Send(b"220-half\r\n"), Hang()), (Close(),), (Reset(),), (Send(b"A" * 9000), Read())]
)
async def test_what_is_no_whole_greeting_is_none_and_nothing_is_said_to_it(steps):
    assert await heard_from(*steps) == ("", [])


async def test_a_host_that_does_not_answer_quit_is_not_waited_for():
    assert await heard_from(Send(b"220 a.example\r\n"), Hang()) == ("220 a.example\r\n", [b"QUIT"])
