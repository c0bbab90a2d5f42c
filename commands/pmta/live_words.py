"""What live checks say of a state, how bad it is, and on what ground: data."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """`basis` is the document that says so; "" for what says nothing about the world."""

    severity: str
    sentence: str
    basis: str = ""


PTR = "RFC 1912, 2.1; RFC 8601, 3"
RECORD = "RFC 6376, 3.6.1"
SIZES = "RFC 8301, 3.2"

WORDS: Mapping[str, Words] = {
    "ptr_confirmed": Words("ok", "{subject} is {seen} in reverse DNS, and that name leads back to it.", PTR),
    "ptr_absent": Words(
        "error", "{subject} has no PTR record; many receivers refuse mail from it. It should say {seen}.", PTR
    ),
    "ptr_other": Words(
        "warning",
        "The PTR of {subject} says {seen}. That name leads back, so the address is confirmed; only the name that "
        "PowerMTA gives in HELO is another.",
        PTR,
    ),
    "ptr_not_confirmed": Words("error", "The PTR of {subject} says {seen}, which does not lead back to it.", PTR),
    "ptr_inside": Words(
        "error", "The PTR of {subject} says {seen}: no public address, so nobody outside can confirm it.", PTR
    ),
    "ptr_unknown": Words("notice", "Reverse DNS of {subject} could not be looked up ({seen}): it is unknown."),
    "ptr_not_public": Words("notice", "{subject} is not public, so its reverse DNS was not asked for."),
    "name_elsewhere": Words(
        "warning", "{seen}, the name in HELO, does not lead to {subject}; receivers may check that.", PTR
    ),
    "dkim_present": Words("ok", "{subject} holds a DKIM key ({seen}).", RECORD),
    "dkim_alias": Words("ok", "{subject} is an alias of {seen}.", "RFC 1034, 3.6.2"),
    "dkim_absent": Words("error", "{subject} does not exist: signatures with this key fail everywhere.", RECORD),
    "dkim_dangling": Words(
        "error", "{subject} is an alias of {seen}, which holds no TXT record: signatures with this key fail.", RECORD
    ),
    "dkim_revoked": Words("error", "{subject} is revoked (empty p=): signatures with this key fail.", RECORD),
    "dkim_malformed": Words("error", "{subject} holds no DKIM record: {seen}", RECORD),
    "dkim_version": Words("error", "{subject} says v={seen}; verifiers discard all but v=DKIM1.", RECORD),
    "dkim_version_late": Words("warning", "{subject} has v= in the middle; it has to be the first tag.", RECORD),
    "dkim_several": Words(
        "error", "{subject} holds {seen} DKIM records; what a verifier makes of that is undefined.", "RFC 6376, 3.6.2.2"
    ),
    "dkim_beside": Words(
        "warning",
        "{subject} holds {seen} more TXT beside the key; what a verifier makes of that is undefined.",
        "RFC 6376, 3.6.2.2",
    ),
    "dkim_unreadable": Words("error", "{subject} has a p= that is no key ({seen}): cut off, or not base64.", RECORD),
    "dkim_kind_unknown": Words("error", "{subject} says k={seen}, which verifiers do not know.", RECORD),
    "dkim_kind_differs": Words("error", "{subject} contradicts itself: {seen}.", f"{RECORD}; RFC 8463, 4"),
    "dkim_not_rsa": Words(
        "error",
        "{subject} holds a key for {seen}, but dkim-algorithm knows rsa-sha1 and rsa-sha256 alone: the types differ.",
        "PowerMTA 5.0 User's Guide, 3.3.10.22; RFC 8463",
    ),
    "dkim_weak": Words(
        "error", "{subject} holds an RSA key of {seen} bits; verifiers must not accept less than 1,024.", SIZES
    ),
    "dkim_short": Words("notice", "{subject}: {seen} bits are accepted, 2,048 should be used.", SIZES),
    "dkim_long": Words("notice", "{subject}: {seen} bits; verifiers need not take more than 4,096.", SIZES),
    "dkim_hash": Words("error", "{subject} allows {seen}, which this config signs with.", RECORD),
    "dkim_service": Words("error", "{subject} is for s={seen}, not for e-mail.", RECORD),
    "dkim_testing": Words(
        "notice", "{subject} says t=y (testing): a signature that fails counts as no signature.", RECORD
    ),
    "dkim_unknown": Words("notice", "{subject} could not be looked up ({seen}): it is unknown."),
    "file_matches": Words("ok", "{seen} is the private half of the key at {subject}."),
    "file_differs": Words(
        "error", "{seen} does not belong to the key at {subject}: signatures with it fail.", "RFC 6376, 6.1.3"
    ),
    "file_not_rsa": Words(
        "error",
        "{seen} holds a key that is not RSA; dkim-algorithm knows rsa-sha1 and rsa-sha256 alone.",
        "PowerMTA 5.0 User's Guide, 3.3.10.22",
    ),
    "file_no_key": Words("warning", "{seen} holds no private key that can be read without a password."),
    "file_absent": Words("warning", "The key file {seen} is not there on this host."),
    "named_fits": Words("ok", "{subject} can be read and holds {seen}."),
    "named_absent": Words("warning", "{subject} is not there on this host: {seen}."),
    "named_unread": Words("notice", "{subject} could not be looked at: {seen}."),
    "named_no_certificate": Words("warning", "{subject} holds no certificate in PEM form."),
    "named_no_key": Words("warning", "{subject} holds no private key in PEM form."),
    "file_unread": Words("notice", "The key file could not be compared: {seen}."),
    "unknown": Words("notice", "{subject} was not answered in time: it is unknown."),
}
"""State -> severity, sentence, basis. `seen` may come from DNS."""
