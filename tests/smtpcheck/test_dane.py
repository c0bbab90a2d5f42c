import hashlib
from dataclasses import replace

import dns.rrset
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from commands.smtpcheck.lookup.question import Answer, Proven, SecureResolver
from commands.smtpcheck.policy.dane import MAX_RECORDS, Promise, judge_dane, look_up_tlsa
from commands.smtpcheck.policy.dane_findings import dane_findings
from commands.smtpcheck.result.sentences.choice import MOST, sentence
from commands.smtpcheck.wire.connection import Endpoint
from tests.smtpcheck.policies import AT, AUTHORITY, BASE, HOST, STORE, codes, examined, speaking
from tests.smtpcheck.speaking import ADDRESS

LEAF = AUTHORITY.issue(HOST, intermediate="sent")
OTHER = AUTHORITY.issue(HOST)
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


@pytest.mark.parametrize(
    ("authenticated", "rcode", "state"),
    [(True, "SERVFAIL", "unanswered"), (["", HOST], "SERVFAIL", "unknown"), (True, "REFUSED", "unknown")],
)
async def test_a_failed_look_up_holds_mail_back_where_the_zone_was_seen_to_be_signed(authenticated, rcode, state):
    found = await dane_of(RIGHT, authenticated=authenticated, faults={NAME: Fault(rcode=rcode)})
    said = [each for each in codes(found) if each.startswith("dane_")]
    assert (found.dane[0].state, said) == (state, [f"dane_{state}"])


async def test_who_saw_that_the_zone_is_signed_is_said():
    found = await dane_of(RIGHT, faults={NAME: Fault(rcode="SERVFAIL")})
    assert found.dane[0].server == "127.0.0.1"


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
    async with LabDns(BASE | {NAME: {"TLSA": [RIGHT]}}, authenticated=True) as server:
        resolver = SecureResolver(((server.host, server.port),))
        endpoints = [Endpoint(HOST, address, 25, "starttls") for address in (ADDRESS, "198.51.100.2")]
        promises = await look_up_tlsa("example.com", endpoints, resolver, has_mx=True)
    assert len(promises) == 2
    assert set(server.queries.values()) == {1}


async def test_a_record_of_a_submission_port_is_left_alone_because_nobody_delivers_there():
    zone = BASE | {f"_587._tcp.{HOST}": {"TLSA": [WRONG]}}
    found, _ = await examined(zone, [speaking(587, leaf=LEAF)], authenticated=True)
    assert (found.dane, {code for code in codes(found) if code.startswith("dane_")}) == ((), set())


async def said_of_dane(*records, **how):
    found = await dane_of(*records, **how)
    return {code: sentence(code, params) for code, params in found.findings if code.startswith("dane_")}


async def test_the_consequence_stands_first_and_what_to_publish_is_whole():
    said = await said_of_dane(WRONG)
    assert set(said) == {"dane_mismatch"}
    assert said["dane_mismatch"].startswith(f"Senders with DANE do not deliver to {HOST}:25: ")
    assert f"Publish {RIGHT}, or" in said["dane_mismatch"]
    assert len(said["dane_mismatch"]) < MOST


async def test_beside_a_record_that_holds_the_stale_one_is_named():
    said = await said_of_dane(WRONG, RIGHT)
    assert set(said) == {"dane_valid", "dane_record"}
    assert f"matches TLSA {RIGHT[:22]} " in said["dane_valid"]
    assert f"matches TLSA {WRONG[:22]}: it is stale, or was published ahead" in said["dane_record"]


async def test_of_more_records_than_are_compared_another_may_hold():
    many = [f"3 1 1 {number:064x}" for number in range(MAX_RECORDS + 1)]
    assert (await dane_of(*many)).dane[0].state == "unknown"


async def test_records_that_fail_for_several_reasons_are_told_one_by_one():
    found = await dane_of(WRONG, f"3 0 1 {RIGHT[6:]}")
    told = [sentence(*one) for one in found.findings if one[0] == "dane_record"]
    assert (len(told), "its selector, 0, says" in "".join(told), "dane_mismatch" in codes(found)) == (2, True, True)


async def test_a_record_with_a_length_that_no_digest_has_is_of_no_use_and_dns_did_answer():
    said = await said_of_dane("3 1 1 00112233")
    assert set(said) == {"dane_unusable"}
    assert "has 4 octets, which no digest of its kind has" in said["dane_unusable"]


async def test_one_with_a_wrong_length_does_not_hide_a_good_one():
    assert set(await said_of_dane("3 1 1 00112233", RIGHT)) == {"dane_valid", "dane_some_unusable"}


async def test_a_record_of_the_whole_certificate_breaks_at_the_next_renewal():
    whole = f"3 0 1 {hashlib.sha256(LEAF.der).hexdigest()}"
    said = await said_of_dane(whole)
    assert set(said) == {"dane_valid", "dane_every_renewal"}
    assert f"Publish {RIGHT} (of the key) beside it" in said["dane_every_renewal"]
    assert set(await said_of_dane(whole, RIGHT)) == {"dane_valid"}
    assert "Keep the key at renewals" in (await said_of_dane(RIGHT))["dane_valid"]


@pytest.mark.parametrize("tls", ["broken_temp", "closed", "reset", "timeout", "failed", "no_common_cipher"])
async def test_tls_that_was_offered_and_failed_is_said_with_its_consequence(tls):
    said = await said_of_dane(RIGHT, report=speaking(tls=tls))
    assert set(said) == {"dane_tls_failed"}
    assert said["dane_tls_failed"].endswith("those with DANE do not deliver.")


SIGNED_ELSEWHERE = {"com": {"SOA": ["a.nic.example. b.nic.example. 1 1 1 1 1"]}}


@pytest.mark.parametrize("signed", [[""], ["com"], ["example.com"], [HOST]])
async def test_a_zone_without_signatures_is_told_from_a_resolver_that_does_not_validate(signed):
    zone = BASE | SIGNED_ELSEWHERE | {NAME: {"TLSA": [RIGHT]}}
    found, _ = await examined(zone, [speaking(leaf=LEAF)], authenticated=signed)
    assert found.dane[0].state == "unsigned"
    (told,) = [sentence(*one) for one in found.findings if one[0] == "dane_unsigned"]
    assert "their zone is not signed" in told
    assert "PORTERO_NAMESERVERS" not in told


def test_a_zone_that_is_signed_and_does_not_validate_is_not_called_unsigned():
    """Signatures stand there, and the zone above has no DS record for them."""
    records = tuple(dns.rrset.from_text(f"{NAME}.", 60, "IN", "TLSA", RIGHT))
    answer = Proven(Answer(NAME, "TLSA", records), server="127.0.0.1", signed=True)
    promise = Promise(HOST, answer, Proven(Answer(HOST, "A")), validates=True, believed=True)
    dane = judge_dane(speaking(leaf=LEAF), promise, "example.com", AT, STORE)

    assert dane.state == "unsigned"
    (told,) = [sentence(*one) for one in dane_findings([dane])]
    assert "no DS record" in told
    assert "is not signed" not in told


async def test_so_it_is_where_the_resolver_is_on_another_machine(monkeypatch):
    monkeypatch.setattr("commands.smtpcheck.lookup.question.is_loopback", lambda _server: False)
    found, _ = await examined(BASE | {NAME: {"TLSA": [RIGHT]}}, [speaking(leaf=LEAF)], authenticated=[""])
    assert found.dane[0].state == "unsigned"


async def test_an_address_of_a_host_that_shows_another_key_is_named():
    other = replace(speaking(leaf=OTHER), record=replace(speaking(leaf=OTHER).record, address="198.51.100.2"))
    zone = BASE | {HOST: {"A": [ADDRESS, "198.51.100.2"]}, NAME: {"TLSA": [RIGHT]}}
    found, _ = await examined(zone, [speaking(leaf=LEAF), other], authenticated=True)
    said = {code: sentence(code, params) for code, params in found.findings if code.startswith("dane_")}
    assert set(said) == {"dane_valid", "dane_mismatch"}
    assert "That is about its address 198.51.100.2" in said["dane_mismatch"]


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
    assert "(DNSSEC validated by 127.0.0.1). " in told
    assert told.endswith(" PORTERO_TRUST_AD vouches for 127.0.0.1.")


async def test_without_that_it_is_not_relied_on_and_the_setting_is_named(monkeypatch):
    found, _ = await vouching(monkeypatch)
    (told,) = [sentence(*one) for one in found.findings if one[0] == "dane_untrusted"]
    assert "set PORTERO_TRUST_AD where nobody can tamper with the way to 127.0.0.1." in told
