"""Whether a TLSA record matches a live certificate chain. Pure and total.

Sources: RFC 6698 section 2.1 (fields), RFC 7671 sections 5.1 (DANE-EE) and 5.2 (DANE-TA), RFC 7672 section 3.1
(usages 0 and 1 are of no use to SMTP; with usage 3 neither names nor dates count).
"""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commands.smtpcheck.tls.certificate_findings import (
    MAX_CERTIFICATE_BYTES,
    MAX_CERTIFICATES,
    alternative_names,
    name_matches,
)
from commands.smtpcheck.tls.trust import BROKEN, TrustStore, is_self_issued

DANE_TA, DANE_EE = 2, 3
DIGEST_OCTETS = {1: 32, 2: 64}


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One record: usage, selector (0 certificate, 1 public key), matching (0 all, 1 SHA-256, 2 SHA-512), data."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def usable(self) -> bool:
        """Whether a sender of mail can do anything with it (RFC 7672 section 3.1.3)."""
        known = self.usage in {DANE_TA, DANE_EE} and self.selector in {0, 1} and self.matching in {0, 1, 2}
        return known and bool(self.data) and len(self.data) == DIGEST_OCTETS.get(self.matching, len(self.data))

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex()[:16]}"


def matching_record(
    records: Sequence[Tlsa], chain_der: Sequence[bytes], *, names: Sequence[str], at: datetime
) -> Tlsa | None:
    """The first usable record that authenticates the chain for one of the names, DANE-EE before DANE-TA."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be compared today
        chain = _load_all(chain_der[:MAX_CERTIFICATES])
        if not chain or chain[0] is None:
            return None
        sound = [certificate for certificate in chain if certificate is not None]
        usable = sorted((record for record in records if record.usable), key=lambda record: -record.usage)
        return next((record for record in usable if _matches(record, sound, names, at)), None)


def _matches(record: Tlsa, chain: Sequence[x509.Certificate], names: Sequence[str], at: datetime) -> bool:
    leaf = chain[0]
    if record.usage == DANE_EE:
        return _is_of(record, leaf)
    return _is_for(leaf, names) and any(_leads_to(anchor, chain, at) for anchor in _anchors(record, chain))


def _anchors(record: Tlsa, chain: Sequence[x509.Certificate]) -> Iterator[x509.Certificate]:
    """Certificates that the record makes an authority: sent ones, or the one that stands whole in the record.

    The server's own certificate counts only if it issued itself (RFC 7671 section 5.2.1).
    """
    sent = [one for number, one in enumerate(chain) if number or is_self_issued(one)]
    yield from (one for one in sent if _is_of(record, one))
    whole = _load(record.data) if (record.selector, record.matching) == (0, 0) else None
    if whole is not None and whole not in chain:
        yield whole


def _leads_to(anchor: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> bool:
    """Whether a valid path at that time leads from the first certificate to the anchor."""
    try:
        return not TrustStore([anchor]).objection(chain[0], chain[1:], at)
    except BROKEN:
        return False


def _is_for(leaf: x509.Certificate, names: Sequence[str]) -> bool:
    try:
        dns_names, _ = alternative_names(leaf)
    except BROKEN:
        return False
    return any(name_matches(name, dns_names) for name in names if name)


def _is_of(record: Tlsa, certificate: x509.Certificate) -> bool:
    try:
        whole = certificate.public_bytes(Encoding.DER)
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except BROKEN:
        return False
    selected = key if record.selector else whole
    digests = {1: hashlib.sha256, 2: hashlib.sha512}
    made = digests[record.matching](selected).digest() if record.matching in digests else selected
    return made == record.data


def _load_all(chain_der: Sequence[bytes]) -> list[x509.Certificate | None]:
    return [_load(der) for der in chain_der]


def _load(der: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(der) if len(der) <= MAX_CERTIFICATE_BYTES else None
    except BROKEN:
        return None
