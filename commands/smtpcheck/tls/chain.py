"""What the chain of certificates that a server sent says by itself: names, keys, signatures, links. Pure.

RSA below 2048 bits, elliptic curves below 224 bits, DSA, and signatures made with MD5 or SHA-1 are weak (CA/Browser
Forum baseline requirements sections 6.1.5 and 7.1.3.2, NIST SP 800-131A). Names: RFC 9525.
"""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from commands.slack_text import clean
from commands.smtpcheck.address.literal import is_address
from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.tls.path import is_self_issued, is_self_signed, judge_chain, name_text
from commands.smtpcheck.tls.trust import BROKEN, TrustStore


def alternative_names(leaf: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The DNS names and the addresses of subjectAltName."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return tuple(names.get_values_for_type(x509.DNSName)), tuple(str(address) for address in addresses)


def name_matches(host: str, dns_names: Sequence[str], addresses: Sequence[str] = ()) -> bool:
    """Whether a certificate for these names is for that host (an A-label name or an address literal).

    Case and a trailing dot do not count; `*` stands for exactly one whole label, the first (RFC 9525 section 6.3).
    """
    host = host.rstrip(".").lower()
    if is_address(host):
        return str(ip_address(host)) in addresses
    wanted = {host, "*." + host.partition(".")[2]}
    return any(name.rstrip(".").lower() in wanted for name in dns_names)


_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp224r1": "P-224", "secp192r1": "P-192"}
_WEAK_HASHES = frozenset({"md2", "md4", "md5", "sha1"})
_LEAST_RSA_BITS = 2048
_LEAST_EC_BITS = 224


def key_strength(certificate: x509.Certificate) -> tuple[str, bool]:
    """The key as people write it (`RSA 2048`, `EC P-256`) and whether it is weak."""
    try:
        key = certificate.public_key()
    except BROKEN:
        return "unknown", False
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}", key.key_size < _LEAST_RSA_BITS
        case ec.EllipticCurvePublicKey():
            return f"EC {_CURVES.get(key.curve.name, key.curve.name)}", key.key_size < _LEAST_EC_BITS
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}", True
        case ed25519.Ed25519PublicKey():
            return "Ed25519", False
        case ed448.Ed448PublicKey():
            return "Ed448", False
    return "unknown", False


def signature_hash(certificate: x509.Certificate) -> str:
    """The hash that was signed (`sha256`); for Ed25519, Ed448 and what is not known the algorithm's identifier."""
    try:
        algorithm = certificate.signature_hash_algorithm
    except BROKEN:
        algorithm = None
    return algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string


def strength_findings(chain: Sequence[x509.Certificate]) -> Iterator[Found]:
    """What is weak in a chain, by position. A root's own signature proves nothing and is not judged."""
    for position, certificate in enumerate(chain):
        key, weak = key_strength(certificate)
        if weak:
            yield Code.CERT_WEAK_KEY, {"position": position, "key": key}
        signature = signature_hash(certificate)
        if signature in _WEAK_HASHES and (position == 0 or not is_self_issued(certificate)):
            yield Code.CERT_WEAK_SIGNATURE, {"position": position, "signature": signature}


MAX_CERTIFICATES = 10
MAX_CERTIFICATE_BYTES = 65_536
MAX_NAMES = 50


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """What a chain and its first certificate say. Texts are cleaned and bounded; dates are aware, in UTC.

    `days_left` is rounded down and negative after the end. `trusted` is about chain and dates, not about the name;
    `why_not` is the code of the first reason. Dates and `days_left` are None when the certificate cannot be read.
    """

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    days_left: int | None = None
    key: str = ""
    signature: str = ""
    sha256: str = ""
    trusted: bool = False
    why_not: str = ""
    name_matches: bool = False
    self_signed: bool = False
    chain_length: int = 0
    findings: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What does not depend on the host, nor on the minute."""

    report: CertificateReport
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    common_name: str = ""


@lru_cache(maxsize=512)
def read_chain(chain_der: tuple[bytes, ...], hour: datetime, store: TrustStore) -> Known:
    """What can be said about a chain at that hour. A first certificate that cannot be read leaves one finding."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be reported today
        try:
            return _read(chain_der, hour, store)
        except BROKEN:
            return Known(_unreadable(chain_der))


def _unreadable(chain_der: tuple[bytes, ...]) -> CertificateReport:
    return CertificateReport(
        sha256=hashlib.sha256(chain_der[0]).hexdigest() if chain_der else "",
        why_not="cert_unparsable",
        chain_length=len(chain_der),
        findings=((Code.CERT_UNPARSABLE, {"position": 0}),),
    )


def _read(chain_der: tuple[bytes, ...], hour: datetime, store: TrustStore) -> Known:
    if not chain_der:
        raise ValueError("no certificate")
    leaf = _load(chain_der[0])
    others, broken = _load_others(chain_der)
    dns_names, addresses = alternative_names(leaf)
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    strength = tuple(strength_findings([leaf, *others]))
    why_not = _clearest(judge_chain(leaf, others, max(start, min(hour, end)), store), strength)
    report = CertificateReport(
        subject=name_text(leaf.subject),
        issuer=name_text(leaf.issuer),
        names=tuple(clean(name, 255) for name in (*dns_names, *addresses)[:MAX_NAMES]),
        not_before=start,
        not_after=end,
        key=key_strength(leaf)[0],
        signature=signature_hash(leaf),
        sha256=hashlib.sha256(chain_der[0]).hexdigest(),
        trusted=why_not is None,
        why_not=why_not[0] if why_not else "",
        self_signed=is_self_signed(leaf),
        chain_length=len(chain_der),
        findings=(*((why_not,) if why_not and why_not not in strength else ()), *strength, *broken),
    )
    common = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Known(report, dns_names, addresses, clean(str(common[-1].value), 255) if common else "")


def _clearest(why_not: Found | None, strength: Sequence[Found]) -> Found | None:
    """When all links are there and yet no path holds, a weak signature is the reason that says most."""
    if why_not and "detail" in why_not[1]:
        return next((finding for finding in strength if finding[0] == Code.CERT_WEAK_SIGNATURE), why_not)
    return why_not


def _load(der: bytes) -> x509.Certificate:
    if len(der) > MAX_CERTIFICATE_BYTES:
        raise ValueError("longer than a certificate may be")
    return x509.load_der_x509_certificate(der)


def _load_others(chain_der: tuple[bytes, ...]) -> tuple[list[x509.Certificate], list[Found]]:
    """The certificates behind the first, and a finding for each that cannot be read."""
    others: list[x509.Certificate] = []
    broken: list[Found] = []
    for position, der in enumerate(chain_der[1:], start=1):
        try:
            certificate = _load(der)
            certificate.subject.public_bytes(), certificate.issuer.public_bytes()
            others.append(certificate)
        except BROKEN:
            broken.append((Code.CERT_UNPARSABLE, {"position": position}))
    return others, broken
