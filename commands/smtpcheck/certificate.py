"""What a server's certificate says, whether it is trusted, and whether it is for the host that was asked.

`analyse` is pure: the DER chain that the server sent, the host, the time and the trusted roots in, a report out. The
chain and the name are judged apart, because on port 25 senders mostly check neither and on 465 and 587 clients check
both. Everything that depends on the chain alone is kept for the next host that has the same one.

Sources: RFC 5280, RFC 9525 (names), CA/Browser Forum baseline requirements (key sizes, hashes).
"""

import hashlib
import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import NameOID

from commands.slack_text import clean
from commands.smtpcheck.cert_names import alternative_names, name_matches
from commands.smtpcheck.strength import key_strength, signature_hash, strength_findings
from commands.smtpcheck.trust import BROKEN, Finding, TrustStore, is_self_signed, judge_chain, name_text

__all__ = ["CertificateReport", "Finding", "TrustStore", "analyse", "name_matches", "peer_chain_der"]

MAX_CERTIFICATES = 10
MAX_CERTIFICATE_BYTES = 65_536
MAX_NAMES = 50
WARNING_DAYS = 14
NOTICE_DAYS = 30
_DAY = timedelta(days=1)
_DER_ENCODING = 2  # ssl's own number, for the private call of Python 3.11 and 3.12


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
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What does not depend on the host, nor on the minute."""

    report: CertificateReport
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    common_name: str = ""


def analyse(chain_der: Sequence[bytes], *, host: str, at: datetime, store: TrustStore) -> CertificateReport:
    """The report on a chain in the order in which it was sent. `at` is aware. Total: broken bytes are a finding."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    known = _known(tuple(chain_der[:MAX_CERTIFICATES]), hour, store)
    report = known.report
    if report.not_before is None or report.not_after is None:
        return report
    days = (report.not_after - at) // _DAY
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


def peer_chain_der(ssl_object: ssl.SSLObject | ssl.SSLSocket) -> list[bytes]:
    """The certificates that the peer sent, its own first; only that one where Python cannot tell the others."""
    source = ssl_object if hasattr(ssl_object, "get_unverified_chain") else getattr(ssl_object, "_sslobj", None)
    read = getattr(source, "get_unverified_chain", None)
    try:
        sent = list(read() or ()) if read else []
        chain = [entry if isinstance(entry, bytes) else entry.public_bytes(_DER_ENCODING) for entry in sent]
    except (AttributeError, TypeError, ValueError, ssl.SSLError):
        chain = []
    leaf = ssl_object.getpeercert(binary_form=True)
    return chain or ([leaf] if leaf else [])


@lru_cache(maxsize=512)
def _known(chain_der: tuple[bytes, ...], hour: datetime, store: TrustStore) -> _Known:
    """What can be said about a chain at that hour. A first certificate that cannot be read leaves one finding."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be reported today
        try:
            return _read(chain_der, hour, store)
        except BROKEN:
            return _Known(_unreadable(chain_der))


def _unreadable(chain_der: tuple[bytes, ...]) -> CertificateReport:
    return CertificateReport(
        sha256=hashlib.sha256(chain_der[0]).hexdigest() if chain_der else "",
        why_not="cert_unparsable",
        chain_length=len(chain_der),
        findings=(("cert_unparsable", {"position": 0}),),
    )


def _read(chain_der: tuple[bytes, ...], hour: datetime, store: TrustStore) -> _Known:
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
    return _Known(report, dns_names, addresses, clean(str(common[-1].value), 255) if common else "")


def _clearest(why_not: Finding | None, strength: Sequence[Finding]) -> Finding | None:
    """When all links are there and yet no path holds, a weak signature is the reason that says most."""
    if why_not and "detail" in why_not[1]:
        return next((finding for finding in strength if finding[0] == "cert_weak_signature"), why_not)
    return why_not


def _load(der: bytes) -> x509.Certificate:
    if len(der) > MAX_CERTIFICATE_BYTES:
        raise ValueError("longer than a certificate may be")
    return x509.load_der_x509_certificate(der)


def _load_others(chain_der: tuple[bytes, ...]) -> tuple[list[x509.Certificate], list[Finding]]:
    """The certificates behind the first, and a finding for each that cannot be read."""
    others: list[x509.Certificate] = []
    broken: list[Finding] = []
    for position, der in enumerate(chain_der[1:], start=1):
        try:
            certificate = _load(der)
            certificate.subject.public_bytes(), certificate.issuer.public_bytes()
            others.append(certificate)
        except BROKEN:
            broken.append(("cert_unparsable", {"position": position}))
    return others, broken


def _date_findings(start: datetime, end: datetime, at: datetime, days: int) -> tuple[Finding, ...]:
    if at > end:
        return (("cert_expired", {"days": days, "not_after": end.isoformat()}),)
    if at < start:
        return (("cert_not_yet_valid", {"not_before": start.isoformat()}),)
    if days <= NOTICE_DAYS:
        return (("cert_expires_soon" if days <= WARNING_DAYS else "cert_expires_in_weeks", {"days": days}),)
    return ()


def _name_findings(known: _Known, host: str) -> tuple[bool, tuple[Finding, ...]]:
    """Whether the names cover the host. A common name alone counts for nobody who follows RFC 9525."""
    if not known.dns_names and not known.addresses:
        common = known.common_name
        return False, (("cert_no_san", {"common_name": common, "covers": int(name_matches(host, (common,)))}),)
    if name_matches(host, known.dns_names, known.addresses):
        return True, ()
    return False, (("cert_name_mismatch", {"host": clean(host, 255), "names": ", ".join(known.report.names[:3])}),)
