"""Whose an address is that machines check from. Pure.

Which addresses it has a machine says itself, and may be wrong or lie. What an admin has pinned to a machine is its own,
whoever else says so, and then nothing else is. An address that is pinned to none belongs to the one machine that says
it is there; of several that say so to nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.vantages.hello import Hello, Source
from bot.vantages.registry import Registered


class Doubt(StrEnum):
    """Why an address that a machine announces is not taken for its own."""

    NOT_PINNED = "not_pinned"
    """The machine has other addresses pinned."""

    OF_ANOTHER = "of_another"
    """It is pinned to another machine (`other`)."""

    CONTESTED = "contested"
    """Another machine (`other`) announces it, too, and it is pinned to none."""

    OTHER_NAME = "other_name"
    """It is pinned with another EHLO name (`other`)."""


@dataclass(frozen=True, slots=True, order=True)
class Doubted:
    """An address that a machine announces, and why it is not taken for its own."""

    address: str
    why: Doubt
    other: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the machines that are there announce, weighed: `owned` has their addresses, `doubted` the others."""

    owned: Mapping[str, tuple[Source, ...]]
    doubted: Mapping[str, tuple[Doubted, ...]]

    def doubt(self, name: str, address: str) -> Doubted | None:
        """Why an address that is asked for is not taken for that of this machine."""
        doubts = (each for each in self.doubted.get(name, ()) if each.why is not Doubt.OTHER_NAME)
        return next((each for each in doubts if each.address == address), None)


def weighed(known: Mapping[str, Registered], workers: Mapping[str, Sequence[Hello]]) -> Claims:
    """Of the machines that may connect (by name), and the workers of those that are there."""
    pinned = {one.address: one_name for one_name, each in known.items() for one in each.sources}
    announced = {name: _announced(hellos) for name, hellos in workers.items()}
    claimed: dict[str, list[str]] = defaultdict(list)
    for name, sources in announced.items():
        for address in {one.address for one in sources}:
            claimed[address].append(name)
    owned: dict[str, tuple[Source, ...]] = {}
    doubted: dict[str, tuple[Doubted, ...]] = {}
    for name, sources in announced.items():
        doubts = {one: _doubt(one, name, known.get(name), pinned, claimed[one.address]) for one in sources}
        owned[name] = tuple(one for one, doubt in doubts.items() if doubt is None)
        doubted[name] = tuple(dict.fromkeys(doubt for doubt in doubts.values() if doubt is not None))
    return Claims(owned, doubted)


def _announced(workers: Iterable[Hello]) -> tuple[Source, ...]:
    """The addresses that the workers of one machine say they have, each with its names in EHLO."""
    return tuple(dict.fromkeys(one for each in workers for one in each.sources if one.address))


def _doubt(
    one: Source, name: str, known: Registered | None, pinned: Mapping[str, str], claimed: Sequence[str]
) -> Doubted | None:
    own = {each.address: each.ehlo_name for each in known.sources} if known else {}
    if one.address in own:
        expected = own[one.address]
        return Doubted(one.address, Doubt.OTHER_NAME, expected) if expected not in {"", one.ehlo_name} else None
    if one.address in pinned:
        return Doubted(one.address, Doubt.OF_ANOTHER, pinned[one.address])
    if own:
        return Doubted(one.address, Doubt.NOT_PINNED)
    others = sorted(each for each in claimed if each != name)
    return Doubted(one.address, Doubt.CONTESTED, others[0]) if others else None
