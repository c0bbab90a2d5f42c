"""Queues whose settings change: effective values, old and new, wherever and however they are written."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from commands.pmta.comparison.side import Change, Side, meant
from commands.pmta.language.tree import Statement
from commands.pmta.queues.effective import Setting, of_domain
from commands.pmta.queues.model import DOMAIN

MOST = 20_000
"""Queues that are compared."""
NAMED = 4
"""Domains that are named of those with the same change."""


class _Key(NamedTuple):
    """What domains may have in common: then they are told together."""

    mta: str
    name: str
    old: str | None
    new: str | None


def queue_changes(old: Side, new: Side) -> Iterator[Change]:
    """What changes in a stanza outside VirtualMTAs is told once, and not for each VirtualMTA that inherits it."""
    found: dict[_Key, list[tuple[str, Statement | None, Statement | None]]] = {}
    for domain, mta in islice(_queues(old, new), MOST):
        before, after = _values(old, domain, mta), _values(new, domain, mta)
        for name in sorted(before.keys() | after.keys()):
            was, is_now = before.get(name), after.get(name)
            if _said(was) != _said(is_now) and (_is_own(was, mta) or _is_own(is_now, mta)):
                key = _Key(mta, name, _words(was, old), _words(is_now, new))
                found.setdefault(key, []).append((domain, _first(was), _first(is_now)))
    for key, places in found.items():
        _, was_at, is_at = places[0]
        yield Change(
            "queue",
            old.covered(new.covered(_subject(key, [domain for domain, *_ in places]))),
            key.old,
            key.new,
            old.at(was_at),
            new.at(is_at),
        )


def _queues(old: Side, new: Side) -> dict[tuple[str, str], None]:
    """The domains of each stanza with who has it on both sides; what comes or goes as a whole is told elsewhere."""
    found: dict[tuple[str, str], None] = {}
    for side in (old, new):
        for mta, blocks in (("", [side.config.root]), *side.stanzas.mtas.items(), *side.stanzas.pools.items()):
            if mta and not all(mta in {*one.stanzas.mtas, *one.stanzas.pools} for one in (old, new)):
                continue
            inner = (block for outer in blocks for block in outer.blocks if block.tag == DOMAIN)
            found |= dict.fromkeys((pattern, mta) for block in inner for pattern in side.stanzas.patterns(block))
    return found


def _values(side: Side, domain: str, mta: str) -> dict[str, Setting]:
    return {one.name: one for one in of_domain(side.stanzas, domain, mta)}


def _first(setting: Setting | None) -> Statement | None:
    return setting.held[0] if setting else None


def _said(setting: Setting | None) -> tuple[str, ...]:
    return tuple(sorted({meant(one.value) for one in setting.held})) if setting else ()


def _is_own(setting: Setting | None, mta: str) -> bool:
    """Whether a stanza of that VirtualMTA or pool says it."""
    if setting is None:
        return False
    return not mta or any(
        one.block.parent and one.block.parent.argument.strip('"').lower() == mta for one in setting.held
    )


def _words(setting: Setting | None, side: Side) -> str | None:
    if setting is None:
        return None
    said = " or ".join(dict.fromkeys(side.words.value(one) for one in setting.held))
    return said if setting.certain else f"{said} (not documented which)"


def _subject(key: _Key, domains: list[str]) -> str:
    more = f" and {len(domains) - NAMED} more" if len(domains) > NAMED else ""
    named = ", ".join(f"{domain}/{key.mta}" if key.mta else domain for domain in domains[:NAMED])
    return f"{named}{more}: {key.name}"
