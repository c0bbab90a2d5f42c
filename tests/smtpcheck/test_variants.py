"""Relatives of the listed misbehaviours: the rules judge structure, not the bytes of the list."""

import asyncio
import ssl

import pytest

from bot.demo.lab.quirk import BANNER, EHLO_PLAIN, EHLO_STARTTLS, HOST
from bot.demo.lab.scripts import dialogue, starttls, well_behaved
from bot.demo.lab.steps import Close, Drip, Hang, Raw, Read, ReadBytes, Reset, Send, StartTls
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.verdict.conclusion import conclude
from tests import moving
from tests.smtpcheck.labs import AT, in_words
from tests.smtpcheck.speaking import STAGE, STORE, codes, report_on

NO_HELLO = b"502 5.5.2 Error: command not recognized\r\n"
TLS = STAGE.context


def says(data):
    return (Send(data), Close())


def hello(reply, *, helo=None, banner=BANNER):
    return dialogue({"EHLO": reply, "HELO": helo or reply}, banner=banner)


NO_KEY_OF_DOVECOT = b"421 4.0.0 mail.example.com TLS initialization failed.\r\n"


def upgrading(*steps, ehlo=EHLO_STARTTLS):
    return dialogue({"EHLO": ehlo, "STARTTLS": steps}, banner=BANNER)


def offers(*lines):
    return hello(
        b"250-mail.example.com\r\n" + b"".join(b"250-%s\r\n" % line for line in lines[:-1]) + b"250 %s\r\n" % lines[-1]
    )


def inside(*after, context=TLS):
    """What the server says to EHLO inside TLS."""
    return dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(context)}, secure={"EHLO": after}, banner=BANNER)


GREETINGS = {
    "an RFB server": (says(b"RFB 003.008\n"), "not_smtp", {"not_smtp"}),
    "an XMPP server": (says(b"<?xml version='1.0'?><stream:stream>"), "not_smtp", {"not_smtp"}),
    "a TLS alert first": (says(b"\x15\x03\x01\x00\x02\x02\x00"), "not_smtp", {"not_smtp"}),
    "zeros": (says(b"\0" * 40 + b"\r\n"), "not_smtp", {"not_smtp"}),
    "a blank line first": (says(b"\r\n220 late\r\n"), "not_smtp", {"not_smtp"}),
    "four digits": (says(b"2200 x\r\n"), "not_smtp", {"not_smtp"}),
    "NNTP's 200": (says(b"200 news.example.com ready\r\n"), "not_smtp", {"not_smtp"}),
    "an unknown 9xx": (says(b"999 hello\r\n"), "not_smtp", {"not_smtp"}),
    "a byte every half second": ((Drip(b"220 " + b"x" * 300, 0.5), Hang()), "tarpit", {"tarpit"}),
    "a byte every tenth of a second": ((Drip(b"220 " + b"x" * 3000, 0.1), Hang()), "tarpit", {"tarpit"}),
    "a slow greeting that ends, and then silence": ((Drip(BANNER, 0.5), Hang()), "no_ehlo_reply", {"tarpit"}),
    "a long line in fast pieces": (
        (Drip(b"220 mail.example.com " + b"x" * 280 + b"\r\n", 0.1, 5), *STAGE.rest()),
        "open",
        {"slow_greeting"},
    ),
    "Exim that waited for a PROXY header": (
        (
            Drip(b"220 mail.example.com " + b"x" * 280 + b"\r\n", 0.1, 5),
            Read(),
            *says(b"503 Command refused, required Proxy negotiation failed\r\n"),
        ),
        "refused_by_policy",
        {"refused_by_policy"},
    ),
    "half a greeting, then closed": (says(b"220-mail.example.com\r\n"), "incomplete_greeting", {"incomplete_greeting"}),
    "a code without its end, then closed": (says(b"22"), "incomplete_greeting", {"incomplete_greeting"}),
    "half a greeting, then reset": ((Send(b"220-a\r\n"), Reset()), None, set()),
    "421 without a text": (says(b"421\r\n"), "rate_limited", {"rate_limited"}),
    "450 in two lines": (says(b"450-4.7.1 later\r\n450 4.7.1 please\r\n"), "temp_refused", {"temp_refused"}),
    "550": (says(b"550 no\r\n"), "refused_by_policy", {"refused_by_policy"}),
    "220 last behind a 421": ((Send(b"421-a\r\n220 b.example ESMTP\r\n"), *STAGE.rest()), "open", {"mixed_codes"}),
    "asterisks in two lines": (
        hello(NO_HELLO, banner=b"220-**************\r\n220 ****2**0******\r\n"),
        "ehlo_not_understood",
        {"middlebox_cisco"},
    ),
    "a line without a code in between": (
        says(b"220-a.example\r\nstarting up\r\n220 ready\r\n"),
        "unexpected_reply",
        {"unexpected_reply"},
    ),
    "a tab behind the code": ((Send(b"220\tmail.example.com ESMTP\r\n"), *STAGE.rest()), "open", {"odd_reply_line"}),
    "two greetings at once": (
        (Send(BANNER + b"220 ready\r\n"), *STAGE.rest()),
        "open",
        {"protocol_violation"},
    ),
    "an address literal as the name": ((Send(b"220 [IPv6:2001:db8::1] ESMTP\r\n"), *STAGE.rest()), "open", set()),
}

HELLOS = {
    "ProFTPD": (
        hello(b"500 EHLO not understood\r\n", banner=b"220 ProFTPD Server ready.\r\n"),
        "not_smtp",
        {"not_smtp"},
    ),
    "FTP that wants a login": (hello(b"530 Not logged in.\r\n", banner=b"220 Welcome\r\n"), "not_smtp", {"not_smtp"}),
    "a mail server called ftp": (
        dialogue(
            {"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(TLS)},
            secure={"EHLO": EHLO_PLAIN},
            banner=b"220 ftp.example.com ESMTP\r\n",
        ),
        "open",
        set(),
    ),
    "530 with an enhanced code": (hello(b"530 5.7.0 encrypt first\r\n"), "tls_required", {"tls_required"}),
    "a block list at EHLO": (
        hello(b"554 5.7.1 blocked, see zen.example\r\n"),
        "refused_by_policy",
        {"refused_by_policy"},
    ),
    "450 about our name": (
        hello(b"450 4.7.1 <probe>: Helo command rejected: Host not found\r\n"),
        "ehlo_name_rejected",
        {"ehlo_name_rejected"},
    ),
    "451 at EHLO": (hello(b"451 4.3.0 queue full\r\n"), "temp_refused", {"temp_refused"}),
    "421 at EHLO": (hello((Send(b"421 bye\r\n"), Close())), "rate_limited", {"rate_limited"}),
    "closed at EHLO": (hello((Close(),)), "no_ehlo_reply", {"no_ehlo_reply"}),
    "reset at EHLO": (hello((Reset(),)), "no_ehlo_reply", {"no_ehlo_reply"}),
    "silence at EHLO": (hello((Hang(),)), "no_ehlo_reply", {"no_ehlo_reply"}),
    "half a reply to EHLO, then silence": (hello((Send(b"250-a\r\n"), Hang())), "no_ehlo_reply", {"no_ehlo_reply"}),
    "a line without a code in the reply to EHLO": (
        hello(b"250-a\r\ndebug: 1\r\n250 STARTTLS\r\n"),
        "unexpected_reply",
        {"unexpected_reply"},
    ),
    "a carriage return too late": (
        dialogue({"EHLO": EHLO_PLAIN}, banner=b"220 mail.example.com ESMTP\n\r"),
        "unexpected_reply",
        {"unexpected_reply"},
    ),
    "251 to EHLO": (hello(b"251 mail.example.com\r\n"), "unexpected_reply", {"unexpected_reply"}),
    "a leave at EHLO": (hello((Send(b"221 bye\r\n"), Close())), "unexpected_reply", {"unexpected_reply"}),
    "521 at EHLO": (
        dialogue({"EHLO": b"521 5.3.2 no mail here\r\n", "HELO": b"250 mail\r\n"}, banner=BANNER),
        "no_mail_service",
        {"no_mail_service"},
    ),
    "a refusal at EHLO of one that would take HELO": (
        dialogue({"EHLO": b"554 5.7.1 you are listed\r\n", "HELO": b"250 mail\r\n"}, banner=BANNER),
        "refused_by_policy",
        {"refused_by_policy"},
    ),
    "503 at EHLO": (hello(b"503 bad sequence\r\n"), "unexpected_reply", {"unexpected_reply"}),
    "other codes in one reply to EHLO": (hello(b"550-mail.example.com\r\n250 SIZE 1\r\n"), "open", {"mixed_codes"}),
    "a reply that crawls without long pauses": (
        (Send(BANNER), Read(), Drip(b"250-mail.example.com\r\n250 8BITMIME\r\n", 0.5), Hang()),
        "open",
        {"tarpit"},
    ),
    "words to EHLO": (hello(b"what?\r\n"), "not_smtp", {"not_smtp"}),
    "an odd code to EHLO": (hello(b"2_5 x\r\n"), "not_smtp", {"not_smtp"}),
    "two replies to EHLO": (hello(b"250 mail.example.com\r\n250 again\r\n"), "open", {"protocol_violation"}),
    "a slow drip in pairs": (
        (Send(BANNER), Read(), Drip(b"250-a\r\n250 b\r\n", 2, 4), Hang()),
        "open",
        {"tarpit"},
    ),
}

MASKS = [b"xxxxxxxa", b"STARTTXXX", b"XXXXXXXX", b"*********", b"STXXXXXX"]
NO_MASKS = [b"XCLIENT", b"XFORWARD", b"X-EXPS", b"XXX", b"8BITMIME", b"XEXCH50", b"START"]


@pytest.fixture(scope="module")
def reports():
    async def meet_all():
        scripts = {name: case[0] for name, case in (GREETINGS | HELLOS).items()}
        return dict(zip(scripts, await asyncio.gather(*map(report_on, scripts.values())), strict=True))

    return moving.run(meet_all())


@pytest.mark.parametrize("name", GREETINGS | HELLOS)
def test_a_relative_of_a_listed_quirk_gets_the_same_name(name, reports):
    _, state, found = (GREETINGS | HELLOS)[name]
    assert reports[name].state in ({state} if state else {"incomplete_greeting", "reset_before_greeting"})
    assert found <= codes(reports[name])


def test_fifty_octets_a_second_are_slow_and_no_tarpit(reports):
    assert "tarpit" not in codes(reports["a long line in fast pieces"])


def test_a_server_that_names_the_header_it_waited_for_is_not_called_slow_for_another_reason(reports):
    assert "slow_greeting" not in codes(reports["Exim that waited for a PROXY header"])


@pytest.mark.parametrize("name", [name for name, case in (GREETINGS | HELLOS).items() if case[1] != "open"])
def test_nothing_is_said_of_tls_or_login_where_the_dialogue_did_not_come_so_far(name, reports):
    report = reports[name]
    assert (report.tls_state, report.certificate, report.after_tls.auth) == ("", None, ())
    assert not {code for code in codes(report) if "tls" in code} - {"tls_required"}


@pytest.mark.parametrize(("keyword", "state"), [(m, "masked") for m in MASKS] + [(n, "not_offered") for n in NO_MASKS])
async def test_eight_letters_overwritten_are_a_masked_starttls_and_other_words_are_not(keyword, state):
    assert (await report_on(offers(b"SIZE 1000", keyword, b"DSN"))).tls_state == state


@pytest.mark.parametrize("keyword", [b"STARTTLS\tREQUIRED", b"\tStartTLS", b"STARTTLS REQUIRED", b"starttls\t"])
async def test_starttls_is_taken_up_however_it_is_announced(keyword):
    ehlo = b"250-mail.example.com\r\n250-" + keyword + b"\r\n250 8BITMIME\r\n"
    replies = {"EHLO": ehlo, "STARTTLS": starttls(TLS)}
    report = await report_on(dialogue(replies, secure={"EHLO": EHLO_PLAIN}, banner=BANNER))
    assert (report.tls_state, codes(report)) == ("ok", set())


@pytest.mark.parametrize(
    ("script", "state", "tls"),
    [
        (upgrading(Send(b"421 4.7.0 too many\r\n"), Close()), "rate_limited", ""),
        (upgrading(Send(b"403 no\r\n")), "temp_refused", ""),
        (upgrading(Send(b"554 no\r\n")), "open", "refused"),
        (upgrading(Send(b"502 what?\r\n")), "open", "intercepted"),
        (upgrading(Send(b"250 ok\r\n")), "open", "intercepted"),
        (upgrading(Reset()), "open", "reset"),
        (upgrading(Hang()), "open", ""),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(b"\x15\x03\x03\x00\x02\x02\x50"), Close()), "open", "failed"),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(b"\x16\x03\x03\x00\x05hello"), Close()), "open", "failed"),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Close()), "open", "closed"),
        (inside(Close()), "no_ehlo_reply", "ok"),
        (inside(Hang()), "no_ehlo_reply", "ok"),
        (inside(Send(b"421 busy\r\n"), Close()), "rate_limited", "ok"),
        (inside(Send(b"554 5.7.1 not you\r\n")), "refused_by_policy", "ok"),
        (inside(Send(b"502 5.5.1 what?\r\n")), "unexpected_reply", "ok"),
        (inside(Send(b"530 5.7.0 log in first\r\n")), "unexpected_reply", "ok"),
        (inside(Send(b"220 mail.example.com again\r\n")), "unexpected_reply", "ok"),
        (upgrading(Send(b"220 go\r\n421 4.7.0 too many\r\n"), Close()), "rate_limited", ""),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(b"421 4.7.0 too many\r\n"), Close()), "rate_limited", ""),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(b"454 4.7.0 no key\r\n"), Close()), "open", "broken_temp"),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(NO_KEY_OF_DOVECOT), Close()), "open", "broken_temp"),
        (upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(b"554 5.7.1 no\r\n"), Close()), "open", "not_spoken"),
        (upgrading(Send(b"go ahead\r\n")), "open", "intercepted"),
    ],
)
async def test_what_goes_wrong_at_starttls_or_behind_it_is_told_apart(script, state, tls):
    report = await report_on(script)
    assert (report.state, report.tls_state) == (state, tls)
    assert not report.usable  # whether it takes mail without TLS was not tried


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((Hang(),), "STARTTLS on port 25 got no answer in the time that we wait."),
        ((Send(b"220 go\r\n"), Hang()), "The TLS handshake on port 25 got no answer."),
        ((Close(),), "The server closed the connection instead of answering STARTTLS on port 25."),
        ((Send(b"220 go\r\n"), Close()), "The server closed the connection in the TLS handshake on port 25."),
        ((Send(b"go ahead\r\n"),), "STARTTLS is advertised but then answered with 'go ahead': "),
        (
            (Send(b"220 go\r\n"), ReadBytes(5), Raw(b"554 5.7.1 no\r\n"), Close()),
            "After agreeing to TLS on port 25 the server went on in plain text: '554 5.7.1 no'.",
        ),
        (
            (Send(b"220 go\r\n421 4.7.0 too many\r\n"), Close()),
            "The server turned us away for now (421): '4.7.0 too many'.",
        ),
    ],
)
async def test_the_sentence_says_at_which_point_tls_came_to_nothing(steps, told):
    (found,) = (await report_on(upgrading(*steps))).findings
    assert sentence(found.code, found.params).startswith(told)


@pytest.mark.parametrize("early", [b"250 mail\r\n", EHLO_STARTTLS, EHLO_PLAIN])
@pytest.mark.parametrize("hello", [EHLO_PLAIN, EHLO_STARTTLS])
async def test_what_is_offered_is_unknown_where_replies_come_before_their_questions(early, hello):
    replies = {"EHLO": hello, "STARTTLS": starttls(TLS)}
    report = await report_on(dialogue(replies, secure={"EHLO": EHLO_PLAIN}, banner=BANNER + early))
    assert (report.state, report.tls_state) == ("open", "")
    assert "protocol_violation" in codes(report)


def demanding(version):
    """TLS that asks for a certificate of the client."""
    context = STAGE.authority.issue(HOST).context()
    context.verify_mode, context.maximum_version = ssl.CERT_REQUIRED, version
    context.load_verify_locations(cadata=STAGE.authority.pem)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("port", [25, 465])
async def test_a_server_that_wants_a_certificate_of_the_client_is_told_from_one_without_a_common_cipher(version, port):
    context = demanding(version)
    script = well_behaved(HOST, context=context, implicit=port == 465)
    report = await report_on(script, port=port)
    assert report.tls_state == "wants_certificate"
    assert codes(report) - {"cert_root_sent"} == {"tls_wants_certificate"}
    assert report.state in {"open", "tls_failed"}
    document = in_words(conclude(Facts("1", HOST, "local", AT, 1.0, Dns(HOST, "host")), [report], store=STORE))
    assert document["verdict"] == "failed"
    assert ("Whether port 25 takes mail without TLS was not tried." in document["summary"]) == (port == 25)
    assert ("only clients that have one get in" in document["endpoints"][0]["findings"][0]["message"]) == (port == 465)


HUNG_UP = "The server greeted us on port 587 and then closed the connection instead of answering"
SILENT = "accepts connections and TLS, but there was no greeting within 15.0 s (RFC 5321 lets a server take 300 s). It"


OWN_ERROR = b"\x15\x03\x03\x00\x02\x02\x50"
"""The fatal alert internal_error."""

BROKE_OFF = "The server broke off the TLS handshake on port"


@pytest.mark.parametrize(
    ("script", "port", "told"),
    [
        ((StartTls(TLS), Hang()), 465, f"Port 465 {SILENT} may be slow on purpose, have no process left"),
        ((StartTls(TLS), *says(b"554 5.7.1 no\r\n")), 465, "The server refuses us (554): '5.7.1 no'."),
        (says(BANNER), 465, "Port 465 speaks plain SMTP ('220 mail.example.com ESMTP Postfix') where clients"),
        (says(b"421 4.3.2 busy\r\n"), 465, "The server turned us away for now (421): '4.3.2 busy'."),
        ((Hang(4), Close()), 25, "Port 25 took our connection and closed it after 4.0 s without a word: "),
        ((Close(),), 25, "Port 25 took our connection and closed it at once. Most often the mail server dies"),
        (
            (StartTls(TLS), Hang(2), Close()),
            465,
            "Port 465 takes TLS and then closes the connection without a greeting.",
        ),
        (
            upgrading(Send(b"220 go\r\n"), ReadBytes(5), Raw(OWN_ERROR), Close()),
            587,
            f"{BROKE_OFF} 587 with an error of",
        ),
        ((ReadBytes(5), Raw(OWN_ERROR), Close()), 465, f"{BROKE_OFF} 465 with an error of its own"),
        (inside(Close()), 587, f"{HUNG_UP} EHLO inside TLS. Most often the login service (SASL) behind it is down"),
        (hello((Close(),)), 587, f"{HUNG_UP} EHLO. Most often a service that it needs there has failed"),
        ((Hang(10), Reset()), 25, "Port 25 took our connection and reset it after 10.0 s without a word: it waited"),
        (hello((Hang(),)), 25, "The server greeted us on port 25 and then did not answer EHLO within 10.0 s."),
        (hello((Close(),)), 25, "The server greeted us on port 25 and then closed the connection instead of answering"),
        (inside(Hang()), 25, "The server greeted us on port 25 and then did not answer EHLO inside TLS within 10.0 s."),
        (
            inside(Send(b"421 bye\r\n"), Close()),
            25,
            "The server turned us away for now (421): 'bye'. That says nothing",
        ),
    ],
)
async def test_the_sentence_says_how_the_session_ended_and_what_came_before(script, port, told):
    found, *_ = (await report_on(script, port=port)).findings
    assert sentence(found.code, found.params).startswith(told)


async def test_a_code_alone_is_a_reply_like_any_other():
    assert "odd_reply_line" not in codes(await report_on((Send(b"220\r\n"), *STAGE.rest())))


async def test_a_handshake_counts_although_the_server_refused_us_inside_it():
    assert (await report_on((StartTls(TLS), *says(b"554 5.7.1 no\r\n")), port=465)).tls_state == "ok"


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ((Hang(),), "tls_failed"),
        ((ReadBytes(5), Close()), "closed_before_greeting"),
        ((StartTls(TLS), Hang()), "no_greeting"),
        ((StartTls(TLS), Close()), "closed_before_greeting"),
        ((StartTls(TLS), *says(b"421 busy\r\n")), "rate_limited"),
        ((StartTls(TLS), *says(b"554 5.7.1 no\r\n")), "refused_by_policy"),
        ((StartTls(TLS), *says(b"HTTP/1.1 400 Bad Request\r\n\r\n")), "not_smtp"),
        ((StartTls(TLS), *says(b"+OK POP3 ready\r\n")), "not_smtp"),
        (says(b"554 5.7.1 no\r\n"), "refused_by_policy"),
        (says(b"554 SMTP service not available\r\n"), "refused_by_policy"),
        (says(b"521 5.3.2 no mail here\r\n"), "no_mail_service"),
        (says(b"450 4.7.1 not you\r\n"), "temp_refused"),
        (says(b"220 mail.example.com ESMTP\r\n"), "plain_on_tls_port"),
        (says(b"421 4.3.2 busy\r\n"), "rate_limited"),
        (says(b"421\r\n"), "rate_limited"),
        (says(b"220\r\n"), "plain_on_tls_port"),
        (says(b"* OK IMAP4rev1\r\n"), "not_smtp"),
        ((StartTls(TLS), Drip(BANNER, 1.5), Hang()), "tarpit"),
        (says(b"\x15\x03\x03\x00\x02\x02\x28"), "tls_failed"),
        (well_behaved(HOST, context=TLS, implicit=True), "open"),
    ],
)
async def test_a_port_for_implicit_tls_is_told_by_what_comes_instead(script, state):
    assert (await report_on(script, port=465)).state == state


async def test_a_late_reply_of_bytes_that_are_no_utf8_is_quoted_all_the_same():
    report = await report_on(hello(b"500 \xff what?\r\n", helo=b"250-mail.example.com\r\n250 STARTTLS\r\n"))
    assert (report.state, codes(report)) == ("open", {"protocol_violation"})


async def test_replies_that_come_one_question_late_inside_tls_say_nothing_of_the_server():
    replies = {"EHLO": b"500 5.5.2 Error: command not recognized\r\n", "HELO": EHLO_STARTTLS}
    report = await report_on((StartTls(TLS), *dialogue(replies, banner=BANNER)), port=465)
    assert (report.state, report.health, report.usable) == ("open", "unknown", False)
    assert codes(report) == {"protocol_violation"}


async def test_starttls_that_is_not_answered_in_time_has_not_failed():
    report = await report_on(upgrading(Hang()))
    assert (report.state, report.tls_state, report.health) == ("open", "", "unknown")
    (found,) = report.findings
    assert sentence(found.code, found.params).endswith("whether TLS works is unknown.")


@pytest.mark.parametrize("behind", [(Hang(),), (Close(),), (Reset(),)], ids=["silence", "closed", "reset"])
async def test_a_reply_that_came_before_its_question_leaves_unknown_what_comes_behind_it(behind):
    report = await report_on(dialogue({"EHLO": behind}, banner=BANNER + EHLO_STARTTLS))
    assert (report.health, "protocol_violation" in codes(report)) == ("unknown", True)
    assert "ehlo_awaited" not in codes(report)
    facts = Facts("1", HOST, "local", AT, 1.0, Dns(HOST, "host"))
    summary = in_words(conclude(facts, [report], store=STORE))["summary"]
    assert summary.startswith(f"{HOST} could not be judged. ")
    assert "add deep" not in summary
