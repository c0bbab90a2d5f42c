"""Whether a TLSA record holds for a live certificate chain, and if not why. Pure and total.

Sources: RFC 6698 section 2.1 (fields), RFC 7671 sections 5.1 (DANE-EE) and 5.2 (DANE-TA), RFC 7672 section 3.1
(usages 0 and 1 are of no use to SMTP; with usage 3 neither names nor dates count; the authority of usage 2 is sent).
"""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from commands.slack_text import clean
from commands.smtpcheck.policy.tlsa_data import CERTIFICATE, KEY, load, names_of, selected, signed
from commands.smtpcheck.tls.certificate_findings import MAX_CERTIFICATES, name_matches
from commands.smtpcheck.tls.trust import BROKEN, TrustStore, is_self_issued, linked_path, name_text

DANE_TA, DANE_EE = 2, 3
DIGEST_OCTETS = {1: 32, 2: 64}


class Fate(StrEnum):
    """What becomes of a record. `STALE` is one that matches nothing while another holds."""

    HOLDS = "holds"
    OTHER = "other"
    STALE = "stale"
    # of no use, whatever the server shows
    USAGE = "usage"
    FIELD = "field"
    LENGTH = "length"
    # one field is wrong
    WHOLE = "whole"  # the digest of the certificate, where the selector says key
    KEY = "key"  # the reverse
    LEAF = "leaf"  # the server's own certificate, where the usage says authority
    AUTHORITY = "authority"  # the reverse
    # usage 2
    OUT_OF_DATE = "out_of_date"
    LINK_OUT_OF_DATE = "link_out_of_date"
    NAME = "name"
    NO_PATH = "no_path"
    ROOT_NOT_SENT = "root_not_sent"
    ISSUER_NOT_SENT = "issuer_not_sent"


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One record: usage, selector (0 certificate, 1 public key), matching (0 all, 1 SHA-256, 2 SHA-512), data."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def useless(self) -> Fate | None:
        """Why no sender of mail can do anything with it (RFC 7672 section 3.1.3), or nothing."""
        if self.usage in {0, 1}:
            return Fate.USAGE
        if self.usage > DANE_EE or self.selector > KEY or self.matching > max(DIGEST_OCTETS):
            return Fate.FIELD
        fits = len(self.data) == DIGEST_OCTETS.get(self.matching, len(self.data))
        return None if self.data and fits else Fate.LENGTH

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex()[:16]}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A record and its fate; `detail` is its evidence: a date, names, the certificate that it is about."""

    record: Tlsa
    fate: Fate
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """What records are compared with: the chain, the names that its certificate may bear, the time, public roots."""

    chain: Sequence[bytes]
    names: Sequence[str]
    at: datetime
    roots: TrustStore = field(default_factory=lambda: TrustStore(()))


def judge_records(records: Sequence[Tlsa], live: Live) -> tuple[Judged, ...]:
    """Each record with its fate; nothing when the server's own certificate cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be compared today
        chain = [load(der) for der in live.chain[:MAX_CERTIFICATES]]
        if not chain or chain[0] is None:
            return ()
        sound = [certificate for certificate in chain if certificate is not None]
        judged = [_judge(record, sound, live) for record in records]
    if any(one.fate is Fate.HOLDS for one in judged):
        gone = {Fate.OTHER, Fate.ISSUER_NOT_SENT}
        judged = [replace(one, fate=Fate.STALE) if one.fate in gone else one for one in judged]
    return tuple(judged)


def _judge(record: Tlsa, chain: Sequence[x509.Certificate], live: Live) -> Judged:
    if record.useless:
        return Judged(record, record.useless, str(len(record.data)))
    if record.usage == DANE_EE:
        return _judge_own(record, chain)
    anchors = list(_anchors(record, chain))
    return _judge_path(record, anchors, chain, live) if anchors else _judge_unsent(record, chain, live.roots)


def _judge_own(record: Tlsa, chain: Sequence[x509.Certificate]) -> Judged:
    """DANE-EE: the server's own certificate, whatever its names and dates."""
    if _is_of(record, chain[0]):
        return Judged(record, Fate.HOLDS)
    issuer = next((one for one in chain[1:] if _is_of(record, one)), None)
    if issuer is not None:
        return Judged(record, Fate.AUTHORITY, name_text(issuer.subject))
    return Judged(record, _swapped(record, chain[:1]) or Fate.OTHER)


def _judge_path(
    record: Tlsa, anchors: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], live: Live
) -> Judged:
    """DANE-TA whose authority is there: dates and names of what leads to it count, as with a public authority."""
    objections = [_objection(anchor, chain, live.at) for anchor in anchors]
    if all(objections):
        fate, detail = _what_time_did(chain, live.at) or (Fate.NO_PATH, objections[0])
        return Judged(record, fate, detail)
    names = names_of(chain[0])
    if not any(name_matches(name, names) for name in live.names if name):
        return Judged(record, Fate.NAME, clean(", ".join(names[:MOST_NAMES])) or name_text(chain[0].subject))
    return Judged(record, Fate.HOLDS)


def _what_time_did(chain: Sequence[x509.Certificate], at: datetime) -> tuple[Fate, str] | None:
    """The first certificate on the way up that is not valid at that time, and how long it was."""
    for position, one in enumerate(linked_path(chain[0], chain[1:])):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            span = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
            if position:
                return Fate.LINK_OUT_OF_DATE, f"{name_text(one.subject)}, {span}"
            return Fate.OUT_OF_DATE, span
    return None


def _judge_unsent(record: Tlsa, chain: Sequence[x509.Certificate], roots: TrustStore) -> Judged:
    """DANE-TA of an authority that is not among what was sent."""
    if _is_of(record, chain[0]):
        return Judged(record, Fate.LEAF)
    swapped = _swapped(record, chain)
    if swapped:
        return Judged(record, swapped)
    known = (load(der) for der in roots.anchors_of([one.public_bytes(Encoding.DER) for one in chain]))
    root = next((one for one in known if one is not None and _is_of(record, one)), None)
    if root is not None:
        return Judged(record, Fate.ROOT_NOT_SENT, name_text(root.subject))
    top = linked_path(chain[0], chain[1:])[-1]
    if is_self_issued(top):
        return Judged(record, Fate.OTHER)
    return Judged(record, Fate.ISSUER_NOT_SENT, name_text(top.issuer))


def _swapped(record: Tlsa, chain: Sequence[x509.Certificate]) -> Fate | None:
    """Whether the record would match with the other selector."""
    other = replace(record, selector=CERTIFICATE if record.selector == KEY else KEY)
    if not any(_is_of(other, one) for one in chain):
        return None
    return Fate.WHOLE if record.selector == KEY else Fate.KEY


def _anchors(record: Tlsa, chain: Sequence[x509.Certificate]) -> Iterator[x509.Certificate]:
    """Certificates that the record makes an authority: sent ones, or what stands whole in the record.

    Of a key that stands there it is what that key signed. The server's own certificate is no authority,
    even where it issued itself: OpenSSL, which most senders with DANE verify with, does not take it for one.
    """
    yield from (one for one in chain[1:] if _is_of(record, one))
    if record.matching:
        return
    whole = load(record.data) if record.selector == CERTIFICATE else None
    if whole is not None and whole not in chain:
        yield whole
    top = linked_path(chain[0], chain[1:])[-1]
    if record.selector == KEY and signed(top, record.data):
        yield top


def _objection(anchor: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> str:
    """Why no valid path at that time leads from the first certificate to the anchor, or nothing."""
    if anchor == chain[0]:
        return "" if anchor.not_valid_before_utc <= at <= anchor.not_valid_after_utc else "out of date"
    try:
        return clean(TrustStore([anchor]).objection(chain[0], chain[1:], at))
    except BROKEN:
        return "unreadable"


MOST_NAMES = 3
"""Names of a certificate that are told."""


def _is_of(record: Tlsa, certificate: x509.Certificate) -> bool:
    data = selected(certificate, record.selector)
    digests = {1: hashlib.sha256, 2: hashlib.sha512}
    made = digests[record.matching](data).digest() if record.matching in digests and data else data
    return made == record.data
