import hashlib
import warnings

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.policy.dane import look_up_tlsa
from commands.smtpcheck.policy.tlsa import Tlsa, matching_record
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.wire.connection import Endpoint
from tests.smtpcheck.policies import AT, AUTHORITY, BASE, HOST, codes, examined, speaking
from tests.smtpcheck.speaking import ADDRESS

LEAF = AUTHORITY.issue(HOST, intermediate="sent")
OTHER = AUTHORITY.issue("other.example", intermediate="sent")
SPKI = LEAF.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
RIGHT = f"3 1 1 {hashlib.sha256(SPKI).hexdigest()}"
WRONG = f"3 1 1 {'00' * 32}"
NAME = f"_25._tcp.{HOST}"


async def dane_of(*records, report=None, authenticated=True, faults=None):
    zone = BASE | {NAME: {"TLSA": records}}
    found, _ = await examined(zone, [report or speaking(leaf=LEAF)], authenticated=authenticated, faults=faults)
    return found


@pytest.mark.parametrize(
    ("records", "state"),
    [((RIGHT,), "valid"), ((WRONG, RIGHT), "valid"), ((WRONG,), "mismatch"), ((f"1 1 1 {'00' * 32}",), "unusable")],
)
async def test_signed_records_are_compared_with_the_live_chain(records, state):
    found = await dane_of(*records)
    assert (found.dane[0].state, found.dane[0].server) == (state, "127.0.0.1")
    assert f"dane_{state}" in codes(found)


@pytest.mark.parametrize(
    ("authenticated", "state"),
    [
        (False, "unvalidated"),
        ([""], "unsigned"),
        ([NAME], "mx_unsigned"),
        ([NAME, HOST], "mx_unsigned"),
        ([NAME, "example.com"], "address_unsigned"),
        ([NAME, "example.com", HOST], "valid"),
    ],
)
async def test_records_count_only_with_dnssec(authenticated, state):
    assert (await dane_of(RIGHT, authenticated=authenticated)).dane[0].state == state


async def test_signed_records_without_starttls_are_danger():
    found = await dane_of(RIGHT, report=speaking(tls="not_offered"))
    assert "dane_no_tls" in codes(found)


async def test_a_failed_look_up_is_unknown():
    found = await dane_of(RIGHT, faults={NAME: Fault(rcode="SERVFAIL")})
    assert found.dane[0].state == "unknown"


async def test_what_does_not_answer_about_an_unsigned_address_keeps_no_sender_waiting():
    fault = {NAME: Fault(rcode="SERVFAIL")}
    found = await dane_of(RIGHT, faults=fault, authenticated=["", "example.com"])
    assert (found.dane[0].state, codes(found) & {"dane_unknown"}) == ("absent", set())


@pytest.mark.parametrize("broken", ["example.com MX", f"{HOST} A"])
async def test_without_the_way_there_nothing_is_known(broken):
    found = await dane_of(RIGHT, faults={broken: Fault(rcode="SERVFAIL")})
    assert (found.dane[0].state, found.dane[0].why) == ("unknown", "dns_servfail")


async def aliased(signed, records):
    zone = BASE | {HOST: {"CNAME": ["mx.hoster.example."]}, "mx.hoster.example": {"A": [ADDRESS]}}
    zone |= {name: {"TLSA": [record]} for name, record in records.items()}
    found, _ = await examined(zone, [speaking(leaf=LEAF)], authenticated=signed)
    return found.dane[0].state


BEHIND = "_25._tcp.mx.hoster.example"


async def test_the_records_behind_a_signed_alias_come_first():
    assert await aliased(True, {BEHIND: RIGHT, NAME: WRONG}) == "valid"
    assert await aliased(True, {NAME: RIGHT}) == "valid"
    assert await aliased(True, {BEHIND: WRONG, NAME: RIGHT}) == "mismatch"


async def test_an_alias_that_is_not_signed_ends_dane():
    assert await aliased(["", NAME, BEHIND, "example.com"], {BEHIND: RIGHT, NAME: RIGHT}) == "address_unsigned"


async def test_the_same_question_goes_out_once():
    zone = BASE | {f"_{port}._tcp.{HOST}": {"TLSA": [RIGHT]} for port in (25, 587)}
    async with LabDns(zone, authenticated=True) as server:
        resolver = SecureResolver(((server.host, server.port),), 0.4)
        endpoints = [Endpoint(HOST, ADDRESS, port, "starttls") for port in (25, 587)]
        promises = await look_up_tlsa("example.com", endpoints, resolver, has_mx=True)
    assert len(promises) == 2
    assert set(server.queries.values()) == {1}


def test_only_a_server_on_this_machine_or_a_trusted_one_is_believed():
    assert SecureResolver((("127.0.0.1", 53),)).believes("127.0.0.1")
    assert not SecureResolver((("192.0.2.53", 53),)).believes("192.0.2.53")
    assert SecureResolver((("192.0.2.53", 53),), trusted=True).believes("192.0.2.53")


def vouching(monkeypatch, **how):
    """The lab's name server as if it were not on this machine."""
    monkeypatch.setattr("commands.smtpcheck.lookup.question.is_loopback", lambda _server: False)
    return examined(BASE | {NAME: {"TLSA": [RIGHT]}}, [speaking(leaf=LEAF)], authenticated=True, **how)


async def test_the_word_of_a_server_elsewhere_counts_where_the_operator_vouches_for_it(monkeypatch):
    found, _ = await vouching(monkeypatch, trusted=True)
    (told,) = [sentence(*one) for one in found.findings if one[0] == "dane_valid"]
    assert told.endswith("(DNSSEC validated by 127.0.0.1). PORTERO_TRUST_AD vouches for 127.0.0.1.")


async def test_without_that_it_is_not_relied_on_and_the_setting_is_named(monkeypatch):
    found, _ = await vouching(monkeypatch)
    (told,) = [sentence(*one) for one in found.findings if one[0] == "dane_untrusted"]
    assert "set PORTERO_TRUST_AD where nobody can tamper with the way to 127.0.0.1." in told


@pytest.mark.parametrize(("matching", "made"), [(0, bytes), (1, hashlib.sha256), (2, hashlib.sha512)])
@pytest.mark.parametrize("usage", [2, 3])
def test_both_usages_match_by_every_matching_type(usage, matching, made):
    der = LEAF.der if usage == 3 else LEAF.intermediates[0]
    data = made(der) if made is bytes else made(der).digest()
    record = Tlsa(usage, 0, matching, data)
    assert matching_record([record], [LEAF.der, *LEAF.intermediates], names=[HOST], at=AT) == record
    matched_elsewhere = matching_record([record], [OTHER.der, *OTHER.intermediates], names=[HOST], at=AT)
    assert matched_elsewhere is None


@given(st.builds(Tlsa, st.integers(0, 255), st.integers(0, 255), st.integers(0, 3), st.binary()), st.binary())
def test_matching_is_total(record, der):
    with warnings.catch_warnings():
        assert matching_record([record], [der], names=[HOST], at=AT) is None
        matching_record([record], [LEAF.der, der], names=[HOST], at=AT)
