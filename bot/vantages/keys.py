"""Keys of NATS users (nkeys): Ed25519 in base32, with a checksum. Pure but for the chance in a new one.

Source: the NATS documentation, "NKeys"; the prefix of a seed carries that of its kind in its lowest bits.
"""

import base64
import binascii
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED, USER = 18 << 3, 20 << 3
PREFIX = bytes([SEED | USER >> 5, (USER & 31) << 3])


def new_seed() -> str:
    """The seed of a new key: `SU` and 56 characters."""
    return _encoded(PREFIX + os.urandom(32))


def public_key(seed: str) -> str:
    """The public half of the key with this seed: `U` and 55 characters. ValueError: it is none."""
    return _encoded(bytes([USER]) + _key(seed).public_key().public_bytes_raw())


def signed(seed: str, challenge: str) -> bytes:
    """The signature of a server's challenge, in base64. ValueError: there is no such seed."""
    return base64.b64encode(_key(seed).sign(challenge.encode()))


def _key(seed: str) -> Ed25519PrivateKey:
    raw = base64.b32decode(seed + "=" * (-len(seed) % 8))
    if raw[:2] != PREFIX or _checksum(raw[:-2]) != raw[-2:]:
        raise ValueError("this is no seed of a user's key")
    return Ed25519PrivateKey.from_private_bytes(raw[2:-2])


def _encoded(raw: bytes) -> str:
    return base64.b32encode(raw + _checksum(raw)).decode().rstrip("=")


def _checksum(raw: bytes) -> bytes:
    """CRC-16 (polynomial 0x1021), the lower byte first."""
    return binascii.crc_hqx(raw, 0).to_bytes(2, "little")
