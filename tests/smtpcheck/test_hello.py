"""A hello of ours and what follows from the answer: suites that our own OpenSSL lacks, sizes, SSL 3.0, staples."""

import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.smtpcheck.deep.suites import accepted_suites, lacks_staple, next_suites, suite_findings, takes_ssl3
from commands.smtpcheck.deep.tls_versions import with_ssl3
from commands.smtpcheck.tls.cipher_suites import ASKED, GROUP_OF, GROUPS, NAMES, NUMBERS
from commands.smtpcheck.tls.hello import Answer, client_hello, offered, read_answer
from commands.smtpcheck.wire.record import STARTTLS, Chunk, Handshake, Record, Step
from tests.smtpcheck.speaking import judged

CLOSED = b""
HANDSHAKE_FAILURE, PROTOCOL_VERSION = b"\x15\x03\x03\0\x02\x02\x28", b"\x15\x03\x03\0\x02\x02\x46"
DONE = b"\x0e\0\0\0"
STAPLE = b"\x16\0\0\x02\x01\0"


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def picked(suite, *more, version=b"\x03\x03"):
    """A server's answer that picks this suite."""
    hello = message(2, version + bytes(32) + b"\0" + NUMBERS[suite].to_bytes(2, "big") + b"\0")
    content = b"".join((hello, *more, DONE))
    return struct.pack(">BHH", 22, 0x0303, len(content)) + content


def dh(bits):
    """ServerKeyExchange with a prime of that size."""
    prime = (1 << (bits - 1)).to_bytes(bits // 8, "big")
    return message(12, struct.pack(">H", len(prime)) + prime + b"\0\x01\x02\0\x01\x04")


def told(answer, *groups, purpose="suites", version="TLSv1.2"):
    """The record of a hello that offered these groups."""
    hello = client_hello([number for group in groups or ASKED for number in GROUPS[group]], version=version)
    chunks = [Chunk(1.0, "client", hello), Chunk(2.0, "server", answer[:7]), Chunk(3.0, "server", answer[7:])]
    chunks = [chunk for chunk in chunks if chunk.data]
    return Record("h", "192.0.2.1", 25, "starttls", "connected", 1.0, chunks=tuple(chunks), purpose=purpose)


def test_what_a_hello_offers_can_be_read_from_it():
    assert offered(client_hello([1, 2], version="SSLv3")) == ("SSLv3", (1, 2, 0xFF))
    assert offered(client_hello(list(NAMES), name="mail.example.com")) == ("TLSv1.2", (*NAMES, 0xFF))


FINDINGS = {
    "RC4-SHA": [("tls_broken_suites", {"port": 25, "suites": "RC4-SHA"})],
    "EXP-DHE-RSA-DES-CBC-SHA": [("tls_broken_suites", {"port": 25, "suites": "EXP-DHE-RSA-DES-CBC-SHA"})],
    "DES-CBC3-SHA": [("tls_broken_suites", {"port": 25, "suites": "DES-CBC3-SHA"})],
    "ADH-AES128-SHA": [("tls_anonymous_suites", {"port": 25, "suite": "ADH-AES128-SHA"})],
    "AES256-SHA": [("tls_static_suites", {"port": 25, "suite": "AES256-SHA"})],
    "DHE-RSA-AES128-SHA": [("tls_small_dh", {"port": 25, "bits": 1024})],
}


@pytest.mark.parametrize("suite", FINDINGS)
def test_what_the_server_picks_is_accepted_and_the_rest_is_asked_again(suite):
    answered = told(picked(suite, dh(1024)))
    group = GROUP_OF[NUMBERS[suite]]
    assert accepted_suites([answered]) == {**dict.fromkeys(ASKED, "unknown"), group: "yes"}
    assert {GROUP_OF[number] for number in next_suites([answered])} == set(ASKED) - {group}
    assert list(suite_findings(25, [answered])) == FINDINGS[suite]


def test_a_small_dh_group_is_told_by_a_normal_check_that_comes_to_it():
    agreed = replace(
        told(picked("DHE-RSA-AES128-SHA", dh(1024))), handshake=Handshake("TLSv1.2", "DHE-RSA-AES128-SHA", ())
    )
    assert "tls_small_dh" in {one.code for one in judged(replace(agreed, purpose="")).findings}


def test_a_dh_group_of_2048_bits_is_sound():
    assert list(suite_findings(25, [told(picked("DHE-RSA-AES128-SHA", dh(2048)))])) == []


@pytest.mark.parametrize(("answer", "said"), [(HANDSHAKE_FAILURE, "no"), (PROTOCOL_VERSION, "no"), (CLOSED, "unknown")])
def test_a_refusal_speaks_for_all_that_was_offered_and_a_hang_up_for_nothing(answer, said):
    assert set(accepted_suites([told(answer)]).values()) == {said}
    assert next_suites([told(answer)]) == ()


def test_ssl3_is_known_from_its_own_hello_or_from_the_refusal_of_all_below_a_version():
    ssl3 = told(picked("AES128-SHA", version=b"\x03\0"), purpose="ssl3", version="SSLv3")
    steps = (Step(STARTTLS, 1, 2, error="tls", detail="TLSV1_ALERT_PROTOCOL_VERSION"),)
    old = Record("h", "192.0.2.1", 25, "starttls", "connected", 1.0, steps=steps, newest="TLSv1.1")
    answers = {"yes": [ssl3], "no": [told(PROTOCOL_VERSION)], "unknown": [told(HANDSHAKE_FAILURE)]}
    assert {said: takes_ssl3(records) for said, records in answers.items()} == {said: said for said in answers}
    assert with_ssl3([old], ("TLSv1", "TLSv1.1"))["SSLv3"] == "no"
    assert takes_ssl3([told(HANDSHAKE_FAILURE, purpose="ssl3", version="SSLv3")]) == "no"


def test_a_staple_is_missed_only_where_a_certificate_came_without_one():
    sound = "ECDHE-RSA-AES128-GCM-SHA256"
    assert lacks_staple([told(picked(sound), "sound", purpose="stapling")])
    assert not lacks_staple([told(picked(sound, STAPLE), "sound", purpose="stapling")])
    assert not lacks_staple([told(HANDSHAKE_FAILURE, "sound", purpose="stapling")])
    assert not lacks_staple([told(picked("ADH-AES128-SHA"))])


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=40).map(lambda noise: picked("AES128-SHA")[:-9] + noise)))
@settings(max_examples=60)
def test_any_bytes_are_read(data):
    assert isinstance(read_answer(data), Answer)
    assert isinstance(offered(data), tuple)
