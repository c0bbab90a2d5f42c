"""Which certificate authorities are trusted, whether a path leads to one, and which certificate is to blame if not.

Path validation is `cryptography.x509.verification` with the rules below. Names are judged in `certificate`, which
is why this uses the verifier that takes no name. No revocation, no fetching of missing links (AIA).

Source: RFC 5280 section 6.
"""

import re
import ssl
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from commands.contract import UserError
from commands.slack_text import clean
from commands.smtpcheck.result.findings import Code, Found


def _must_be_ca(_policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("the issuer is no certificate authority")


def _may_sign(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("the issuer may not sign certificates")


def _for_servers(_policy: Policy, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    allowed = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if usage is not None and allowed.isdisjoint(usage):
        raise ValueError("the certificate is not for servers")


def _may_serve(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    """OpenSSL calls any other key one of an unsuitable purpose (`KU_TLS`), whatever cipher suite was agreed on."""
    if usage is not None and not (usage.digital_signature or usage.key_encipherment or usage.key_agreement):
        raise ValueError("its key usage allows no TLS")


CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _must_be_ca)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)
)
LEAF_POLICY = (
    ExtensionPolicy.permit_all()
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_servers)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_serve)
)

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

REFUSED: tuple[type[Exception], ...] = (VerificationError, InvalidSignature, x509.ExtensionNotFound, *BROKEN)
"""What it raises for certificates that do not hold."""

MOST_BYTES = 16 * 1024 * 1024
"""Of one file of roots; those of all public authorities have 0.2 MB."""

SET_ROOTS = "Set SSL_CERT_FILE to a readable PEM file, or leave it out."

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class TrustStore:
    """Root certificates. Reading the system's takes about 5 ms: make one and share it."""

    def __init__(self, roots: Sequence[x509.Certificate]) -> None:
        self._roots = frozenset(roots)
        self._subjects = frozenset(root.subject.public_bytes() for root in self._roots)
        builder = PolicyBuilder().store(Store(list(roots))) if roots else PolicyBuilder()
        self._builder = builder.extension_policies(ca_policy=CA_POLICY, ee_policy=LEAF_POLICY)
        self._issuers = builder.extension_policies(ca_policy=CA_POLICY, ee_policy=CA_POLICY)

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
        """The store that OpenSSL uses here (`SSL_CERT_FILE` and `SSL_CERT_DIR` count), and the PEM text in `more`.

        Raises `UserError` for a file that cannot be read: without it every certificate would be called untrusted.
        """
        paths = ssl.get_default_verify_paths()
        if paths.cafile:
            return cls.from_pem(_read(Path(paths.cafile)) + b"\n" + more)
        files = sorted(Path(paths.capath).glob("*.[0-9p]*")) if paths.capath else []
        return cls.from_pem(b"\n".join([more, *(_read(path) for path in files if path.is_file())]))

    def __len__(self) -> int:
        return len(self._roots)

    @classmethod
    def from_der(cls, roots: Iterable[bytes]) -> Self:
        """The store of these certificates; ValueError and the like (`BROKEN`) for one that cannot be read."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return cls([x509.load_der_x509_certificate(der) for der in roots])

    def anchors_of(self, chain: Iterable[bytes]) -> list[bytes]:
        """The roots that have a say in whether this chain is trusted: those that one of its certificates names."""
        named = {name for der in chain for name in _names_in(der)}
        return [root.public_bytes(Encoding.DER) for root in self._roots if root.subject.public_bytes() in named]

    def holds(self, certificate: x509.Certificate) -> bool:
        return certificate in self._roots

    def knows_issuer_of(self, certificate: x509.Certificate) -> bool:
        return certificate.issuer.public_bytes() in self._subjects

    def issuers_of(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        """The roots of the name that issued it."""
        return [root for root in self._roots if root.subject == certificate.issuer]

    def turns_between(self, start: datetime, end: datetime) -> bool:
        """Whether a root begins or ends from the one moment to the other."""
        return bisect_left(self._turns, start) < bisect_right(self._turns, end)

    @cached_property
    def _turns(self) -> list[datetime]:
        return sorted(turn for root in self._roots for turn in (root.not_valid_before_utc, root.not_valid_after_utc))

    def objection(self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime) -> str:
        """Why no valid path leads from the leaf to a root at that time, in cryptography's words, or nothing."""
        if not self._roots:
            return "no trusted roots"
        if leaf.version is x509.Version.v1:
            return self._objection_to_old(leaf, others, at)
        return _objection(self._builder, leaf, others, at)

    def _objection_to_old(self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime) -> str:
        """The same of a leaf of X.509 version 1, which OpenSSL takes and cryptography does not: by its issuer."""
        found = "path validation failed"
        for issuer in (*self.issuers_of(leaf), *others):
            try:
                leaf.verify_directly_issued_by(issuer)
            except REFUSED:
                continue
            found = _objection(self._issuers, issuer, others, at)
            if not found:
                break
        return found


def _objection(builder: PolicyBuilder, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime) -> str:
    verifier = builder.time(at.astimezone(UTC).replace(tzinfo=None)).build_client_verifier()
    try:
        verifier.verify(leaf, list(others))
    except REFUSED as error:
        return str(error) or "path validation failed"
    return ""


def _read(path: Path) -> bytes:
    """A file of roots."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"The trusted roots in {path} cannot be read: {error.strerror}.", SET_ROOTS) from error
    if len(content) > MOST_BYTES:
        raise UserError(f"{path} is larger than 16 MB, which no file of trusted roots is.", SET_ROOTS)
    return content


def _names_in(der: bytes) -> tuple[bytes, ...]:
    """Subject and issuer of a certificate; nothing of one that cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            certificate = x509.load_der_x509_certificate(der)
            return certificate.subject.public_bytes(), certificate.issuer.public_bytes()
        except BROKEN:
            return ()


MAX_PATH = 10
_NOISE = re.compile(r"(?:validation failed|candidates exhausted|Python extension validator failed|ValueError): ")


def judge_chain(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime, store: TrustStore, *, self_signed: bool
) -> Found | None:
    """None when nothing speaks against the chain, else what and which certificate is to blame.

    `self_signed`: see `is_self_signed`. A leaf that is out of date is judged as of its last day, or its first: what was
    issued since says nothing of it.
    """
    if self_signed:
        return None if store.holds(leaf) else (Code.CERT_SELF_SIGNED, {})
    moment = max(leaf.not_valid_before_utc, min(at, leaf.not_valid_after_utc))
    objection = store.objection(leaf, others, moment)
    if not objection:
        return None
    path = linked_path(leaf, others)
    top = path[-1]
    for link in path[1:]:
        if not link.not_valid_before_utc <= at <= link.not_valid_after_utc:
            code = Code.CERT_CHAIN_EXPIRED if link.not_valid_after_utc < at else Code.CERT_CHAIN_NOT_YET_VALID
            return code, {"certificate": name_text(link.subject)}
    if any(moment < link.not_valid_before_utc <= at for link in (*path[1:], *store.issuers_of(top))):
        return None
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


def linked_path(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The leaf and the sent certificates above it, as far as they link by name."""
    by_subject = {certificate.subject.public_bytes(): certificate for certificate in reversed(others)}
    path = [leaf]
    while by_subject and not is_self_issued(path[-1]) and len(path) <= MAX_PATH:
        issuer = by_subject.pop(path[-1].issuer.public_bytes(), None)
        if issuer is None:
            break
        path.append(issuer)
    return path


def order_findings(leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime) -> Iterator[Found]:
    """What is untidy in how a chain that holds was sent: links out of order, expired ones, a root (RFC 8446 4.4.2).

    OpenSSL 1.0.2 and LibreSSL 3.1 go up along what is sent, and do not look for the path that holds (openssl.org/blog,
    2021-09-13; LibreSSL's issue 595).
    """
    path = linked_path(leaf, others)[1:]
    places = [next(place for place, sent in enumerate(others) if sent is link) for link in path]
    if places != sorted(places):
        yield Code.CERT_CHAIN_ORDER, {}
    old = next((link for link in path if link.not_valid_after_utc < at), None)
    if old is not None:
        ends = old.not_valid_after_utc.strftime("%Y-%m-%d")
        yield Code.CERT_EXPIRED_SENT, {"certificate": name_text(old.subject), "ends": ends}
    if path and is_self_issued(path[-1]) and path[-1] is not old:
        yield Code.CERT_ROOT_SENT, {"root": name_text(path[-1].subject)}


def _says_where_issuer_is(certificate: x509.Certificate) -> bool:
    """Public CAs name the web address of their certificate: then the issuer exists and was only not sent."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except REFUSED:
        return False
    issuers = AuthorityInformationAccessOID.CA_ISSUERS
    locations = (str(entry.access_location.value) for entry in access if entry.access_method == issuers)
    return any(location.lower().startswith("http") for location in locations)
