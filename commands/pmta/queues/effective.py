"""Which value of each setting a queue has, and which it beats.

The most specific <domain> wins for each setting, wherever it stands in the file; one in a VirtualMTA inherits from
those in its pool, these from the ones outside. Where these two disagree (a global <domain gmail.com> against a
<domain *> in the VirtualMTA), and where one stanza says a thing twice, the guide does not say what holds: then nothing
is `certain`.
Source: PowerMTA 5.0 User's Guide, 3.3.10 and 3.3.13.2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from commands.pmta.language.catalogue import GLOBAL, directive, scopes_of
from commands.pmta.language.repeatable import REPEATABLE
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.model import DOMAIN, MTA, Covering, Stanzas
from commands.pmta.queues.patterns import Fit

FROM_OUTSIDE = frozenset({"smtp-source-host"})
"""Settings of a VirtualMTA that are documented to take the place of the global ones."""
OLD_NAMES = {"route": "smtp-hosts"}
"""Names of one setting: where both stand they are judged together."""
TOGETHER = frozenset({"domain-key", "include-headers-from"})
"""Settings of a VirtualMTA beside which the global ones hold, too."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`held` are the statements that hold, more than one of a setting that is a list; where it is not `certain` those

    of which one holds. `beats` are those that do not.
    """

    name: str
    held: tuple[Statement, ...]
    beats: tuple[Statement, ...] = ()
    certain: bool = True


class _Candidate(NamedTuple):
    """What one stanza says of a setting."""

    level: int
    fit: Fit
    said: tuple[Statement, ...]


def of_domain(stanzas: Stanzas, domain: str, mta: str) -> list[Setting]:
    """The settings of <domain> stanzas for a queue, by name. `mta` is a VirtualMTA, a pool, or "" for neither."""
    return [_resolved(name, found) for name, found in _candidates(stanzas.covering(domain, mta)).items()]


def _candidates(covering: Iterable[Covering]) -> dict[str, list[_Candidate]]:
    found: dict[str, list[_Candidate]] = {}
    for level, fit, block in covering:
        for name, said in block.named.items():
            if name != "include" and directive(name, DOMAIN):
                found.setdefault(name, []).append(_Candidate(level, fit, tuple(said)))
    for old, new in OLD_NAMES.items():
        if old in found and new in found:
            found[new] += found.pop(old)
    return dict(sorted(found.items()))


def _resolved(name: str, candidates: Sequence[_Candidate]) -> Setting:
    front = [one for one in candidates if not any(_beats(other, one) for other in candidates)]
    held = tuple(one for candidate in front for one in candidate.said)
    beaten = tuple(one for candidate in candidates if candidate not in front for one in candidate.said)
    is_list = name in REPEATABLE and len(front) == 1 and len({one.key for one in held}) == 1
    is_same = len({one.value for one in held}) == 1
    return Setting(name, held[:1] if is_same else held, beaten, is_list or is_same)


def _beats(one: _Candidate, other: _Candidate) -> bool:
    if one.level == other.level:
        return one.fit > other.fit
    return one.level > other.level and one.fit.width >= other.fit.width


def of_mta(stanzas: Stanzas, mta: str) -> list[Setting]:
    """The settings of a VirtualMTA or pool itself, those of its pools, and global ones that hold for it, too."""
    own = _said([*stanzas.mtas.get(mta, ()), *stanzas.pools.get(mta, ())])
    shared = _said([block for name in stanzas.pools_of(mta) for block in stanzas.pools[name]])
    found = [_of_mta(name, own.get(name, ()), shared.get(name, ()), stanzas) for name in sorted({*own, *shared})]
    return [*found, *_global(stanzas, found)]


def _said(blocks: Iterable[Block]) -> dict[str, tuple[Statement, ...]]:
    found: dict[str, tuple[Statement, ...]] = {}
    for block in blocks:
        for name, said in block.named.items():
            if name not in ("include", MTA) and directive(name, block.tag):
                found[name] = (*found.get(name, ()), *said)
    return found


def _of_mta(name: str, own: tuple[Statement, ...], shared: tuple[Statement, ...], stanzas: Stanzas) -> Setting:
    """What a VirtualMTA says beats what its pool says (3.3.13, 9.3)."""
    if name in TOGETHER:
        return Setting(name, (*own, *shared))
    held, beaten = (own, shared) if own else (shared, ())
    outer = tuple(stanzas.config.root.all(name)) if GLOBAL in scopes_of(name) else ()
    is_clear = _is_of_one(held) if name in REPEATABLE else len({one.value for one in held}) == 1
    if outer and name not in FROM_OUTSIDE:
        return Setting(name, (*held, *outer), beaten, certain=False)
    return Setting(name, held, (*beaten, *outer), is_clear)


def _is_of_one(said: Sequence[Statement]) -> bool:
    """Whether one name stands over them all: two pools are two, and of `x` and `X` nobody knows."""
    return len({bare(one.block.argument) for one in said}) == 1


def _global(stanzas: Stanzas, own: Sequence[Setting]) -> list[Setting]:
    """Global settings that a VirtualMTA may have, too, and has not."""
    taken = {one.name for one in own} - TOGETHER
    root = stanzas.config.root
    return [
        Setting(name, tuple(said))
        for name, said in sorted(root.named.items())
        if name != "include" and name not in taken and {GLOBAL, MTA} <= {*scopes_of(name)}
    ]
