"""The one other way that an endpoint may answer: TLS on a silent port, a handshake without the name."""

from dataclasses import replace

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirks import QUIRKS
from bot.demo.lab.steps import Close, Hang, Send, StartTls
from commands.smtpcheck.probe.connection_plan import hung_up_in_tls, in_tls, without_name
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.parts import client_settings
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, Step
from tests.smtpcheck.labs import checked, in_words, probing, record
from tests.smtpcheck.labs import report as endpoint_report
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
ADDRESS = "198.51.100.25"


def codes(report):
    return {finding.code for finding in report.findings}


async def test_a_silent_port_that_waits_for_tls_is_named_as_such():
    async with probing() as (lab, prober):
        check = await checked(prober, "implicit.lab.example", (587,))

    (report,) = check.endpoints
    assert (report.state, report.tls_state, report.tls_mode) == ("open", "ok", "implicit")
    assert "implicit_tls" in codes(report)
    assert check.recommended.tls == "implicit"
    assert lab.peers["198.51.100.33", 587].connections == 2


async def test_a_server_that_refuses_the_name_is_tried_once_without_it():
    async with probing() as (_, prober), Peer(*QUIRKS["T11a"].scripts(STAGE)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (587,))

    (report,) = check.endpoints
    assert peer.connections == 2
    assert (report.tls_state, report.record.sni) == ("ok", False)
    (found,) = [one for one in report.findings if one.code == "sni_rejected"]
    assert found.severity.name == "error"
    assert "To us, without the name, it spoke TLS" in sentence(found.code, found.params)
    assert "refuses clients that name it in the handshake" in client_settings(to_document(check))
    assert check.recommended.reason == "least_bad"


async def test_a_server_that_refuses_every_handshake_is_left_alone_after_the_second():
    async with probing() as (_, prober), Peer(*QUIRKS["T11b"].scripts(STAGE)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (587,))

    assert peer.connections == 2
    (report,) = check.endpoints
    assert report.tls_state == "sni_rejected"
    (found,) = [one for one in report.findings if one.code == "sni_rejected"]
    assert sentence(found.code, found.params).endswith("it has no certificate for it.")


async def test_a_server_that_wants_a_name_in_the_handshake_is_not_down_because_an_address_has_none():
    async with probing() as (_, prober), Peer(*QUIRKS["T11b"].scripts(STAGE)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, ADDRESS, (587,))

    assert peer.connections == 1
    (report,) = check.endpoints
    assert codes(report) & {"sni_missing", "sni_rejected"} == {"sni_missing"}
    assert check.verdict == "unknown"
    assert "See the findings." in in_words(check)["summary"]


async def test_a_port_that_says_nothing_in_any_way_is_silent():
    async with probing() as (_, prober), Peer(*QUIRKS["G07"].scripts(STAGE)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (587,))

    assert peer.connections == 4  # plain, TLS, and both versions of a PROXY header
    assert [report.state for report in check.endpoints] == ["no_greeting"]


async def test_an_http_server_that_waits_to_be_spoken_to_is_named_at_the_second_try():
    async with probing() as (_, prober), Peer(*QUIRKS["G15"].scripts(STAGE)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (587,))

    (report,) = check.endpoints
    assert (report.state, report.findings[0].params["protocol"]) == ("not_smtp", "HTTP")


async def test_a_mail_server_that_is_busy_behind_tls_is_busy_and_not_silent():
    busy = (StartTls(STAGE.context), Send(b"421 4.7.0 too many connections\r\n"), Close())
    async with probing() as (_, prober), Peer((Hang(),), busy) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (587,))

    assert [report.state for report in check.endpoints] == ["rate_limited"]


@pytest.mark.parametrize(
    ("mode", "sni", "state", "tls_state", "changed"),
    [
        ("starttls", True, "no_greeting", "", {"mode": "implicit"}),
        ("implicit", True, "no_greeting", "ok", None),
        ("starttls", True, "open", "sni_rejected", {"sni": False}),
        ("starttls", False, "open", "sni_rejected", None),
        ("implicit", True, "tls_failed", "sni_rejected", {"sni": False}),
        ("starttls", True, "open", "ok", None),
        ("starttls", True, "no_answer", "", None),
    ],
)
def test_what_is_tried_again_is_a_table(mode, sni, state, tls_state, changed):
    endpoint = Endpoint(NAME, ADDRESS, 587, mode, sni)

    assert (in_tls(endpoint, state) or without_name(endpoint, tls_state)) == (
        replace(endpoint, **changed) if changed else None
    )


def test_who_ends_or_falls_silent_inside_tls_is_asked_once_more_and_nobody_else():
    """A busy Postfix says 421 and resets: a network that drops the reset leaves silence."""
    asked = {
        (state, name, error): hung_up_in_tls(
            replace(endpoint_report(25, state), record=record(steps=(Step(name, 0.0, 1.0, error=error),)))
        )
        for state in ("no_ehlo_reply", "tarpit")
        for name in (EHLO, EHLO_AFTER_TLS)
        for error in ("closed", "reset", "timeout", "held_up", "not_finished")
    }
    assert {key for key, again in asked.items() if again} == {
        ("no_ehlo_reply", EHLO_AFTER_TLS, error) for error in ("closed", "reset", "timeout")
    }
