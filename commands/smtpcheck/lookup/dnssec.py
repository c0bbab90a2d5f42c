"""Answers with what DNSSEC says of them, and who said it.

This process validates nothing. A validating name server sets the AD bit, and that is believed only of a server on
this machine or of one that the operator vouches for: over a network anybody could set it (RFC 6840 section 5.7).
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import dns.flags

from commands.smtpcheck.lookup.question import Answer, ask, ask_fully, stub_resolver

PAYLOAD = 1232
"""Octets of UDP answers that cross every network in one piece (DNS flag day 2020)."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An answer, whether it carried the AD bit, and the name server that it came from (empty when none answered)."""

    answer: Answer
    authenticated: bool = False
    server: str = ""


class SecureResolver:
    """Asks with DNSSEC on. `trusted`: the operator vouches for the name servers and for the way to them."""

    def __init__(
        self,
        nameservers: tuple[tuple[str, int], ...] | None = None,
        lifetime_s: float = 5.0,
        *,
        trusted: bool = False,
    ) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)
        self._resolver.use_edns(0, dns.flags.DO, PAYLOAD)
        self._resolver.flags = dns.flags.RD | dns.flags.AD
        self._trusted = trusted

    async def ask(self, name: str, rdtype: str) -> Answer:
        """The answer to one question; a failure is a value."""
        return await ask(self._resolver, name, rdtype)

    async def ask_proven(self, name: str, rdtype: str) -> Proven:
        """The answer and its AD bit. The bit of a failed look-up is not kept."""
        answer, message = await ask_fully(self._resolver, name, rdtype)
        if message is None:
            return Proven(answer)
        return Proven(answer, bool(message.response.flags & dns.flags.AD), str(message.nameserver or ""))

    def believes(self, server: str) -> bool:
        """Whether the AD bit of that name server counts."""
        return self._trusted or is_loopback(server)

    def vouched(self, server: str) -> bool:
        """Whether it counts only because the operator vouches for that server and the way to it."""
        return self._trusted and not is_loopback(server)


def is_loopback(server: str) -> bool:
    try:
        return ip_address(server).is_loopback
    except ValueError:
        return False


def text_of(record: Any) -> str:
    """A TXT record as one text: its strings are joined without blanks (RFC 7208 section 3.3)."""
    return b"".join(record.strings).decode("utf-8", "replace")
