"""What is said of TLS, size and neighbouring ports is what was seen of them."""

from dataclasses import replace

import pytest

from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Close, Hang, Reset, Send, StartTls, Wait
from commands.smtpcheck.report.model import finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.verdict.conclusion import overall
from commands.smtpcheck.verdict.ports_together import with_one_cause
from commands.smtpcheck.wire.record import Handshake
from tests.smtpcheck.labs import record, report
from tests.smtpcheck.speaking import STAGE, codes, judged, report_on

NO_TLS = b"454 4.7.0 TLS not available due to local problem\r\n"


def agreed(cipher, version="TLSv1.2", port=25):
    return codes(judged(record(port, handshake=Handshake(version, cipher, ()))))


@pytest.mark.parametrize("cipher", ["AES256-SHA", "AES128-GCM-SHA256", "CAMELLIA256-SHA", "AES128-CCM8"])
def test_a_suite_whose_key_the_servers_own_decrypts_has_no_forward_secrecy(cipher):
    assert "tls_no_forward_secrecy" in agreed(cipher)


@pytest.mark.parametrize("cipher", ["TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES256-GCM-SHA384", ""])
def test_nothing_is_said_of_a_suite_that_is_as_it_should_be(cipher):
    assert not {code for code in agreed(cipher) if "cipher" in code or "secrecy" in code}


@pytest.mark.parametrize(
    "cipher", ["RC4-SHA", "DES-CBC3-SHA", "ECDHE-RSA-DES-CBC3-SHA", "NULL-SHA256", "ADH-AES128-SHA", "EXP-RC4-MD5"]
)
def test_a_broken_suite_is_named(cipher):
    assert "tls_weak_cipher" in agreed(cipher)


def test_the_newest_version_is_not_called_the_only_one():
    assert "only" not in sentence("legacy_tls", {"version": "TLSv1.1"})


@pytest.mark.parametrize(("size", "told"), [(b"1000", True), (b"999999", True), (b"0", False), (b"10240000", False)])
async def test_a_size_that_ordinary_mail_exceeds_is_told(size, told):
    ehlo = b"250-mail.example.com\r\n250 SIZE " + size + b"\r\n"
    assert ("size_too_small" in codes(await report_on(dialogue({"EHLO": ehlo}, banner=BANNER)))) is told


async def test_a_port_that_hangs_up_beside_a_broken_key_has_the_same_cause():
    plain = await report_on(dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": (Send(NO_TLS),)}, banner=BANNER))
    beside = report(465, "reset_before_greeting", "", mode="implicit")
    beside = replace(beside, record=replace(beside.record, address=plain.record.address))
    _, found = with_one_cause([plain, beside])
    assert codes(found) == {"same_broken_tls"}
    assert "on 25 of the same address (454 4.7.0" in sentence(found.findings[0].code, found.findings[0].params)


async def test_a_reset_behind_our_hello_is_one_of_the_handshake_where_another_port_has_the_same():
    cut = finding(Code.TLS_RESET, {"port": 25, "said": "", "where": "handshake"}, 25)
    plain = replace(report(25, "open", "reset"), findings=(cut,))
    beside = report(465, "reset_before_greeting", "", mode="implicit")
    beside = replace(beside, record=replace(beside.record, address=plain.record.address))
    _, found = with_one_cause([plain, beside])
    assert codes(found) == {"tls_reset"}
    asked = replace(plain, findings=(replace(cut, params={**cut.params, "where": "starttls"}),))
    assert with_one_cause([asked, beside]) == (asked, beside)


async def test_a_refusal_in_the_words_of_a_port_that_waits_for_a_proxy_header_is_about_that_header():
    beside = await report_on((Send(b"421 4.3.0 mail.example.com Server local error\r\n"), Close()), port=465)
    said = {
        "port": 25,
        "without": "turned_away",
        "waited": 5.0,
        "said": "421 4.3.0 mail.example.com Server local error",
    }
    plain = replace(report(25), findings=(finding(Code.PROXY_HEADER_EXPECTED, said, 25),))
    plain = replace(plain, record=replace(plain.record, address=beside.record.address))

    _, found = with_one_cause([plain, beside])
    assert (beside.findings[0].params["meaning"], found.state) == ("server_fault", "temp_refused")
    assert "disagree on the PROXY header" in sentence(found.findings[0].code, found.findings[0].params)
    other = replace(plain, record=replace(plain.record, address="198.51.100.7"))
    assert with_one_cause([other, beside]) == (other, beside)


async def test_another_address_and_a_port_that_is_well_tell_nothing_of_it():
    well = report(587)
    beside = report(465, "reset_before_greeting", "", mode="implicit")
    assert with_one_cause([well, beside]) == (well, beside)


LOGINS = {
    "PLAIN LOGIN CRAM-MD5": ("auth_before_tls", "may send its password in the clear"),
    "XOAUTH2 OAUTHBEARER": ("auth_before_tls", "may send its token"),
    "LOGIN XOAUTH2": ("auth_before_tls", "its password or token"),
    "CRAM-MD5": ("login_before_tls", "password itself, but without TLS"),
    "DIGEST-MD5 SCRAM-SHA-256": ("login_before_tls", "can try passwords against it"),
    "CRAM-MD5 EXTERNAL": ("login_before_tls", "password itself, but without TLS"),
    "GSSAPI": ("login_before_tls", "password itself, but without TLS"),
    "EXTERNAL": ("login_before_tls", "It sends no password"),
    "X-OWN": ("login_before_tls", "not all of that is known here"),
}


@pytest.mark.parametrize("offered", LOGINS)
async def test_a_login_before_tls_is_told_by_what_it_sends(offered):
    ehlo = f"250-mail.example.com\r\n250-AUTH {offered}\r\n250 STARTTLS\r\n".encode()
    report = await report_on(STAGE.server(ehlo), port=587)
    (found,) = (one for one in report.findings if one.code in {"auth_before_tls", "login_before_tls"})
    words = sentence(found.code, found.params)
    code, said = LOGINS[offered]
    assert (found.code, said in words) == (code, True)
    assert ("in the clear" in words) is (code == "auth_before_tls")
    assert ("try passwords" in words) is (code == "login_before_tls" and "MD5" in offered)


@pytest.mark.parametrize(("offered", "told"), [("EXTERNAL", True), ("EXTERNAL PLAIN", False), ("GSSAPI", False)])
async def test_a_port_for_certificates_alone_is_told(offered, told):
    inside = {"EHLO": f"250-mail.example.com\r\n250 AUTH {offered}\r\n".encode()}
    assert ("external_login_only" in codes(await report_on(STAGE.server(secure=inside), port=587))) is told


NOT_KNOWN = b"500 5.5.1 what?\r\n"
HELLOS = {
    "use HELO": (b"554 EHLO not supported, use HELO\r\n", b"250 old\r\n", b"", "open", "takes HELO"),
    "neither": (b"504 EHLO not implemented\r\n", NOT_KNOWN, NOT_KNOWN, "ehlo_not_understood", "neither EHLO nor HELO"),
    "hangs up": (NOT_KNOWN, (Close(),), b"", "ehlo_not_understood", "What it makes of HELO was not seen"),
    "HELO refused": (NOT_KNOWN, b"550 Access denied\r\n", b"", "refused_by_policy", "names no reason"),
    "LHLO taken": (NOT_KNOWN, NOT_KNOWN, b"250-mail\r\n250 SIZE\r\n", "not_smtp", "speaks LMTP"),
    "LHLO wanted": (b"500 5.5.1 Use LHLO\r\n", (Close(),), b"", "not_smtp", "speaks LMTP"),
    "our name": (NOT_KNOWN, b"501 Invalid domain name\r\n", b"", "ehlo_name_rejected", "our EHLO name"),
}


@pytest.mark.parametrize("name", HELLOS)
async def test_who_does_not_know_ehlo_is_asked_for_helo_and_then_for_lhlo(name):
    ehlo, helo, lhlo, state, said = HELLOS[name]
    report = await report_on(dialogue({"EHLO": ehlo, "HELO": helo, "LHLO": lhlo}, banner=BANNER))
    told = " ".join(sentence(one.code, one.params) for one in report.findings)
    assert (report.state, said in told) == (state, True), told


@pytest.mark.parametrize(
    ("greeting", "ehlo", "is_ftp"),
    [
        (BANNER, b"530 5.7.0 Authentication required\r\n", False),
        (BANNER, b"530 Must use TLS\r\n", False),
        (BANNER, b"530 Please login with USER and PASS.\r\n", True),
        (b"220 (vsFTPd 3.0.3)\r\n", b"500 what?\r\n", True),
    ],
)
async def test_ftp_is_told_by_its_name_or_its_login(greeting, ehlo, is_ftp):
    report = await report_on(dialogue({"EHLO": ehlo, "HELO": ehlo}, banner=greeting))
    assert (report.findings[0].params.get("protocol") == "FTP") is is_ftp


async def test_tls_that_is_wanted_before_the_greeting_lets_nobody_in():
    report = await report_on((Send(b"530 5.7.0 Must issue a STARTTLS command first\r\n"), Close()))
    assert report.state == "tls_required"
    assert "no client gets in" in sentence(report.findings[0].code, report.findings[0].params)


CUT_SHORT = b"250-mail.example.com\r\n250 ENHANCEDSTATUSCODES\r\n"
LATER = {
    "milter": (BANNER, CUT_SHORT, "nothing but ENHANCEDSTATUSCODES"),
    "rblsmtpd": (b"220 rblsmtpd.local\r\n", b"250 rblsmtpd.local\r\n", "greets as rblsmtpd.local"),
    "spamd": (b"220 mx ESMTP spamd IP-based SPAM blocker; now\r\n", b"250 mx\r\n", "OpenBSD's spamd"),
}


@pytest.mark.parametrize("name", LATER)
async def test_who_answers_only_refused_clients_like_that_is_no_port_without_tls(name):
    greeting, ehlo, said = LATER[name]
    report = await report_on(dialogue({"EHLO": ehlo}, banner=greeting))
    (found,) = (one for one in report.findings if one.code == "refused_later")
    assert said in sentence(found.code, found.params)
    assert (report.tls_state, report.usable, overall([report], [])) == ("", False, "unknown")


@pytest.mark.parametrize("ehlo", [b"250 mail\r\n", b"250-mail\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING\r\n"])
async def test_a_server_that_merely_offers_little_is_not_called_refusing(ehlo):
    assert "refused_later" not in codes(await report_on(dialogue({"EHLO": ehlo}, banner=BANNER)))


@pytest.mark.parametrize(
    ("commands", "told"), [("XCLIENT", "proxy_commands_offered"), ("XFORWARD", "xforward_offered")]
)
async def test_what_forges_the_client_is_told_from_what_changes_the_log(commands, told):
    ehlo = f"250-mail.example.com\r\n250 {commands} NAME ADDR\r\n".encode()
    findings = (await report_on(dialogue({"EHLO": ehlo}, banner=BANNER))).findings
    (found,) = [one for one in findings if one.code in {"proxy_commands_offered", "xforward_offered"}]
    assert found.code == told
    assert f"lists {commands} to us:" in sentence(found.code, found.params)  # whether to others, is not seen


async def test_a_slow_answer_to_ehlo_is_told_and_a_slow_refusal_is_no_slow_greeting():
    report = await report_on(dialogue({"EHLO": (Wait(8), Send(EHLO_STARTTLS))}, banner=BANNER))
    assert "slow_ehlo" in codes(report)
    refused = await report_on((Wait(8), Send(b"421 4.3.2 Auth process broken\r\n"), Close()))
    assert codes(refused) == {"temp_refused"}


async def test_a_box_of_asterisks_round_a_greeting_is_no_mask():
    boxed = b"220-************\r\n220-* authorised use only *\r\n220-************\r\n220 mail.example.com ESMTP\r\n"
    report = await report_on(dialogue({"EHLO": EHLO_STARTTLS}, banner=boxed))
    assert "middlebox_cisco" not in codes(report)


async def test_replies_that_take_as_long_as_the_way_does_are_no_slow_server():
    report = await report_on(dialogue({"EHLO": (Wait(8), Send(EHLO_STARTTLS))}, banner=BANNER))
    far = judged(replace(report.record, connect_ms=3000.0))
    assert "slow_ehlo" not in codes(far)


HUNG_UP = {"then closed the connection": Close(), "then the connection was reset": Reset()}


@pytest.mark.parametrize("how", HUNG_UP)
async def test_a_reset_is_told_from_an_orderly_end(how):
    report = await report_on(dialogue({"EHLO": (HUNG_UP[how],)}, banner=BANNER))
    words = sentence(report.findings[0].code, report.findings[0].params)
    assert (report.state, how in words) == ("no_ehlo_reply", True)


async def test_replies_to_a_header_that_end_the_session_are_no_dead_service():
    early = BANNER + b"500 5.5.2 Error: bad syntax\r\n" * 3 + b"221 2.0.0 Bye\r\n"
    report = await report_on((Send(early), Close()))
    words = " ".join(sentence(one.code, one.params) for one in report.findings)
    assert "a proxy that sends a PROXY header" in words
    assert "service that it needs" not in words


async def test_replies_that_come_late_make_no_lmtp_of_a_server():
    late = BANNER + b"500 5.5.2 Error: bad syntax\r\n" * 2
    report = await report_on(dialogue({"EHLO": CUT_SHORT}, banner=late))
    assert not {"not_smtp", "refused_later"} & codes(report)


async def test_silence_inside_tls_is_not_called_a_mail_server():
    report = await report_on((StartTls(STAGE.context), Hang()), mode="implicit")
    assert codes(report) & {"implicit_tls", "no_greeting"} == {"no_greeting"}
    assert "HTTPS" in sentence("no_greeting", report.findings[0].params)


async def test_a_refusal_that_comes_only_inside_tls_says_so():
    report = await report_on(STAGE.server(secure={"EHLO": b"554 5.7.1 Access denied\r\n"}))
    (found,) = (one for one in report.findings if one.code == "refused_by_policy")
    assert "inside TLS alone" in sentence(found.code, found.params)


@pytest.mark.parametrize(("offered", "told"), [("GSSAPI NTLM", True), ("DIGEST-MD5 NTLM CRAM-MD5 GSSAPI PLAIN", False)])
async def test_the_logins_of_a_library_make_no_exchange_server(offered, told):
    inside = {"EHLO": f"250-mail.example.com\r\n250 AUTH {offered}\r\n".encode()}
    assert ("exchange_hint" in codes(await report_on(STAGE.server(secure=inside), port=587))) is told
