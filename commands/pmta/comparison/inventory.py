"""What comes and goes: VirtualMTAs, pools, addresses, keys and certificates; and every other setting."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from commands.pmta.comparison.side import Change, Side, meant, path
from commands.pmta.language.catalogue import DIRECTIVES, SECOND
from commands.pmta.language.lists import DOMAIN_KEY, parts
from commands.pmta.language.tree import DIRECTIVE, Statement
from commands.pmta.language.words import bare

CERTIFICATES = frozenset(name for name, rows in DIRECTIVES.items() if any(row.secret == SECOND for row in rows))
KEYS, ADDRESSES = ("domain-key",), ("smtp-source-host", "smtp-source-ip", "smtp-proxy-source-host")
ORDERED = frozenset({"pattern-list", "smtp-pattern-list", "bounce-category-patterns", "rewrite-list"})
"""Stanzas whose lines are read in order."""
_BY_WHAT_THEY_DO = (
    "include", "domain-macro", "relay-domain", "relay-address", "http-access", "http-api-key", "smtp-listener",
    "always-allow-relaying",
)  # fmt: skip
ELSEWHERE = frozenset({*KEYS, *ADDRESSES, *CERTIFICATES, *_BY_WHAT_THEY_DO})
"""Settings that are compared by a part of their value, or by what they do."""


def inventory(old: Side, new: Side) -> Iterator[Change]:
    yield from _came_and_went(_certificates(old), _certificates(new), old, new, "certificate")
    yield from _came_and_went(_keys(old), _keys(new), old, new, "key")
    yield from _came_and_went(_mtas(old), _mtas(new), old, new, "vmta")
    yield from _came_and_went(_addresses(old), _addresses(new), old, new, "address")
    yield from _came_and_went(_members(old), _members(new), old, new, "pool")
    yield from _lists(old, new)
    yield from _settings(old, new)


def _came_and_went(
    before: Mapping[str, Statement], after: Mapping[str, Statement], old: Side, new: Side, kind: str
) -> Iterator[Change]:
    """A name that is there on both sides changes with its value."""
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name), after.get(name)
        if was is None or is_now is None or meant(was.value) != meant(is_now.value):
            side = new if is_now else old
            yield Change(kind, side.covered(name), old.value(was), new.value(is_now), old.at(was), new.at(is_now))


def _within(side: Side, one: Statement) -> str:
    block = one.block
    return "" if block.parent is None else f" in {side.words.stanza(block)}"


def _certificates(side: Side) -> dict[str, Statement]:
    return {f"{one.key} {bare(one.word(0))}{_within(side, one)}": one for one in side.config.named(*CERTIFICATES)}


def _keys(side: Side) -> dict[str, Statement]:
    found = {}
    for one in side.config.named(*KEYS):
        fields = parts(one.value)
        if len(fields) == DOMAIN_KEY:
            for domain in side.stanzas.macros.patterns(fields[1]):
                found[f"{fields[0]}._domainkey.{domain}{_within(side, one)}"] = one
    return found


def _mtas(side: Side) -> dict[str, Statement]:
    """The value of an opening tag is its name, so that none changes."""
    return {name: blocks[0].opening for name, blocks in side.stanzas.mtas.items() if blocks[0].opening}


def _addresses(side: Side) -> dict[str, Statement]:
    return {f"{bare(one.word(0))}{_within(side, one)}": one for one in side.config.named(*ADDRESSES)}


def _members(side: Side) -> dict[str, Statement]:
    found = {name: blocks[0].opening for name, blocks in side.stanzas.pools.items() if blocks[0].opening}
    members = {
        f"{bare(one.word(0)).lower()} in {name}": one
        for name, blocks in side.stanzas.pools.items()
        for block in blocks
        for one in block.all("virtual-mta")
    }
    return {**found, **members}


def _lists(old: Side, new: Side) -> Iterator[Change]:
    before, after = _ordered(old), _ordered(new)
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, []), after.get(name, [])
        if [meant(one.value) for one in was] != [meant(one.value) for one in is_now]:
            yield Change(
                "list",
                (new if is_now else old).covered(name),
                _lines(was),
                _lines(is_now),
                old.at(was[0] if was else None),
                new.at(is_now[0] if is_now else None),
            )


def _lines(said: Sequence[Statement]) -> str | None:
    return f"{len(said)} line{'' if len(said) == 1 else 's'}" if said else None


def _ordered(side: Side) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for one in side.config.tree.statements:
        if one.kind == DIRECTIVE and one.scope in ORDERED and one.key != "include":
            found[path(one.block)].append(one)
    return found


def _settings(old: Side, new: Side) -> Iterator[Change]:
    """Every setting that is not compared by what it does, by the stanza it stands in."""
    before, after = _others(old), _others(new)
    for where, name in sorted(before.keys() | after.keys()):
        was, is_now = before.get((where, name), {}), after.get((where, name), {})
        gone = [one for value, one in was.items() if value not in is_now]
        come = [one for value, one in is_now.items() if value not in was]
        for left, right in zip_longest(gone, come):
            subject = (new if right else old).covered(f"{name} in {where}" if where else name)
            yield Change("setting", subject, old.value(left), new.value(right), old.at(left), new.at(right))


def _others(side: Side) -> dict[tuple[str, str], dict[str, Statement]]:
    found: dict[tuple[str, str], dict[str, Statement]] = defaultdict(dict)
    for one in side.config.directives:
        is_member = one.key == "virtual-mta" and one.scope == "virtual-mta-pool"
        if one.key in ELSEWHERE or one.scope in ORDERED or one.scope == "domain" or is_member:
            continue
        if one.key in DIRECTIVES:
            found[path(one.block), one.key][meant(one.value)] = one
    return found
