"""Odd certificates that the lab's authority does not make: every extension is chosen by the test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CA = x509.BasicConstraints(ca=True, path_length=None)
NO_CA = x509.BasicConstraints(ca=False, path_length=None)


@dataclass
class Made:
    certificate: x509.Certificate
    key: object

    @property
    def der(self):
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)


def make(
    name: str,
    issuer: Made | None = None,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    *,
    days: tuple[int, int] = (-10, 80),
    key: object = None,
    subject: x509.Name | None = None,
) -> Made:
    """A certificate with exactly these (extension, critical) pairs; self-signed without an issuer."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = subject or named(name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    algorithm = None if type(own).__name__.startswith("Ed") and not issuer else hashes.SHA256()
    return Made(builder.sign(issuer.key if issuer else own, algorithm), own)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def san(*names: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(name) for name in names])


def issuer_at(url: str) -> x509.AuthorityInformationAccess:
    access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url))
    return x509.AuthorityInformationAccess([access])
