"""What a worker can be asked for, by name: so that two versions of Portero work together. Pure.

A worker announces its abilities (`hello`), and an errand that needs one of a later version than `FIRST` names it
(`Errand.needs`). So a worker from before there were names gets the errands that it knows, and one that lacks an ability
is not asked for it; where it is asked all the same, it says so (`Refusal.NOT_ABLE`).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Protocol

MOST = 64
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Ability(StrEnum):
    """A kind of errand, or what one may want beside that."""

    CHECK = "check"
    NETWORK = "network"
    DEEP = "deep"
    SOURCE = "source"
    PATIENT = "patient"


FIRST = frozenset({Ability.CHECK, Ability.NETWORK, Ability.DEEP, Ability.SOURCE})
"""Those of a worker that announces none."""

WITHOUT: Mapping[str, str] = {
    Ability.CHECK: "no check",
    Ability.NETWORK: "no look at its network",
    Ability.DEEP: "no deep check",
    Ability.SOURCE: "no choice of its address",
    Ability.PATIENT: "no longer wait for slow servers",
}
"""What is said of a machine that lacks one: `mta-03 runs 0.2: no deep check there.`"""


class Announced(Protocol):
    """What a worker says of itself (`hello.Hello`)."""

    @property
    def version(self) -> str: ...

    @property
    def abilities(self) -> Collection[str]: ...


def lacking(workers: Iterable[Announced], needs: Collection[Ability]) -> tuple[str, Ability] | None:
    """The version of a worker that lacks one of these, and which: any of a machine's workers may take the errand."""
    found = ((each.version, one) for each in workers for one in Ability if one in needs and one not in each.abilities)
    return next(found, None)
