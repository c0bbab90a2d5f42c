"""What a server's certificates say: dates, names, keys, signatures, links; for which host, and whether trusted.

`analyse` is pure: the DER chain that the server sent, the host, the time and the trusted roots in, a report out. The
chain and the name are judged apart, because on port 25 senders mostly check neither and on 465 and 587 clients check
both. RSA below 2048 bits, elliptic curves below 224 bits, DSA, and signatures made with MD5 or SHA-1 are weak
(CA/Browser Forum baseline requirements sections 6.1.5 and 7.1.3.2, NIST SP 800-131A).

Sources: RFC 5280 section 4.1.2.5 (dates), RFC 9525 (names).
"""

import hashlib
import ssl
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from commands.slack_text import clean
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.result.findings import Code, Found, Value
from commands.smtpcheck.tls.trust import (
    BROKEN,
    TrustStore,
    is_self_issued,
    is_self_signed,
    judge_chain,
    name_text,
    order_findings,
)
from commands.times import days_left

WARNING_DAYS = 14
NOTICE_DAYS = 30
_DER_ENCODING = 2  # ssl's own number, for the private call of Python 3.11 and 3.12


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


_COMMON = ("RSA", "DSA", "EC P-", "unknown")


def is_rare(key: str) -> bool:
    """Whether many clients do not know this kind of key: Ed25519, Ed448, curves of few."""
    return not key.startswith(_COMMON)


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

    `days_left` is counted as a calendar does and negative after the end. `trusted` is about chain and dates, not about
    the name; `why_not` is the code of the first reason. Dates and `days_left` are None where it cannot be read.
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
def read_chain(chain_der: tuple[bytes, ...], at: datetime, store: TrustStore) -> Known:
    """What can be said about a chain at that time. A first certificate that cannot be read leaves one finding."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be reported today
        try:
            return _read(chain_der, at, store)
        except BROKEN:
            return Known(_unreadable(chain_der))


def _unreadable(chain_der: tuple[bytes, ...]) -> CertificateReport:
    return CertificateReport(
        sha256=hashlib.sha256(chain_der[0]).hexdigest() if chain_der else "",
        why_not="cert_unparsable",
        chain_length=len(chain_der),
        findings=((Code.CERT_UNPARSABLE, {"position": 0}),),
    )


def _read(chain_der: tuple[bytes, ...], at: datetime, store: TrustStore) -> Known:
    if not chain_der:
        raise ValueError("no certificate")
    leaf = _load(chain_der[0])
    others, broken = _load_others(chain_der)
    dns_names, addresses = alternative_names(leaf)
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    strength = tuple(strength_findings([leaf, *others]))
    self_signed, key = is_self_signed(leaf), key_strength(leaf)[0]
    why_not = _clearest(judge_chain(leaf, others, at, store, self_signed=self_signed), strength)
    rare: list[Found] = [(Code.CERT_RARE_KEY, {"key": key})] if is_rare(key) else []
    untidy = tuple(order_findings(leaf, others, at)) if why_not is None else ()
    report = CertificateReport(
        subject=name_text(leaf.subject),
        issuer=name_text(leaf.issuer),
        names=tuple(clean(name, 255) for name in (*dns_names, *addresses)[:MAX_NAMES]),
        not_before=start,
        not_after=end,
        key=key,
        signature=signature_hash(leaf),
        sha256=hashlib.sha256(chain_der[0]).hexdigest(),
        trusted=why_not is None,
        why_not=why_not[0] if why_not else "",
        self_signed=self_signed,
        chain_length=len(chain_der),
        findings=(*((why_not,) if why_not and why_not not in strength else ()), *strength, *rare, *broken, *untidy),
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


def analyse(chain_der: Sequence[bytes], *, host: str, at: datetime, store: TrustStore) -> CertificateReport:
    """The report on a chain in the order in which it was sent. `at` is aware. Total: broken bytes are a finding."""
    return _analysed(tuple(chain_der), host, at, store)


@lru_cache(maxsize=64)  # the ports of a host show the same
def _analysed(chain_der: tuple[bytes, ...], host: str, at: datetime, store: TrustStore) -> CertificateReport:
    chain_der = chain_der[:MAX_CERTIFICATES]
    hour = at.replace(minute=0, second=0, microsecond=0)
    turns = store.turns_between(hour, at) or any(hour <= turn <= at for turn in _turns(chain_der))
    known = read_chain(chain_der, at if turns else hour, store)  # a watch asks every minute
    report = known.report
    if report.not_before is None or report.not_after is None:
        return report
    days = days_left(report.not_after, at)
    dates = _date_findings(report.not_before, report.not_after, at, days)
    matches, names = _name_findings(known, host)
    expired = bool(dates) and dates[0][0] in {"cert_expired", "cert_not_yet_valid"}
    return replace(
        report,
        days_left=days,
        trusted=report.trusted and not expired,
        why_not=dates[0][0] if expired else report.why_not,
        name_matches=matches,
        findings=(*dates, *report.findings, *names),
    )


@lru_cache(maxsize=512)
def _turns(chain_der: tuple[bytes, ...]) -> tuple[datetime, ...]:
    """When the certificates begin and end; nothing of those that cannot be read."""
    found: list[datetime] = []
    for der in chain_der:
        with suppress(*BROKEN):
            certificate = _load(der)
            found += certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return tuple(found)


def peer_chain_der(ssl_object: ssl.SSLObject | ssl.SSLSocket) -> list[bytes]:
    """The certificates that the peer sent, its own first; only that one where Python cannot tell the others."""
    source = ssl_object if hasattr(ssl_object, "get_unverified_chain") else getattr(ssl_object, "_sslobj", None)
    read = getattr(source, "get_unverified_chain", None)
    try:
        sent = list(read() or ()) if read else []
        chain = [entry if isinstance(entry, bytes) else entry.public_bytes(_DER_ENCODING) for entry in sent]
    except (AttributeError, TypeError, ValueError, ssl.SSLError):
        chain = []
    leaf = None if chain else ssl_object.getpeercert(binary_form=True)
    return chain or ([leaf] if leaf else [])


def _date_findings(start: datetime, end: datetime, at: datetime, days: int) -> tuple[Found, ...]:
    if at > end:
        return ((Code.CERT_EXPIRED, {"days": days, "not_after": end.isoformat()}),)
    if at < start:
        return ((Code.CERT_NOT_YET_VALID, {"not_before": start.isoformat()}),)
    if days <= NOTICE_DAYS:
        code = Code.CERT_EXPIRES_SOON if days <= WARNING_DAYS else Code.CERT_EXPIRES_IN_WEEKS
        return ((code, {"days": days}),)
    return ()


def _name_findings(known: Known, host: str) -> tuple[bool, tuple[Found, ...]]:
    """Whether the names cover the host. A common name alone counts for nobody who follows RFC 9525."""
    if not known.dns_names and not known.addresses:
        common = known.common_name
        return False, ((Code.CERT_NO_SAN, {"common_name": common, "covers": int(name_matches(host, (common,)))}),)
    if name_matches(host, known.dns_names, known.addresses):
        return True, ()
    params: dict[str, Value] = {
        "host": clean(host, 255),
        "by_address": is_address(host),
        "names": list(known.report.names),
    }
    return False, ((Code.CERT_NAME_MISMATCH, params),)


def demands_staple(der: bytes) -> bool:
    """Whether a certificate says that it is to be refused without a stapled OCSP reply (RFC 7633). Total."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            features = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.TLSFeature).value
        except x509.ExtensionNotFound:
            return False
        except BROKEN:
            return False
        return x509.TLSFeatureType.status_request in features


def has_rsa_key(der: bytes) -> bool:
    """Whether a certificate is for an RSA key. Total."""
    try:
        return isinstance(_load(der).public_key(), rsa.RSAPublicKey)
    except BROKEN:
        return False


def described(der: bytes) -> dict[str, Value]:
    """`names` and `ends` (a date) of a certificate; both empty where it cannot be read. Total."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be shown today
        try:
            leaf = x509.load_der_x509_certificate(der)
            names = [clean(name, 100) for kind in alternative_names(leaf) for name in kind]
            return {"names": names[:MAX_NAMES], "ends": leaf.not_valid_after_utc.strftime("%Y-%m-%d")}
        except BROKEN:
            return {"names": [], "ends": ""}
