"""Why no path of valid certificates leads from a server's own to a trusted root, and which certificate is to blame.

Source: RFC 5280 section 6.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from commands.slack_text import clean
from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.tls.trust import REFUSED, TrustStore

MAX_PATH = 10
_NOISE = re.compile(r"(?:validation failed|candidates exhausted|Python extension validator failed|ValueError): ")


def judge_chain(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime, store: TrustStore
) -> Found | None:
    """None when the leaf is trusted at that time, else why not and which certificate is to blame."""
    if is_self_signed(leaf):
        return None if store.holds(leaf) else (Code.CERT_SELF_SIGNED, {})
    objection = store.objection(leaf, others, at)
    if not objection:
        return None
    path = _path(leaf, others)
    top = path[-1]
    for certificate in path[1:]:
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            return Code.CERT_CHAIN_EXPIRED, {"certificate": name_text(certificate.subject)}
    if is_self_issued(top) and not store.holds(top):
        return Code.CERT_UNTRUSTED, {"root": name_text(top.subject)}
    if is_self_issued(top) or store.knows_issuer_of(top):
        return Code.CERT_INVALID, {"detail": clean(_NOISE.sub("", objection.partition(" (encountered")[0]))}
    code = Code.CERT_CHAIN_INCOMPLETE if _says_where_issuer_is(top) else Code.CERT_UNTRUSTED
    return code, {"missing": name_text(top.issuer)}


def is_self_issued(certificate: x509.Certificate) -> bool:
    return certificate.issuer.public_bytes() == certificate.subject.public_bytes()


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Issued by the name that it is for and signed with its own key (RFC 5280 section 3.2)."""
    if not is_self_issued(certificate):
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except REFUSED:
        return False
    return True


def name_text(name: x509.Name) -> str:
    """A name of a certificate as RFC 4514 writes it, cleaned, in at most 200 characters."""
    return clean(name.rfc4514_string())


def _path(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The leaf and the sent certificates above it, as far as they link by name."""
    by_subject = {certificate.subject.public_bytes(): certificate for certificate in reversed(others)}
    path = [leaf]
    while not is_self_issued(path[-1]) and len(path) <= MAX_PATH:
        issuer = by_subject.pop(path[-1].issuer.public_bytes(), None)
        if issuer is None:
            break
        path.append(issuer)
    return path


def _says_where_issuer_is(certificate: x509.Certificate) -> bool:
    """Public CAs name the web address of their certificate: then the issuer exists and was only not sent."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except REFUSED:
        return False
    issuers = AuthorityInformationAccessOID.CA_ISSUERS
    locations = (str(entry.access_location.value) for entry in access if entry.access_method == issuers)
    return any(location.lower().startswith("http") for location in locations)
