"""Which certificate authorities are trusted, and whether a chain leads to one of them.

Path validation is `cryptography.x509.verification` with the rules of `path_policy`. Names are judged elsewhere, which
is why this uses the verifier that takes no name. No revocation, no fetching of missing links (AIA).

Source: RFC 5280 section 6.
"""

import re
import ssl
import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import AuthorityInformationAccessOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from commands.slack_text import clean
from commands.smtpcheck.path_policy import CA_POLICY, LEAF_POLICY

Finding: TypeAlias = tuple[str, Mapping[str, str | int]]
"""A code and the parameters of its sentence."""

BROKEN: tuple[type[Exception], ...] = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises for certificates that break the rules."""

_REFUSED: tuple[type[Exception], ...] = (VerificationError, InvalidSignature, x509.ExtensionNotFound, *BROKEN)

MAX_PATH = 10
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class TrustStore:
    """Root certificates. Reading the system's takes about 5 ms: make one and share it."""

    def __init__(self, roots: Sequence[x509.Certificate]) -> None:
        self._roots = frozenset(roots)
        self._subjects = frozenset(root.subject.public_bytes() for root in self._roots)
        self._builder = PolicyBuilder().extension_policies(ca_policy=CA_POLICY, ee_policy=LEAF_POLICY)
        if roots:
            self._builder = self._builder.store(Store(list(roots)))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """The store of all certificates in a PEM text; broken ones are left out."""
        roots = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one public root still has a serial number of zero
            for block in _PEM.findall(pem):
                try:
                    roots.append(x509.load_pem_x509_certificate(block))
                    roots[-1].subject.public_bytes()
                except BROKEN:
                    continue
        return cls(roots)

    @classmethod
    def from_system(cls, more: bytes = b"") -> Self:
        """The store that OpenSSL uses here (`SSL_CERT_FILE` and `SSL_CERT_DIR` count), and the PEM text in `more`."""
        paths = ssl.get_default_verify_paths()
        if paths.cafile:
            return cls.from_pem(Path(paths.cafile).read_bytes() + b"\n" + more)
        files = sorted(Path(paths.capath).glob("*.[0-9p]*")) if paths.capath else []
        return cls.from_pem(b"\n".join([more, *(path.read_bytes() for path in files if path.is_file())]))

    def __len__(self) -> int:
        return len(self._roots)

    def holds(self, certificate: x509.Certificate) -> bool:
        return certificate in self._roots

    def knows_issuer_of(self, certificate: x509.Certificate) -> bool:
        return certificate.issuer.public_bytes() in self._subjects

    def objection(self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime) -> str:
        """Why no valid path leads from the leaf to a root at that time, in cryptography's words, or nothing."""
        if not self._roots:
            return "no trusted roots"
        verifier = self._builder.time(at.astimezone(UTC).replace(tzinfo=None)).build_client_verifier()
        try:
            verifier.verify(leaf, list(others))
        except _REFUSED as error:
            return str(error) or "path validation failed"
        return ""


def judge_chain(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime, store: TrustStore
) -> Finding | None:
    """None when the leaf is trusted at that time, else why not and which certificate is to blame."""
    if is_self_signed(leaf):
        return None if store.holds(leaf) else ("cert_self_signed", {})
    objection = store.objection(leaf, others, at)
    if not objection:
        return None
    path = _path(leaf, others)
    top = path[-1]
    for certificate in path[1:]:
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            return "cert_chain_expired", {"certificate": name_text(certificate.subject)}
    if is_self_issued(top) and not store.holds(top):
        return "cert_untrusted", {"root": name_text(top.subject)}
    if is_self_issued(top) or store.knows_issuer_of(top):
        return "cert_untrusted", {"detail": clean(objection.partition(" (encountered")[0])}
    code = "cert_chain_incomplete" if _says_where_issuer_is(top) else "cert_untrusted"
    return code, {"missing": name_text(top.issuer)}


def is_self_issued(certificate: x509.Certificate) -> bool:
    return certificate.issuer.public_bytes() == certificate.subject.public_bytes()


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Issued by the name that it is for and signed with its own key (RFC 5280 section 3.2)."""
    if not is_self_issued(certificate):
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except _REFUSED:
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
    except _REFUSED:
        return False
    issuers = AuthorityInformationAccessOID.CA_ISSUERS
    locations = (str(entry.access_location.value) for entry in access if entry.access_method == issuers)
    return any(location.lower().startswith("http") for location in locations)
