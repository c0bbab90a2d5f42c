"""What a session is given: whom to speak to, how long each part may take, and the TLS context.

Rule 1: an address in here is a literal that the guard has passed.
Rule 2: every wait has an end; `Limits` names them all.
"""

import ssl
from dataclasses import dataclass
from typing import TypeAlias

from commands.smtpcheck.wire.record import Mode, Purpose

AddressPort: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that each part of a probe may take. RFC 5321 section 4.5.3.2 lets a greeting take 300.

    A reply that has begun is waited for as long as a piece comes every `piece` seconds, `reply` in all: that is how a
    tarpit is told from a server that hangs. `gap` is the pause that counts as dripping.
    """

    connect: float = 8.0
    greeting: float = 15.0
    command: float = 10.0
    piece: float = 12.0
    reply: float = 35.0
    gap: float = 1.0
    handshake: float = 10.0
    quit: float = 2.0
    check: float = 60.0


DEEP = {"greeting": 35.0, "check": 120.0}
"""What a deep check waits longer: postscreen and greet_pause delay a greeting by up to 30 s."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What to speak to: a name, a literal address that the guard has passed, a port and the TLS mode.

    Without `sni` the name is left out of the ClientHello (RFC 6066 section 3). `purpose` and `newest` (the highest TLS
    version to offer) are of a deep check: see `Record`.
    """

    host: str
    address: str
    port: int
    mode: Mode
    sni: bool = True
    purpose: Purpose = ""
    newest: str = ""


def tls_context() -> ssl.SSLContext:
    """The context of every probe. It verifies nothing (the verdict does) and offers what old servers still speak.

    Made once and shared: with SECLEVEL 0 and the lowest version OpenSSL has, so that a server with TLS 1.0 alone is
    seen and reported as such instead of failing for a reason of ours.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
