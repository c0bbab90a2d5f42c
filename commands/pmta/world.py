"""What live checks ask of the application: DNS through its guarded resolver, and key files of the host it runs on."""

from dataclasses import dataclass
from typing import Protocol

from commands.pmta.dkim import PublicKey

ABSENT, UNKNOWN, NOT_PUBLIC = "absent", "unknown", "not_public"


@dataclass(frozen=True, slots=True)
class Looked:
    """What DNS said. `failure` is "" or absent (no such record), unknown (no answer), not_public (not asked).

    `hidden` are addresses that the guard denies; `alias` is the canonical name behind an alias; `server` is who
    answered ("" when that is not known); `why` says more about unknown (SERVFAIL, no answer).
    """

    values: tuple[str, ...] = ()
    failure: str = ""
    hidden: tuple[str, ...] = ()
    alias: str = ""
    server: str = ""
    why: str = ""


class Lookups(Protocol):
    """Questions to DNS that never raise. Names come back in lower case without a final dot."""

    @property
    def servers(self) -> tuple[str, ...]:
        """The name servers that are asked."""

    def allows(self, address: str) -> bool:
        """Whether a check may connect to an address."""

    async def ptr(self, address: str) -> Looked:
        """The names of an address in reverse DNS; not asked for addresses that the guard denies."""

    async def addresses(self, name: str) -> Looked:
        """The A and AAAA records of a name."""

    async def txt(self, name: str) -> Looked:
        """The TXT records of a name, each joined from its strings; with `alias` also when there are none."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The public half of a private key file; without one, `failure` says why it was not read ("" for no key in it)."""

    key: PublicKey | None = None
    failure: str = ""
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class PemFile:
    """Whether a file holds a certificate and whether a private key (with or without a password), as PEM.

    `failure` says why it was not read.
    """

    certificate: bool = False
    key: bool = False
    failure: str = ""
    is_absent: bool = False


class KeyFiles(Protocol):
    def read(self, path: str) -> KeyFile:
        """Never raises."""

    def pem(self, path: str) -> PemFile:
        """Never raises."""
