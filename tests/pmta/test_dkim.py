"""DKIM records read from their text alone, with keys that OpenSSL made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.pmta.dkim import judge, read_key, read_private
from tests.every import every
from tests.pmta import keys

RSA = f"v=DKIM1; k=rsa; p={keys.spki(keys.rsa())}"
SHORT = f"v=DKIM1; p={keys.PKCS1}"
ED = f"v=DKIM1; k=ed25519; p={keys.raw(keys.ed25519())}"


def states(*records, hashes=("sha256",)):
    return [state for state, _ in judge(records, hashes)[0]]


def test_type_and_size_come_from_the_key_itself():
    said, key = judge([RSA], {"sha256"})

    assert said == [("dkim_present", "RSA, 2048 bits")]
    assert (key.kind, key.bits) == ("rsa", 2048)


@every(
    [
        (SHORT, ["dkim_present", "dkim_short"]),
        (f"p={keys.WEAK}", ["dkim_weak"]),
        (f"p={keys.spki(keys.rsa(4352))}", ["dkim_present", "dkim_long"]),
        (ED, ["dkim_not_rsa"]),
        (f"v=DKIM1; k=rsa; p={keys.raw(keys.ed25519())}", ["dkim_kind_differs"]),
        (f"v=DKIM1; k=ed25519; p={keys.spki(keys.rsa())}", ["dkim_kind_differs"]),
        (f"v=DKIM1; k=dsa; p={keys.spki(keys.rsa())}", ["dkim_kind_unknown"]),
        (f"v=DKIM1; K=RSA; k=RSA; p={keys.spki(keys.rsa())}", ["dkim_present"]),
        ("v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQ", ["dkim_unreadable"]),
        ("v=DKIM1; p=hello world", ["dkim_unreadable"]),
        ("v=DKIM1; p=", ["dkim_revoked"]),
        (f"v=DKIM2; p={keys.PKCS1}", ["dkim_version"]),
        (f"v=DKIM1\\; p={keys.PKCS1}", ["dkim_version"]),
        (f"k=rsa; v=DKIM1; p={keys.spki(keys.rsa())}", ["dkim_present", "dkim_version_late"]),
        (f"{RSA}; h=sha1", ["dkim_present", "dkim_hash"]),
        (f"{RSA}; h=sha1:sha256", ["dkim_present"]),
        (f"{RSA}; t=y:s", ["dkim_present", "dkim_testing"]),
        (f"{RSA}; t=s", ["dkim_present"]),
        (f"{RSA}; s=tlsrpt", ["dkim_present", "dkim_service"]),
        (f"{RSA}; s=email:*", ["dkim_present"]),
        (f"{RSA}; p=x", ["dkim_malformed"]),
        ("v=DKIM1", ["dkim_malformed"]),
        ("hello", ["dkim_malformed"]),
        ("", ["dkim_malformed"]),
        ("=;=;;", ["dkim_malformed"]),
    ]
)
def test_a_record_is_judged_by_its_tags_and_its_key(record, expected):
    assert states(record) == expected


def test_a_hash_that_the_record_forbids_is_told_for_what_the_config_signs_with():
    assert states(f"{RSA}; h=sha256", hashes=("sha1",)) == ["dkim_present", "dkim_hash"]


def test_what_stands_beside_the_record_leaves_verifiers_a_choice():
    assert states("v=spf1 -all", RSA) == ["dkim_present", "dkim_beside"]
    assert states(RSA, SHORT) == ["dkim_several"]


def test_blanks_inside_the_key_do_not_count():
    record = keys.spki(keys.rsa())

    assert states(f" v = DKIM1 ; p = {record[:40]} {record[40:]} ;") == ["dkim_present"]


@pytest.mark.parametrize("key", [keys.rsa(), keys.ed25519()])
def test_a_private_key_has_the_public_half_that_its_record_publishes(key):
    encoded = keys.raw(key) if key is keys.ed25519() else keys.spki(key)

    assert read_private(keys.pem(key)) == read_key(encoded)


@pytest.mark.parametrize("content", [b"", b"hello", keys.pem(keys.rsa())[:200], b"\x00" * 100])
def test_what_is_no_private_key_gives_none(content):
    assert read_private(content) is None


@given(st.lists(st.text(alphabet="vkptsh=;: DKIM1rsa25/+\\\u00e9\n", max_size=60), max_size=3))
def test_any_records_give_something_to_say(records):
    assert judge(records, {"sha256"})[0]
