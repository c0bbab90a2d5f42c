"""Each TLSA record beside a live chain: whether it holds, and if not why."""

import hashlib
import warnings

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.lab.certificates import Authority
from commands.smtpcheck.policy.tlsa import Fate, Live, Tlsa, judge_records
from commands.smtpcheck.policy.tlsa_data import wanted_record
from commands.smtpcheck.result.sentences.english import SENTENCES
from commands.smtpcheck.tls.trust import TrustStore
from tests.every import every
from tests.smtpcheck.policies import AT, AUTHORITY, HOST, STORE

LEAF = AUTHORITY.issue(HOST, intermediate="sent")
ELSEWHERE = AUTHORITY.issue("other.example", intermediate="sent")
EXPIRED = AUTHORITY.issue(HOST, intermediate="sent", days=(-90, -1))
EARLY = AUTHORITY.issue(HOST, intermediate="sent", days=(1, 90))
ISSUER = LEAF.intermediates[0]
ROOT = AUTHORITY.certificate.public_bytes(Encoding.DER)


def key_of(certificate):
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sha256(usage, selector, data):
    return Tlsa(usage, selector, 1, hashlib.sha256(data).digest())


KEY, ROOT_KEY = key_of(LEAF.certificate), key_of(AUTHORITY.certificate)
NOTHING = b"nothing that is shown"


def fates(leaf, *records, roots=STORE, more=()):
    chain = [leaf.der, *leaf.intermediates, *more]
    return [one.fate for one in judge_records(records, Live(chain, [HOST], AT, roots))]


@every(
    [
        (LEAF, sha256(3, 1, KEY), Fate.HOLDS),
        (LEAF, sha256(3, 0, LEAF.der), Fate.HOLDS),
        (LEAF, sha256(2, 0, ISSUER), Fate.HOLDS),
        (EXPIRED, sha256(3, 1, key_of(EXPIRED.certificate)), Fate.HOLDS),
        (ELSEWHERE, sha256(3, 1, key_of(ELSEWHERE.certificate)), Fate.HOLDS),
        (LEAF, sha256(3, 1, NOTHING), Fate.OTHER),
        (EXPIRED, sha256(2, 0, ISSUER), Fate.OUT_OF_DATE),
        (EARLY, sha256(2, 0, ISSUER), Fate.OUT_OF_DATE),
        (ELSEWHERE, sha256(2, 0, ISSUER), Fate.NAME),
        (LEAF, sha256(2, 0, ROOT), Fate.ROOT_NOT_SENT),
        (LEAF, sha256(2, 1, ROOT_KEY), Fate.ROOT_NOT_SENT),
        (LEAF, sha256(2, 1, NOTHING), Fate.ISSUER_NOT_SENT),
        (LEAF, sha256(3, 1, LEAF.der), Fate.WHOLE),
        (LEAF, sha256(3, 0, KEY), Fate.KEY),
        (LEAF, sha256(2, 1, ISSUER), Fate.WHOLE),
        (LEAF, sha256(2, 1, KEY), Fate.LEAF),
        (LEAF, sha256(3, 0, ISSUER), Fate.AUTHORITY),
        (LEAF, sha256(1, 1, KEY), Fate.USAGE),
        (LEAF, sha256(3, 2, KEY), Fate.FIELD),
        (LEAF, Tlsa(3, 1, 3, b"x"), Fate.FIELD),
        (LEAF, Tlsa(3, 1, 2, hashlib.sha256(KEY).digest()), Fate.LENGTH),
        (LEAF, Tlsa(3, 1, 0, b""), Fate.LENGTH),
    ]
)
def test_a_record_holds_or_it_is_known_why_not(leaf, record, fate):
    assert fates(leaf, record) == [fate]


def test_a_root_that_is_sent_holds_and_one_that_nobody_knows_may_be_what_is_not_sent():
    record = sha256(2, 0, ROOT)
    assert fates(LEAF, record, more=(ROOT,)) == [Fate.HOLDS]
    assert fates(LEAF, record, roots=TrustStore(())) == [Fate.ISSUER_NOT_SENT]
    assert fates(LEAF, sha256(2, 0, NOTHING), more=(ROOT,)) == [Fate.OTHER]


def test_a_key_that_stands_whole_in_a_record_is_that_of_who_signed_what_is_sent():
    for kind in ("EC", "RSA 2048"):
        authority = Authority(now=AT)
        leaf = authority.issue(HOST, key=kind)
        key = key_of(authority.certificate)
        assert fates(leaf, Tlsa(2, 1, 0, key), Tlsa(2, 1, 0, b"no key")) == [Fate.HOLDS, Fate.STALE]
        assert fates(leaf, Tlsa(2, 1, 0, ROOT_KEY), roots=TrustStore(())) == [Fate.ISSUER_NOT_SENT]
        late = authority.issue(HOST, days=(-90, -1))
        assert fates(late, Tlsa(2, 1, 0, key)) == [Fate.OUT_OF_DATE]


def test_what_issued_itself_is_no_authority_over_itself():
    own = AUTHORITY.issue(HOST, self_signed=True)
    assert fates(own, sha256(2, 0, own.der), sha256(2, 1, key_of(own.certificate))) == [Fate.LEAF, Fate.LEAF]


def test_beside_one_that_holds_what_matches_nothing_is_stale_and_a_swap_stays_a_swap():
    records = sha256(3, 1, KEY), sha256(3, 1, NOTHING), sha256(2, 1, NOTHING), sha256(3, 0, KEY)
    assert fates(LEAF, *records) == [Fate.HOLDS, Fate.STALE, Fate.STALE, Fate.KEY]


def test_a_chain_that_leads_nowhere_is_no_matter_of_dates():
    stranger = AUTHORITY.issue(HOST)
    assert fates(stranger, sha256(2, 0, ISSUER), more=(ISSUER,)) == [Fate.NO_PATH]


def test_the_record_to_publish_is_that_of_the_key():
    assert wanted_record([LEAF.der]) == f"3 1 1 {hashlib.sha256(KEY).hexdigest()}"
    assert (wanted_record([]), wanted_record([b"no certificate"])) == ("", "")


def test_every_reason_has_a_sentence():
    assert {f"dane_record.{fate}" for fate in Fate} - SENTENCES.keys() == {"dane_record.holds"}


@pytest.mark.parametrize(("matching", "made"), [(0, bytes), (1, hashlib.sha256), (2, hashlib.sha512)])
@pytest.mark.parametrize("usage", [2, 3])
def test_both_usages_match_by_every_matching_type(usage, matching, made):
    der = LEAF.der if usage == 3 else ISSUER
    record = Tlsa(usage, 0, matching, der if made is bytes else made(der).digest())
    assert fates(LEAF, record) == [Fate.HOLDS]
    assert fates(ELSEWHERE, record) != [Fate.HOLDS]


@given(st.builds(Tlsa, st.integers(0, 255), st.integers(0, 255), st.integers(0, 3), st.binary()), st.binary())
def test_judging_is_total(record, der):
    with warnings.catch_warnings():
        assert judge_records([record], Live([der], [HOST], AT)) == ()
        assert len(judge_records([record], Live([LEAF.der, der], [HOST], AT, STORE))) == 1
