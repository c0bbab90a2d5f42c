"""Refusals in words: what they are about decides, and is said: a client certificate, a back end, our rate, a list."""

import pytest

from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS, HOST
from bot.demo.lab.scripts import dialogue, starttls
from bot.demo.lab.steps import Close, Raw, ReadBytes, Send, StartTls
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.result.health import WORTH
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.verdict.conclusion import conclude, overall, summary
from tests.smtpcheck.labs import AT
from tests.smtpcheck.speaking import STAGE, STORE, codes, report_on

TLS = STAGE.context
CERTIFICATE = b"421 4.7.1 mail.example.com Error: No client certificate presented\r\n"


def greets(reply):
    return (Send(f"{reply}\r\n".encode()), Close())


def upgrading(*steps):
    return dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": steps}, banner=BANNER)


def inside(reply):
    after = (Send(reply), Close())
    return dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(TLS)}, secure={"EHLO": after}, banner=BANNER)


def words(report):
    return " ".join(sentence(found.code, found.params) for found in report.findings)


@pytest.mark.parametrize(
    ("script", "port"),
    [
        (inside(CERTIFICATE), 25),
        (inside(b"554 5.7.1 TLS client certificate required\r\n"), 587),
        (inside(b"550 client certificate missing\r\n"), 587),
        ((StartTls(TLS), Send(CERTIFICATE), Close()), 465),
        (upgrading(Send(b"550 5.7.1 client certificate required\r\n")), 587),
        (greets("421 4.7.1 No required SSL certificate was sent"), 25),
    ],
)
async def test_a_certificate_that_is_demanded_in_words_is_no_matter_of_time(script, port):
    report = await report_on(script, port=port)
    assert (report.state, report.tls_state, codes(report)) == (
        "tls_failed",
        "wants_certificate",
        {"tls_wants_certificate"},
    )
    assert overall([report], []) == "failed"
    assert "asking again changes nothing" in words(report)
    assert "busy" not in words(report)


@pytest.mark.parametrize(
    "steps",
    [
        (Send(b"454 4.3.0 Try again later\r\n"),),
        (Send(b"451 4.3.0 Temporary server error\r\n"),),
        (Send(b"454 4.3.3 not now\r\n"),),
        (Send(b"220 go\r\n"), ReadBytes(5), Raw(b"454 4.3.0 Try again later\r\n"), Close()),
    ],
)
async def test_a_fault_behind_the_server_says_nothing_of_its_certificate(steps):
    report = await report_on(upgrading(*steps))
    assert (report.state, report.tls_state, codes(report)) == ("temp_refused", "", {"temp_refused"})
    assert (overall([report], []), WORTH[report.health].available) == ("unknown", None)
    assert "temporary fault of the server: a filter (milter)" in words(report)
    assert "certificate" not in words(report)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("451 4.3.0 Temporary lookup failure", "temporary fault of the server"),
        ("451 4.7.1 Service unavailable - try again later", "(milter) puts this client off, or does not answer it"),
        ("421 4.7.0 Auth process broken", "cannot check logins now"),
        ("454 4.7.0 Temporary authentication failure", "cannot check logins now"),
        ("421 4.3.2 closed for maintenance until 22:00 UTC", "may say until when"),
    ],
)
async def test_a_fault_behind_the_server_at_ehlo_is_its_own(reply, said):
    report = await report_on(dialogue({"EHLO": f"{reply}\r\n".encode()}, banner=BANNER))
    assert report.state == "temp_refused"
    assert said in words(report)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("454 4.7.0 TLS not available due to local problem", "cannot be read, or a program that does TLS for it"),
        ("454 TLS currently unavailable", "Most often its certificate or key cannot be read"),
        ("454 4.7.0 later, please", "and not why: its certificate or key cannot be read, or a service"),
    ],
)
async def test_words_of_tls_point_to_the_key_and_its_own_code_to_that_or_a_service(reply, said):
    report = await report_on(upgrading(Send(f"{reply}\r\n".encode())))
    assert (report.state, report.tls_state, codes(report)) == ("open", "broken_temp", {"starttls_broken_temp"})
    assert said in words(report)


@pytest.mark.parametrize(
    "reply",
    [
        "550 TLS not for you",
        "554 5.7.1 no",
        "503 5.5.1 TLS already active",
        "534 no",
        "550 5.7.1 TLS is not available in your country",
    ],
)
async def test_a_server_that_refuses_starttls_is_no_device_in_between(reply):
    report = await report_on(upgrading(Send(f"{reply}\r\n".encode())))
    assert (report.tls_state, codes(report)) == ("refused", {"starttls_refused"})
    assert "device" not in words(report)
    assert reply in words(report)


@pytest.mark.parametrize("reply", ["451 STARTTLS not for you right now", "454 4.3.0 Try again later"])
async def test_who_refuses_starttls_for_now_may_take_mail_without(reply):
    report = await report_on(upgrading(Send(f"{reply}\r\n".encode())))
    assert report.state == "temp_refused"
    assert f"The server refused STARTTLS for now ({reply[:3]})" in words(report)


@pytest.mark.parametrize("reply", ["500 5.5.1 Command unrecognized", "502 what?", "554 5.5.1 command not recognized"])
async def test_who_announces_starttls_and_does_not_know_it_is_two(reply):
    report = await report_on(upgrading(Send(f"{reply}\r\n".encode())))
    assert (report.tls_state, codes(report)) == ("intercepted", {"starttls_intercepted"})
    assert "a device in between" in words(report)


@pytest.mark.parametrize(
    "reply",
    [
        "550 Too many connections from your IP",
        "554 Too many concurrent SMTP connections; please try again later",
        "550 5.7.1 Connection rate limit exceeded for 192.0.2.1",
        "554 5.7.0 throttled",
        "421 4.7.0 Error: too many connections from 192.0.2.1",
        "450 4.7.1 Error: too much mail from 192.0.2.1",
    ],
)
@pytest.mark.parametrize("where", ["greeting", "EHLO", "STARTTLS"])
async def test_what_is_said_of_our_rate_is_no_matter_of_our_address(where, reply):
    line = f"{reply}\r\n".encode()
    scripts = {
        "greeting": greets(reply),
        "EHLO": dialogue({"EHLO": line, "HELO": line}, banner=BANNER),
        "STARTTLS": upgrading(Send(line)),
    }
    report = await report_on(scripts[where])
    assert (report.state, codes(report)) == ("rate_limited", {"rate_limited"})
    assert (overall([report], []), WORTH[report.health].available) == ("unknown", None)
    assert f"({reply[:3]})" in words(report)
    assert not any(word in words(report) for word in ("reverse DNS", "blocklist"))


@pytest.mark.parametrize(
    ("reply", "begins"),
    [
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            "Spamhaus, a blocklist, lists our address, says the server: look it up and ask for its removal at https://check.spamhaus.org/.",
        ),
        (
            "521 5.7.1 Service unavailable; client [192.0.2.1] blocked using bl.spamcop.net",
            "SpamCop, a blocklist, lists our address, says the server: look it up and ask for its removal at https://www.spamcop.net/bl.shtml.",
        ),
        (
            "450 4.7.1 Client host blocked using bl.example.net",
            "bl.example.net, a blocklist, lists our address, says the server: look it up there.",
        ),
        (
            "554 5.7.1 blocked using dnsbl.sorbs.net",
            "The server refuses us for SORBS, a blocklist that was switched off on 2024-06-05",
        ),
        (
            "554 5.7.1 blocked using zen.spamhaus.org, https://www.spamhaus.org/returnc/pub/ 127.255.255.254",
            "The server refuses us (554): ",
        ),
    ],
)
async def test_a_blocklist_that_a_reply_names_stands_first(reply, begins):
    report = await report_on(greets(reply))
    found = max(report.findings, key=lambda one: len(one.params))
    assert sentence(found.code, found.params).startswith(begins)


async def test_a_list_that_refuses_the_servers_questions_is_not_our_fault():
    reply = "554 5.7.1 blocked using zen.spamhaus.org; open resolver, https://www.spamhaus.org/returnc/pub/"
    report = await report_on(greets(reply))
    assert "address_refused" not in codes(report)
    assert "says nothing of the address that connects" in words(report)


async def test_a_reading_that_nobody_documents_is_told_as_such():
    report = await report_on(greets("554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help.)"))
    assert "reported by others, not documented" in words(report)


async def test_a_refusal_that_says_nothing_sends_nobody_to_blocklists():
    report = await report_on(greets("554 5.7.1 Access denied"))
    assert "names no reason that is known here" in words(report)
    assert "blocklist" not in words(report)


@pytest.mark.parametrize(
    ("reply", "first_line", "ours"),
    [
        ("554 5.7.1 <a.example[192.0.2.1]>: Client host rejected: Access denied", "elsewhere", False),
        ("550 5.7.1 Connections from your country are not accepted", "our_address.country", True),
        ("554 5.7.1 192.0.2.1 is on our local blocklist", "our_address.own_list", True),
        ("554 5.7.1 blocked by a blocklist", "our_address.unnamed_list", True),
        ("550 5.7.1 Please retry over IPv6", "elsewhere", False),
        ("450 4.7.1 IPv6 not accepted, use IPv4", "see_findings", False),
        (
            "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]",
            "our_address.reverse_dns_for_now",
            True,
        ),
        ("421 4.3.2 down for maintenance", "run_later", False),
        ("521 5.7.1 <a.example[192.0.2.1]>: Client host rejected: go away", "elsewhere", False),
        ("421 4.3.2 try again", "run_again", False),
    ],
)
async def test_the_first_line_says_what_the_words_of_a_refusal_mean(reply, first_line, ours):
    report = await report_on(greets(reply))
    facts = Facts("0", HOST, "local", AT, 1.0, Dns(HOST, "host"))
    assert [one["code"] for one in summary(conclude(facts, [report], store=STORE))[2:]] == [first_line]
    assert ("address_refused" in codes(report)) is ours
