"""A ClientHello of our own, and what the server says in the clear in answer to it: for what OpenSSL no longer offers.

Most builds of OpenSSL lack SSL 3.0, RC4, export suites and more, so a handshake of theirs cannot tell whether a server
takes them. A hello of our own can, and costs no keys: up to TLS 1.2 the server names its choice, its certificates, its
Diffie-Hellman parameters and its stapled OCSP reply before anything is encrypted. Nothing is sent behind it.

Sources: RFC 5246 section 7.4, RFC 6101, RFC 8422, RFC 6066 sections 3 and 8 (name, stapling), RFC 7919 (no group of
its is offered, so servers are free in their parameters).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands.smtpcheck.tls.cipher_suites import NAMES

VERSION_NUMBERS = {"SSLv3": 0x0300, "TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303}
_VERSION_NAMES = {number: name for name, number in VERSION_NUMBERS.items()}

_ALERT, HELLO = 21, 22
"""Types of TLS records; a hello begins with its own."""

_SERVER_HELLO, _CERTIFICATE, _SERVER_KEY_EXCHANGE, _SERVER_HELLO_DONE, _CERTIFICATE_STATUS = 2, 11, 12, 14, 22
_FATAL = 2
_NO_RENEGOTIATION = 0x00FF  # RFC 5746: some servers hang up without it
_RANDOM = bytes(range(32))
"""Nothing is kept secret with it, and a fixed one makes records comparable."""

_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019)  # x25519, secp256r1, secp384r1, secp521r1
_SIGNATURES = (0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202)

CLOSE_NOTIFY = b"\x15\x03\x01\0\x02\x01\0"
"""The alert with which we leave: there will be no handshake."""

PROTOCOL_VERSION = 70
NO_SUCH = frozenset({40, PROTOCOL_VERSION, 71})
"""Alerts that say no to all that was offered: handshake_failure, protocol_version, insufficient_security."""

SMALLEST_DH = 2048
"""Bits of a Diffie-Hellman group (RFC 9325 section 4.3); OpenSSL on Debian and Ubuntu refuses less."""


def client_hello(suites: Sequence[int], *, version: str = "TLSv1.2", name: str = "") -> bytes:
    """The TLS record that offers these suites up to this version, and asks for a stapled OCSP reply."""
    number = VERSION_NUMBERS[version]
    numbers = (*suites, _NO_RENEGOTIATION)
    body = struct.pack(">H32sBH", number, _RANDOM, 0, 2 * len(numbers)) + _shorts(numbers) + b"\x01\0"
    if version != "SSLv3":
        body += _sized(b"".join(_extensions(name)))
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return struct.pack(">BHH", HELLO, min(number, 0x0301), len(message)) + message


def _extensions(name: str) -> Iterator[bytes]:
    if name:
        yield _extension(0, _sized(b"\0" + _sized(name.encode("ascii", "ignore"))))
    yield _extension(5, b"\x01\0\0\0\0")
    yield _extension(10, _sized(_shorts(_GROUPS)))
    yield _extension(11, b"\x01\0")
    yield _extension(13, _sized(_shorts(_SIGNATURES)))


def _extension(kind: int, content: bytes) -> bytes:
    return struct.pack(">H", kind) + _sized(content)


def _sized(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _shorts(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}H", *numbers)


def offered(hello: bytes) -> tuple[str, tuple[int, ...]]:
    """Version and suites of a hello that `client_hello` made; of any other nothing."""
    fixed = 5 + 4
    if len(hello) < fixed + 37 or hello[0] != HELLO:
        return "", ()
    number, session = struct.unpack_from(">H32xB", hello, fixed)
    start = fixed + 35 + session
    size = int.from_bytes(hello[start : start + 2], "big") // 2
    if len(hello) < start + 2 + 2 * size:
        return "", ()
    return _VERSION_NAMES.get(number, ""), struct.unpack_from(f">{size}H", hello, start + 2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said in the clear. `version` and `suite` are its choice, `dh_bits` the size of its DH group.

    `chain` are the certificates that it sent (DER). `alert` is the number of a fatal alert. `is_whole`: there is
    nothing more to wait for. Zero and "": not said.
    """

    version: str = ""
    suite: str = ""
    dh_bits: int = 0
    stapled: bool = False
    alert: int = 0
    is_whole: bool = False
    chain: tuple[bytes, ...] = ()


def read_answer(data: bytes) -> Answer:
    """Read what came behind the hello. Total: what is no TLS says nothing."""
    alert = next((body[1] for kind, body in _records(data) if kind == _ALERT and body[:1] == bytes([_FATAL])), 0)
    messages = dict(_messages(b"".join(body for kind, body in _records(data) if kind == HELLO)))
    version, suite = _choice(messages.get(_SERVER_HELLO, b""))
    is_dh = suite.removeprefix("EXP-").removeprefix("EXP1024-").startswith(("DHE-", "ADH-"))
    return Answer(
        version,
        suite,
        _dh_bits(messages.get(_SERVER_KEY_EXCHANGE, b"")) if is_dh else 0,
        _CERTIFICATE_STATUS in messages,
        alert,
        bool(alert) or _SERVER_HELLO_DONE in messages,
        tuple(_certificates(messages.get(_CERTIFICATE, b""))),
    )


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each whole record."""
    at = 0
    while at + 5 <= len(data) and data[at] in (_ALERT, HELLO) and data[at + 1] == 3:
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if at + 5 + size > len(data):
            return
        if size > 1:
            yield data[at], data[at + 5 : at + 5 + size]
        at += 5 + size


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        if at + 4 + size > len(data):
            return
        yield data[at], data[at + 4 : at + 4 + size]
        at += 4 + size


def _choice(hello: bytes) -> tuple[str, str]:
    if len(hello) < 38 or len(hello) < 37 + hello[34]:
        return "", ""
    version, suite = hello[:2], hello[35 + hello[34] : 37 + hello[34]]
    number = int.from_bytes(suite, "big")
    return _VERSION_NAMES.get(int.from_bytes(version, "big"), ""), NAMES.get(number, "")


def _certificates(message: bytes) -> Iterator[bytes]:
    """Each whole certificate of a list (RFC 5246 section 7.4.2)."""
    at = 3
    while at + 3 <= len(message):
        size = int.from_bytes(message[at : at + 3], "big")
        if not 0 < size <= len(message) - at - 3:
            return
        yield message[at + 3 : at + 3 + size]
        at += 3 + size


def _dh_bits(message: bytes) -> int:
    size = int.from_bytes(message[:2], "big")
    return int.from_bytes(message[2 : 2 + size], "big").bit_length() if len(message) >= 2 + size else 0
