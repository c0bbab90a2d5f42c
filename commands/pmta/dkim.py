"""What a selector's TXT records say, and what a key is: pure, total, and never a private half in what is answered.

Sources: RFC 6376 sections 3.2 (tag lists), 3.6.1 (the record) and 3.6.2.2 (several records); RFC 8301 (sizes, SHA-1);
RFC 8463 (Ed25519: `p=` holds the 32 bytes themselves).
"""

import base64
import binascii
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

Said: TypeAlias = tuple[str, str]
"""A state (a code of `live_words.WORDS`) and what was seen."""

RSA, ED25519 = "rsa", "ed25519"
WEAK, SHORT, LONG = 1024, 2048, 4096
"""Bits of RSA keys: below the first verifiers must not accept, below the second signers should not go, above the third
verifiers need not follow (RFC 8301 section 3.2)."""

RAW = 32
"""Bytes of an Ed25519 key in `p=`."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`kind` is rsa, ed25519 or other; `encoded` (SubjectPublicKeyInfo) tells two keys apart."""

    kind: str
    bits: int
    encoded: bytes

    def __str__(self) -> str:
        return {RSA: f"RSA, {self.bits} bits", ED25519: "Ed25519"}.get(self.kind, "neither RSA nor Ed25519")


def judge(records: Sequence[str], hashes: Collection[str]) -> tuple[list[Said], PublicKey | None]:
    """What there is to say of the TXT records of a selector, and the key that they publish.

    `hashes` are those that the config signs with.
    """
    lists = [(record, tags) for record in records if (tags := tag_list(record)) and _is_dkim(tags)]
    if not lists:
        return [("dkim_malformed", " ".join(records)[:120])], None
    if len(lists) > 1:
        return [("dkim_several", str(len(lists)))], None
    tags = lists[0][1]
    beside: list[Said] = [("dkim_beside", str(len(records) - 1))] if len(records) > 1 else []
    if tags.get("v", "DKIM1") != "DKIM1":
        return [("dkim_version", tags["v"][:40]), *beside], None
    if not tags["p"]:
        return [("dkim_revoked", ""), *beside], None
    key = read_key(tags["p"])
    return [*_of_key(key, tags.get("k", RSA).lower()), *_of_tags(tags, hashes), *beside], key


def tag_list(record: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=...` in its order; empty when it is no tag list: a tag without `=`, or twice the same."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, sign, value = part.partition("=")
        if not part.strip():
            continue
        if not sign or name.strip() in found:
            return {}
        found[name.strip()] = "".join(value.split())
    return found


def _is_dkim(tags: dict[str, str]) -> bool:
    return "p" in tags


def read_key(encoded: str) -> PublicKey | None:
    """The key in `p=`, or None when it cannot be read."""
    try:
        found = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(found) == RAW:
        return _public(Ed25519PublicKey.from_public_bytes(found))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be reported today
            return _public(load_der_public_key(found))
    except (ValueError, UnsupportedAlgorithm):
        return None


def read_private(content: bytes) -> PublicKey | None:
    """The public half of a private key file (PEM), or None when it holds none that can be read without a password."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            private = load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return _public(private.public_key()) if isinstance(private, RSAPrivateKey | Ed25519PrivateKey) else None


def _public(key: object) -> PublicKey:
    if isinstance(key, RSAPublicKey):
        return PublicKey(RSA, key.key_size, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    if isinstance(key, Ed25519PublicKey):
        return PublicKey(ED25519, 256, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return PublicKey("other", 0, b"")


def _of_key(key: PublicKey | None, kind: str) -> list[Said]:
    """The key beside its `k=`, and beside what PowerMTA signs with: RSA alone (User's Guide, 3.3.10.22)."""
    if kind not in (RSA, ED25519):
        return [("dkim_kind_unknown", kind[:40])]
    if key is None:
        return [("dkim_unreadable", f"k={kind}")]
    if key.kind != kind:
        return [("dkim_kind_differs", f"k={kind} with a key that is {key}")]
    if kind == ED25519:
        return [("dkim_not_rsa", str(key))]
    sizes = [("dkim_weak", key.bits < WEAK), ("dkim_short", WEAK <= key.bits < SHORT), ("dkim_long", key.bits > LONG)]
    found: list[Said] = [(state, str(key.bits)) for state, holds in sizes if holds]
    return found if key.bits < WEAK else [("dkim_present", str(key)), *found]


def _of_tags(tags: dict[str, str], hashes: Collection[str]) -> list[Said]:
    """`v=` has to come first; `h=`, `s=` and `t=` narrow what the key is good for."""
    allowed = [name.lower() for name in tags.get("h", "").split(":") if name]
    services = [name.lower() for name in tags.get("s", "*").split(":") if name]
    flags = tags.get("t", "").lower().split(":")
    missing = sorted(set(hashes) - set(allowed)) if allowed else []
    checks: list[tuple[str, bool, str]] = [
        ("dkim_version_late", "v" in tags and next(iter(tags)) != "v", ""),
        ("dkim_hash", bool(missing), f"h={':'.join(allowed)[:40]} without {', '.join(missing)}"),
        ("dkim_service", not {"*", "email"} & set(services), ":".join(services)[:40]),
        ("dkim_testing", "y" in flags, ""),
    ]
    return [(state, seen) for state, holds, seen in checks if holds]
