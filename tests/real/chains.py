"""Certificates that `openssl ca` is too clumsy for: chains, dates to come, other purposes, keys of other kinds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.real.keys import Authority, Pair

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
PEM = serialization.Encoding.PEM
KEYS = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    cert: x509.Certificate
    key: Any


@dataclass(frozen=True)
class Wish:
    """What a certificate is to be: `days` from now from when to when, `names` of its alternative names."""

    common: str
    names: Sequence[str] = ()
    days: tuple[int, int] = (-10, 80)
    key: str = "rsa"
    purpose: x509.ObjectIdentifier = SERVER
    signs: bool = False
    must_staple: bool = False
    usage: x509.KeyUsage | None = None


@dataclass(frozen=True)
class Issuer:
    """Signs with the key of `authority`."""

    authority: Authority
    _numbers: Any = field(default_factory=count)

    @property
    def root(self) -> Issued:
        key = serialization.load_pem_private_key((self.authority.folder / "ca.key").read_bytes(), None)
        return Issued(x509.load_pem_x509_certificate(self.authority.root.read_bytes()), key)

    def issue(self, wish: Wish, by: Issued | None = None, key: Any = None) -> Issued:
        by, key, now = by or self.root, key or KEYS[wish.key](), datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(by.cert.subject, _name(wish.common), key.public_key(), x509.random_serial_number())
            .not_valid_before(now + timedelta(days=wish.days[0]))
            .not_valid_after(now + timedelta(days=wish.days[1], hours=1))
        )
        if wish.signs:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        else:
            builder = builder.add_extension(x509.ExtendedKeyUsage([wish.purpose]), critical=False)
        if wish.must_staple:
            builder = builder.add_extension(x509.TLSFeature([x509.TLSFeatureType.status_request]), critical=False)
        if wish.usage:
            builder = builder.add_extension(wish.usage, critical=True)
        if wish.names:
            names = x509.SubjectAlternativeName([x509.DNSName(name) for name in wish.names])
            builder = builder.add_extension(names, critical=False)
        return Issued(builder.sign(by.key, hashes.SHA256()), key)

    def pair(self, leaf: Issued, *behind: Issued) -> Pair:
        """Files of it, readable to every daemon, with certificates that are sent behind it."""
        stem = self.authority.folder / f"issued{next(self._numbers)}"
        pair = Pair(stem.with_suffix(".pem"), stem.with_suffix(".key"))
        pair.cert.write_bytes(b"".join(each.cert.public_bytes(PEM) for each in (leaf, *behind)))
        plain = serialization.NoEncryption()
        pair.key.write_bytes(leaf.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
        pair.key.chmod(0o644)
        return pair

    def single(self, wish: Wish) -> Pair:
        return self.pair(self.issue(wish))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
