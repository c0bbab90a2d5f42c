"""What is said of TLS, size and neighbouring ports is what was seen of them."""

from dataclasses import replace

import pytest

from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Send
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.verdict.ports_together import with_one_cause
from commands.smtpcheck.wire.record import Handshake
from tests.smtpcheck.labs import record, report
from tests.smtpcheck.speaking import codes, judged, report_on

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


async def test_another_address_and_a_port_that_is_well_tell_nothing_of_it():
    well = report(587)
    beside = report(465, "reset_before_greeting", "", mode="implicit")
    assert with_one_cause([well, beside]) == (well, beside)
