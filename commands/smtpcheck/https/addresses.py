"""Where a name may be connected to: resolved once, every address judged by the guard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from commands.smtpcheck.address.guard import DENIED_BY_OWNER, Guard
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.lookup.question import Answer

Ask: TypeAlias = Callable[[str, str], Awaitable[Answer]]
"""Asks a name server for a name and a type. Never raises."""

WhyNot: TypeAlias = Literal["no_host", "host_unknown", "forbidden", "denied"]
"""Why nobody is connected to: no address, DNS did not say, an address that is not public, an owner who objects."""

EACH = 2
"""Addresses that are tried of each family."""


async def judged_addresses(host: str, ask: Ask, guard: Guard) -> tuple[tuple[str, ...], WhyNot | None]:
    """Those that may be connected to, in the order in which they are tried; else why there is none.

    One address that is off limits closes the whole name. `host` may be an address itself.
    """
    if is_address(host):
        v4, v6, certain = [host], [], True
        names: tuple[str, ...] = (host,)
    else:
        families = await asyncio.gather(ask(host, "A"), ask(host, "AAAA"))
        v4, v6 = (sorted(record.address for record in answer.records) for answer in families)
        names = (host, *(name for answer in families for name in answer.aliases))
        certain = all(answer.is_certain for answer in families)
    verdict = guard.judge_host(names, v4 + v6)
    if verdict.reason == "no_address":
        return (), "no_host" if certain else "host_unknown"
    if not verdict.allowed:
        return (), "denied" if verdict.reason == DENIED_BY_OWNER else "forbidden"
    return _in_turn(v4[:EACH], v6[:EACH]), None


def _in_turn(v4: list[str], v6: list[str]) -> tuple[str, ...]:
    """IPv4 first, then the families in turn."""
    pairs = [pair for at in range(EACH) for pair in (v4[at : at + 1], v6[at : at + 1])]
    return tuple(address for pair in pairs for address in pair)
