"""A server's certificate and key, ready to serve; weak ones too."""

import ssl
import tempfile
import warnings
from dataclasses import dataclass
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

Key: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
SHA256_RSA = bytes.fromhex("06092a864886f70d01010b")  # OID 1.2.840.113549.1.1.11 in DER
SHA1_RSA = bytes.fromhex("06092a864886f70d010105")  # OID 1.2.840.113549.1.1.5: of the same length
SMALLEST_SOUND_RSA = 2048


@dataclass(frozen=True)
class Leaf:
    """A server's certificate, the intermediates it sends and its key."""

    der: bytes
    intermediates: tuple[bytes, ...]
    key: Key

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @property
    def _is_weak(self) -> bool:
        small = isinstance(self.key, rsa.RSAPrivateKey) and self.key.key_size < SMALLEST_SOUND_RSA
        return small or SHA1_RSA in self.der

    @property
    def pem(self) -> bytes:
        """Key, certificate and intermediates, as a server keeps them in one file."""
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = (ssl.DER_cert_to_PEM_cert(der).encode() for der in (self.der, *self.intermediates))
        return private + b"".join(chain)

    def context(self, *, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """A context that serves this certificate. Weak keys and TLS before 1.2 (`newest`) need security level 0.

        TLS 1.2 is the oldest otherwise: Python's default, but that of Debian leaves it to OpenSSL.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if newest or self._is_weak:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if newest:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
                context.maximum_version = newest
        with tempfile.NamedTemporaryFile() as file:  # load_cert_chain reads files only
            file.write(self.pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context


def signed_with_sha1(made: x509.Certificate, signer: Key) -> bytes:
    """The certificate signed with SHA-1: cryptography refuses to, so the algorithm is swapped in the DER."""
    if not isinstance(signer, rsa.RSAPrivateKey):
        raise TypeError("SHA-1 is made with an RSA signer")
    body = made.tbs_certificate_bytes.replace(SHA256_RSA, SHA1_RSA, 1)
    signature = signer.sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (weak on purpose)
    der = made.public_bytes(serialization.Encoding.DER)
    return (
        der.replace(made.tbs_certificate_bytes, body).replace(SHA256_RSA, SHA1_RSA).replace(made.signature, signature)
    )
