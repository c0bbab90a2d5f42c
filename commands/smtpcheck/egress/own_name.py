"""Our own name in EHLO, looked up where a server does not accept it: does it lead to the address that we connect from?

Behind a NAT the address that servers see is not known here, so then nothing is said of whether the name is right.
"""

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
