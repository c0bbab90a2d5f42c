"""What of a certificate a TLSA record can hold, and whether a key signed one. Pure and total.

Certificates that break the rules are None, empty or False, never an exception.
"""

import hashlib
import warnings
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from commands.smtpcheck.tls.certificate_findings import MAX_CERTIFICATE_BYTES, alternative_names
from commands.smtpcheck.tls.trust import BROKEN

CERTIFICATE, KEY = 0, 1
"""Selectors (RFC 6698 section 2.1.2)."""


def selected(certificate: x509.Certificate, selector: int) -> bytes | None:
    """The certificate or its key, as a record has it; None for one that breaks the rules."""
    try:
        if selector == CERTIFICATE:
            return certificate.public_bytes(Encoding.DER)
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except BROKEN:
        return None


def load(der: bytes) -> x509.Certificate | None:
    """A certificate whose names and dates can be read, or None."""
    try:
        made = x509.load_der_x509_certificate(der) if len(der) <= MAX_CERTIFICATE_BYTES else None
        if made is not None:
            _ = made.subject, made.issuer, made.not_valid_before_utc, made.not_valid_after_utc
    except BROKEN:
        return None
    return made


def names_of(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        return alternative_names(leaf)[0]
    except BROKEN:
        return ()


def wanted_record(chain: Sequence[bytes]) -> str:
    """The record of the live key that never breaks while the key stays; empty when it cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        leaf = load(chain[0]) if chain else None
        key = selected(leaf, KEY) if leaf is not None else None
    return f"3 {KEY} 1 {hashlib.sha256(key).hexdigest()}" if key else ""


UNVERIFIABLE: tuple[type[Exception], ...] = (*BROKEN, InvalidSignature)


def signed(certificate: x509.Certificate, key: bytes) -> bool:
    """Whether this key signed a certificate."""
    try:
        public, how = load_der_public_key(key), certificate.signature_algorithm_parameters
        proof = certificate.signature, certificate.tbs_certificate_bytes
        if (
            isinstance(public, RSAPublicKey)
            and isinstance(how, PKCS1v15 | PSS)
            and certificate.signature_hash_algorithm
        ):
            public.verify(*proof, how, certificate.signature_hash_algorithm)
        elif isinstance(public, EllipticCurvePublicKey) and isinstance(how, ECDSA):
            public.verify(*proof, how)
        elif isinstance(public, Ed25519PublicKey | Ed448PublicKey):
            public.verify(*proof)
        else:
            return False
    except UNVERIFIABLE:
        return False
    return True
