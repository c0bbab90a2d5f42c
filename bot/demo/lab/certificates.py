"""Certificates of the lab: one CA, and leaves with every fault that the probe must name. Keys are made on first use."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bot.demo.lab.extensions import authority_key, general_names, usage, where_issuer_is
from bot.demo.lab.leaf import Key, Leaf, signed_with_sha1

Span: TypeAlias = tuple[float, float]
SOUND_DAYS: Span = (-10, 80)


class Authority:
    """The lab's CA. `pem` is what a client trusts; `now` is the moment that dates are counted from."""

    def __init__(self, name: str = "Portero Lab CA", *, now: datetime | None = None) -> None:
        self.name = name
        self.now = (now or datetime.now(UTC)).replace(microsecond=0)
        self._contexts: dict[tuple[tuple[str, ...], Span], ssl.SSLContext] = {}

    @property
    def pem(self) -> str:
        """The CA's own certificate."""
        return ssl.DER_cert_to_PEM_cert(self._root.der)

    @property
    def certificate(self) -> x509.Certificate:
        return self._root.certificate

    def issue(
        self,
        *names: str,
        days: Span = SOUND_DAYS,
        key: str = "EC",
        self_signed: bool = False,
        intermediate: str = "none",
        sha1: bool = False,
        san: bool = True,
        issuer_url: str = "",
    ) -> Leaf:
        """A leaf for names and addresses (the first is also its CN), valid from and to so many days from now.

        `key`: "EC", "Ed25519" or "RSA <bits>". `intermediate`: "none", "sent", or "missing" (signed by one that is not
        sent).
        `sha1` signs by an RSA intermediate with SHA-1. `san=False` leaves the names to the CN alone.
        `issuer_url` is where the issuer is said to be published, as public CAs do (authority information access).
        """
        own = _make_key(key)
        issuer = self._issuer(intermediate, sha1=sha1)
        signer = own if self_signed else issuer.key
        subject = _named(names[0])
        issued_by = subject if self_signed else issuer.certificate.subject
        builder = self._builder(subject, issued_by, own, days, ca=False)
        if san:
            builder = builder.add_extension(x509.SubjectAlternativeName(general_names(names)), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.add_extension(authority_key(signer), critical=False)
        if issuer_url:
            builder = builder.add_extension(where_issuer_is(issuer_url), critical=False)
        made = builder.sign(signer, hashes.SHA256())
        der = signed_with_sha1(made, signer) if sha1 else made.public_bytes(serialization.Encoding.DER)
        sent = () if self_signed or issuer is self._root or intermediate == "missing" else (issuer.der,)
        return Leaf(der, sent, own)

    def _issuer(self, intermediate: str, *, sha1: bool) -> Leaf:
        if sha1:
            return self._intermediate_rsa
        return self._root if intermediate == "none" else self._intermediate

    def context(self, *names: str, days: Span = SOUND_DAYS) -> ssl.SSLContext:
        """A context that serves a leaf without further faults; made once for the same names and days (4 ms)."""
        if (names, days) not in self._contexts:
            self._contexts[names, days] = self.issue(*names, days=days).context()
        return self._contexts[names, days]

    @cached_property
    def _root(self) -> Leaf:
        return self._signed_by(None, self.name, "EC")

    @cached_property
    def _intermediate(self) -> Leaf:
        return self._signed_by(self._root, f"{self.name} intermediate", "EC")

    @cached_property
    def _intermediate_rsa(self) -> Leaf:
        return self._signed_by(self._root, f"{self.name} intermediate RSA", "RSA 2048")

    def _signed_by(self, issuer: Leaf | None, name: str, kind: str) -> Leaf:
        key = _make_key(kind)
        signer = issuer.key if issuer else key
        issued_by = issuer.certificate.subject if issuer else _named(name)
        builder = self._builder(_named(name), issued_by, key, (-3650, 3650), ca=True)
        if issuer:
            builder = builder.add_extension(authority_key(signer), critical=False)
        made = builder.sign(signer, hashes.SHA256())
        return Leaf(made.public_bytes(serialization.Encoding.DER), (), key)

    def _builder(
        self, subject: x509.Name, issued_by: x509.Name, key: Key, days: Span, *, ca: bool
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issued_by)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + timedelta(days=days[0]))
            .not_valid_after(self.now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage(ca=ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _make_key(kind: str) -> Key:
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("RSA ")))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
