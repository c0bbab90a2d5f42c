"""A config held against the world: do PTR and DKIM records say what the config assumes?

Every question is asked through `Lookups`, which the application makes of its guarded resolver. A DNS failure is
unknown, never "missing". Bounded: at most `MOST` questions, `AT_ONCE` at a time, `SECONDS` in all.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.pmta.facts import Facts, SigningKey, SourceHost

MOST, AT_ONCE, SECONDS = 40, 8, 20.0


@dataclass(frozen=True, slots=True)
class Looked:
    """What DNS said. `failure` is "" or absent (no such record), unknown (no answer), not_public (not asked)."""

    values: tuple[str, ...] = ()
    failure: str = ""


class Lookups(Protocol):
    """Questions to DNS that never raise. Names come back in lower case without a final dot."""

    async def ptr(self, address: str) -> Looked:
        """The names of an address in reverse DNS; not asked for addresses that the guard denies."""

    async def addresses(self, name: str) -> Looked:
        """The A and AAAA records of a name."""

    async def txt(self, name: str) -> Looked:
        """The TXT records of a name, each joined from its strings."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the config, what it is about, how it stands in DNS (a code of `live_view.WORDS`), what was seen."""

    line: int
    subject: str
    state: str
    seen: str = ""


async def examine(claimed: Facts, lookups: Lookups, *, seconds: float = SECONDS) -> tuple[Claim, ...]:
    """Ask DNS about every source host and DKIM key, in the order of their lines; what is over `MOST` is left out."""
    places = asyncio.Semaphore(AT_ONCE)
    asked: list[SourceHost | SigningKey] = []
    asked += claimed.source_hosts
    asked += claimed.signing_keys
    found = await asyncio.gather(*(_bounded(one, lookups, places, seconds) for one in asked[:MOST]))
    return tuple(sorted(found, key=lambda claim: claim.line))


async def _bounded(one: SourceHost | SigningKey, lookups: Lookups, places: asyncio.Semaphore, seconds: float) -> Claim:
    try:
        async with asyncio.timeout(seconds), places:
            return await (_source_host(one, lookups) if isinstance(one, SourceHost) else _signing_key(one, lookups))
    except TimeoutError:
        return Claim(one.line, one.address if isinstance(one, SourceHost) else one.record, "unknown")


async def _source_host(one: SourceHost, lookups: Lookups) -> Claim:
    """Forward-confirmed reverse DNS: the PTR names the host, and the host names the address."""
    wanted = one.host.lower()
    back = await lookups.ptr(one.address)
    if back.failure:
        return Claim(one.line, one.address, f"ptr_{back.failure}", wanted)
    if wanted not in back.values:
        return Claim(one.line, one.address, "ptr_other", f"{', '.join(back.values[:3])} instead of {wanted}")
    forth = await lookups.addresses(wanted)
    if one.address in forth.values:
        return Claim(one.line, one.address, "ptr_confirmed", wanted)
    return Claim(one.line, one.address, "ptr_unknown" if forth.failure == "unknown" else "ptr_not_confirmed", wanted)


async def _signing_key(one: SigningKey, lookups: Lookups) -> Claim:
    """RFC 6376 section 3.6.1. The key itself lies in a file that we do not see."""
    found = await lookups.txt(one.record)
    if found.failure:
        return Claim(one.line, one.record, f"dkim_{found.failure}")
    return Claim(one.line, one.record, *judge_dkim(found.values))


def judge_dkim(records: Sequence[str]) -> tuple[str, str]:
    """The state of a selector's TXT records, and what to show of them. Pure and total."""
    keys = [tags for tags in map(_tags, records) if tags.get("v", "DKIM1") == "DKIM1" and "p" in tags]
    if not keys:
        return "dkim_malformed", " ".join(records)[:120]
    if len(keys) > 1:
        return "dkim_several", str(len(keys))
    kind = keys[0].get("k", "rsa").lower()
    return ("dkim_present", kind) if keys[0]["p"] else ("dkim_revoked", kind)


def _tags(record: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=...` as a mapping; what is no tag is left out."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, sign, value in pairs if sign}
