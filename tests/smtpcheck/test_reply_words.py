"""Refusals in the words of many servers: what they say of our name or our address is ours."""

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER
from bot.demo.lab.scripts import dialogue, starttls
from bot.demo.lab.steps import Close, Send, Wait
from commands.smtpcheck.result.health import WORTH
from commands.smtpcheck.verdict.conclusion import overall
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.labs import report as sound
from tests.smtpcheck.speaking import EHLO_NAME, STAGE, report_on

OF_OUR_NAME = [
    f"504 5.5.2 <{EHLO_NAME}>: Helo command rejected: need fully-qualified hostname",
    f"450 4.7.1 <{EHLO_NAME}>: Helo command rejected: Host not found",
    "501 Syntactically invalid EHLO argument(s)",
    '550 "Your server is not allowed to use this name"',
    f"550 You are not {EHLO_NAME}",
    f"550 REJECTED - Bad HELO - Host impersonating [{EHLO_NAME}]",
    "501 5.0.0 Invalid domain name",
    f"553 5.0.0 {EHLO_NAME} config error: mail loops back to me (MX problem?)",
    f"553 5.5.4 {EHLO_NAME}... Domain name required",
    f"550 5.7.0 invalid hostname {EHLO_NAME}",
    "550 Mismatched hostname",
    "550 Your rDNS does not match your greeting name",
    "553 sorry, your HELO/EHLO greeting is in my badhelo list (#5.7.1)",
    "550 sorry, invalid host name in greeting (#5.7.1)",
    "550 5.7.1 mx: hostname does not resolve",
    "517 Invalid domain, see the standard",
    "554 Your host name does not match your IP address",
    "550 5.7.1 HELO_NAME invalid",
    "550 helohost is not resolvable",
    "550 Nombre de host no valido en EHLO",
    "500 5.5.2 Invalid HELO/EHLO hostname",
    "502 5.5.2 Bad EHLO hostname",
    "503 5.5.2 Send a proper HELO name first",
    "521 5.7.1 helo name is blocked",
    "530 5.7.1 HELO name not resolvable, access denied",
    f"521 5.7.25 {EHLO_NAME} does not resolve",
    f"530 5.7.1 {EHLO_NAME} not resolvable",
    f"503 5.5.1 {EHLO_NAME} is not a valid name",
    f"502 {EHLO_NAME} unknown",
    f"500 {EHLO_NAME} rejected",
]
OF_OUR_ADDRESS = [
    "550 5.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "554 5.7.1 Fix reverse DNS for 192.0.2.1",
    "554 No PTR record for your address",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
    "554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help.)",
    "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is on a list",
    "554 5.7.1 Dynamic IP addresses are not accepted",
    "550 5.7.1 Connections from your country are not accepted",
    "550 SBL: listed",
    "550 5.7.1 DUL: dialup ranges refused",
    "554 Blocked - see https://ipcheck.example.com/?ip=192.0.2.1",
]
OF_THE_SERVER = [
    ("554 mail.example.com does not accept mail", "refused_by_policy"),
    ("521 mail.example.com does not accept mail", "no_mail_service"),
    ("502 5.5.2 Error: command not recognized", "ehlo_not_understood"),
    ("502 EHLO not implemented", "ehlo_not_understood"),
    ("503 Send EHLO first", "unexpected_reply"),
    ("530 5.7.0 Must issue a STARTTLS command first", "tls_required"),
    (f"502 {EHLO_NAME} hello, but I do not know that command", "ehlo_not_understood"),
]
WITHOUT_A_REASON = [
    "554 No SMTP service here",
    "554 SMTP service not available",
    "550 Administrative prohibition",
    "550 5.7.1 not welcome",
    "571 5.7.1 Delivery not authorized, message refused",
]


def at_hello(reply):
    line = f"{reply}\r\n".encode()
    return dialogue({"EHLO": line, "HELO": line}, banner=BANNER)


async def judged_at(where, reply):
    script = at_hello(reply) if where == "EHLO" else (Send(f"{reply}\r\n".encode()), Close())
    return await report_on(script)


@pytest.mark.parametrize("reply", OF_OUR_NAME)
async def test_what_is_said_of_our_name_is_ours(reply):
    report = await judged_at("EHLO", reply)
    assert report.state == "ehlo_name_rejected"
    assert (overall([report], []), WORTH[report.health].available) == ("unknown", None)


@pytest.mark.parametrize("reply", OF_OUR_NAME)
async def test_what_is_said_of_our_name_inside_tls_is_ours_too(reply):
    script = dialogue(
        {"EHLO": b"250-mail\r\n250 STARTTLS\r\n", "STARTTLS": starttls(STAGE.context)},
        secure=dict.fromkeys(("EHLO", "HELO"), f"{reply}\r\n".encode()),
        banner=BANNER,
    )
    report = await report_on(script)
    assert report.state == "ehlo_name_rejected"
    assert WORTH[report.health].available is None


@pytest.mark.parametrize("reply", OF_OUR_ADDRESS)
@pytest.mark.parametrize("where", ["greeting", "EHLO"])
async def test_what_is_said_of_our_address_is_ours(where, reply):
    report = await judged_at(where, reply)
    assert report.state == "refused_by_policy"
    assert (overall([report], []), WORTH[report.health].available) == ("unknown", None)
    assert overall([report, sound(587)], []) == "ok"


@pytest.mark.parametrize(("reply", "state"), OF_THE_SERVER)
async def test_what_a_server_says_of_itself_counts(reply, state):
    report = await judged_at("EHLO", reply)
    assert report.state == state
    assert WORTH[report.health].available is False


@pytest.mark.parametrize("where", ["greeting", "EHLO"])
async def test_a_refusal_by_a_rule_without_a_name_shows_only_that_we_are_refused(where):
    """Beside ports that work it counts as a fault: it may meet everybody."""
    for reply in WITHOUT_A_REASON:
        report = await judged_at(where, reply)
        assert (report.state, [str(one.code) for one in report.findings if one.code == "refused_unexplained"]) == (
            "refused_by_policy",
            ["refused_unexplained"],
        ), reply
        worth = WORTH[report.health]
        assert (overall([report], []), worth.available, worth.outcome) == ("unknown", None, "unknown")
        assert overall([report, sound(587)], []) == "degraded"


@pytest.mark.parametrize("pause", [0.0, 0.2])
async def test_what_is_said_inside_tls_before_ehlo_is_heard_though_the_server_hangs_up(pause):
    full = b"421-4.7.0 mail.example.com\r\n421 4.7.0 Error: too many new TLS sessions from 192.0.2.1\r\n"
    hung_up = (*starttls(STAGE.context), Send(full), Wait(pause), Close())
    script = dialogue({"EHLO": b"250-mail\r\n250 STARTTLS\r\n", "STARTTLS": hung_up}, banner=BANNER)
    report = await report_on(script)
    assert (report.state, report.tls_state) == ("rate_limited", "ok")
    (found,) = (one for one in report.findings if one.code == "rate_limited")
    assert found.params["said"] == "4.7.0 mail.example.com / 4.7.0 Error: too many new TLS sessions from 192.0.2.1"


async def test_what_stands_in_the_clear_before_the_handshake_is_not_taken_for_words_inside_tls():
    injected = b"220 go\r\n421 4.7.0 too many connections\r\n"
    script = dialogue(
        {"EHLO": b"250-mail\r\n250 STARTTLS\r\n", "STARTTLS": starttls(STAGE.context, injected)}, banner=BANNER
    )
    assert (await report_on(script)).state != "rate_limited"


async def test_a_server_that_hung_up_inside_tls_is_asked_once_more_and_believed_where_it_says_why():
    hung_up = dialogue(
        {"EHLO": b"250-mail\r\n250 STARTTLS\r\n", "STARTTLS": (*starttls(STAGE.context), Close())}, banner=BANNER
    )
    full = b"454 4.7.0 Error: too many new TLS sessions from 192.0.2.1\r\n"
    refuses = dialogue({"EHLO": b"250-mail\r\n250 STARTTLS\r\n", "STARTTLS": full}, banner=BANNER)
    states = {"then in words": (hung_up, refuses), "always": (hung_up,), "once": (hung_up, STAGE.server())}
    seen = {}
    for name, scripts in states.items():
        async with probing() as (_, prober), Peer(*scripts) as peer:
            prober.route = lambda _address, _port, to=peer.address: to
            seen[name] = (await checked(prober, "mail.lab.example", (25,))).endpoints[0].state, peer.connections
    assert seen == {
        "then in words": ("rate_limited", 2), "always": ("no_ehlo_reply", 2), "once": ("no_ehlo_reply", 2),
    }  # fmt: skip
