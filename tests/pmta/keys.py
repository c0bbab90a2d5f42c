"""DKIM keys for tests: records as they stand in DNS, and private files as `domain-key` names them."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@cache
def rsa(bits=2048, serial=0):
    return generate_private_key(65537, bits)


@cache
def ed25519(serial=0):
    return Ed25519PrivateKey.generate()


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def spki(key):
    """`p=` of an RSA key."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def raw(key):
    """`p=` of an Ed25519 key (RFC 8463)."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


WEAK = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMJ+Llcd6JGP4zo3jUKt1Uk+cL4K/Y1voRwbJNpN3nzOslpKiqSwFyRMCqvOnMlNSunWWCUAsIoevsHK7llM"
    "QVcCAwEAAQ=="
)
"""An RSA key of 512 bits, as it was common once."""

PKCS1 = (
    "MIGJAoGBAKZ3QDrIn6vnFxKCniV0Z0lM3HuqqGyaN0bQSuFELr+fikzFCuwA/+7l2ktgnxV7VTyU3HnYK1Yk5cM2y/xINNu5x81nfcgCXRJz7Wp55ghM"
    "zvj8NRqq9ioCGCskTtbAf5KWEuhEJq5Emfh2lDLEb5IwDZO3jm8QQdGzAtilsakRAgMBAAE="
)
"""1,024 bits without the frame of a SubjectPublicKeyInfo, as RFC 6376 may be read."""


def txt(record):
    """A record of any length as a TXT value of the lab: strings of at most 250 characters."""
    return " ".join(f'"{record[at : at + 250]}"' for at in range(0, len(record), 250))
