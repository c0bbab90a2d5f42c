"""Forward-confirmed reverse DNS of a source host: the PTR names the host, and the host names the address."""

from typing import TypeAlias

from commands.pmta.facts import SourceHost
from commands.pmta.world import UNKNOWN, Looked, Lookups

NAMES = 3
"""Names of one address that are followed."""

Said: TypeAlias = tuple[str, str, str]
"""A state (a code of `live_words.WORDS`), what was seen, and who answered."""


async def source_claims(one: SourceHost, lookups: Lookups) -> list[Said]:
    """How the address and its name stand."""
    wanted = one.host.lower()
    back = await lookups.ptr(one.address)
    if back.failure:
        return [(f"ptr_{back.failure}", back.why if back.failure == UNKNOWN else wanted, back.server)]
    if wanted in back.values:
        return [await _confirmed(one.address, (wanted,), lookups)]
    said = await _confirmed(one.address, back.values[:NAMES], lookups)
    if said[0] != "ptr_confirmed":
        return [said]
    own = await lookups.addresses(wanted)
    elsewhere = one.address not in own.values and own.failure != UNKNOWN
    other = ("ptr_other", f"{said[1]} instead of {wanted}", said[2])
    return [other, ("name_elsewhere", wanted, own.server)] if elsewhere else [other]


async def _confirmed(address: str, names: tuple[str, ...], lookups: Lookups) -> Said:
    """Whether one of the names leads back to the address."""
    found = [await lookups.addresses(name) for name in names]
    for name, forth in zip(names, found, strict=True):
        if address in forth.values:
            return "ptr_confirmed", name, forth.server
    return _not_confirmed(", ".join(names), found)


def _not_confirmed(names: str, found: list[Looked]) -> Said:
    unknown = next((forth for forth in found if forth.failure == UNKNOWN), None)
    if unknown:
        return "ptr_unknown", unknown.why, unknown.server
    hidden = [inside for forth in found for inside in forth.hidden]
    if hidden:
        return "ptr_inside", f"{names}, which leads to {', '.join(hidden[:NAMES])}", found[0].server
    return "ptr_not_confirmed", names, found[0].server
