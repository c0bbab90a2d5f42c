"""What a server's certificate says, whether it is trusted, and whether it is for the host that was asked.

`analyse` is pure: the DER chain that the server sent, the host, the time and the trusted roots in, a report out. The
chain and the name are judged apart, because on port 25 senders mostly check neither and on 465 and 587 clients check
both. What the chain says by itself is read in `chain`.

Sources: RFC 5280 section 4.1.2.5 (dates), RFC 9525 (names).
"""

import ssl
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509

from commands.slack_text import clean
from commands.smtpcheck.address.literal import is_address
from commands.smtpcheck.result.findings import Code, Found, Value
from commands.smtpcheck.tls.chain import (
    MAX_CERTIFICATES,
    CertificateReport,
    Known,
    alternative_names,
    name_matches,
    read_chain,
)
from commands.smtpcheck.tls.trust import BROKEN, TrustStore

__all__ = ["CertificateReport", "TrustStore", "analyse", "name_matches", "peer_chain_der"]

WARNING_DAYS = 14
NOTICE_DAYS = 30
_DAY = timedelta(days=1)
_DER_ENCODING = 2  # ssl's own number, for the private call of Python 3.11 and 3.12


def analyse(chain_der: Sequence[bytes], *, host: str, at: datetime, store: TrustStore) -> CertificateReport:
    """The report on a chain in the order in which it was sent. `at` is aware. Total: broken bytes are a finding."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    known = read_chain(tuple(chain_der[:MAX_CERTIFICATES]), hour, store)
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


MOST_NAMES = 50


def described(der: bytes) -> dict[str, Value]:
    """`names` and `ends` (a date) of a certificate; both empty where it cannot be read. Total."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be shown today
        try:
            leaf = x509.load_der_x509_certificate(der)
            names = [clean(name, 100) for kind in alternative_names(leaf) for name in kind]
            return {"names": names[:MOST_NAMES], "ends": leaf.not_valid_after_utc.strftime("%Y-%m-%d")}
        except BROKEN:
            return {"names": [], "ends": ""}
