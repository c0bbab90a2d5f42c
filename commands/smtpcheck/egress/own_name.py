"""Our own name in EHLO and the address that servers see us come from, looked up where a server does not accept them.

Behind a NAT that address is not known here, so then nothing is said of whether the name is right, nor of reverse DNS;
unless the server names the address that it refuses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.lookup.question import ABSENT
from commands.smtpcheck.lookup.resolve import Resolver

Fit: TypeAlias = Literal["matches", "elsewhere", "resolves", "absent", "unknown"]
"""What a name is to the address that we connect from. `resolves`: to others, and what servers see is not known."""

EVERYBODY = Guard()
"""What is public, whatever is opened here."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """Our name in EHLO and the addresses that it leads to; not `certain` where DNS did not answer for all of them."""

    name: str
    addresses: tuple[str, ...]
    certain: bool

    def fit(self, source: str) -> Fit:
        """What it is to the address that a connection came from ("" where that is not known)."""
        if source in self.addresses:
            return "matches"
        if not self.certain:
            return "unknown"
        if not self.addresses:
            return "absent"
        return "elsewhere" if source and EVERYBODY.judge(source).allowed else "resolves"


async def look_up_own(name: str, resolver: Resolver) -> OwnName | None:
    """Our name in EHLO, looked up; None where it is an address literal or no full name, which nothing can lead to."""
    if "." not in name or is_address(name.strip("[]")) or name.startswith("["):
        return None
    host, findings = await resolver.addresses_of(name)
    return OwnName(name, host.addresses, certain=_is_certain([code for code, _ in findings]))


def _is_certain(codes: Sequence[str]) -> bool:
    return all(code in ABSENT for code in codes)


_LITERAL = re.compile(r"[0-9a-fA-F:.]{3,45}")
INNER = frozenset({"private", "loopback", "shared"})
"""Why addresses are not public that are not translated on the way between them."""


def seen_address(source: str, peer: str, said: str) -> str:
    """The address that a server sees us come from, "" where it is not known: the one that its words name, or ours.

    Ours is not translated where it is public, nor on the way to an address within.
    """
    words = {str(word).strip(".:") for word in _LITERAL.findall(said)} - {peer}
    public = [word for word in words if is_address(word) and EVERYBODY.judge(word).allowed]
    if len(public) == 1:
        return public[0]
    inside = EVERYBODY.judge(peer).reason in INNER
    return source if source and not public and (inside or EVERYBODY.judge(source).allowed) else ""
