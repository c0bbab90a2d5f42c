"""What a <domain> or <source> inherits from more general stanzas.

For each setting the most specific stanza wins (User's Guide, 3.3.7, 3.3.10 and 3.3.13.2). The <domain> of a VirtualMTA
inherits from those of its pool and then from the global ones. Every question is answered by looking the few possible
patterns up, so that a config with thousands of stanzas stays linear.
"""

import ipaddress
from collections.abc import Iterable, Iterator

from commands.pmta.language.catalogue import GLOBAL
from commands.pmta.language.quantities import Network, network
from commands.pmta.language.tree import Block, Statement

_POOL = -1
_MACRO = "$"


def _host(pattern: str) -> str:
    return pattern.removeprefix("[*.]").removeprefix("*.")


def _suffixes(host: str) -> Iterator[str]:
    """`a.b.c`, `b.c`, `c`: at most 40, names have no more labels that matter."""
    parts = host.split(".")[-40:]
    return (".".join(parts[at:]) for at in range(len(parts)))


def _general(pattern: str) -> Iterator[str]:
    """Every pattern that covers this one."""
    pattern = pattern.lower()
    yield pattern
    yield "*"
    host = _host(pattern)
    for suffix in _suffixes(host):
        yield f"[*.]{suffix}"
        if suffix != host or pattern.startswith("*."):
            yield f"*.{suffix}"


class Domains:
    """The <domain> stanzas that set one thing, by what they stand in and by pattern."""

    def __init__(self, settings: Iterable[Statement]) -> None:
        self._by_pattern: dict[tuple[int, str], list[Statement]] = {}
        self._hosts: set[str] = set()
        for one in settings:
            if one.block.tag == "domain":
                pattern = _MACRO if "$" in one.block.argument else one.block.argument.lower()
                self._by_pattern.setdefault((_level(one.block), pattern), []).append(one)
                self._hosts.update(_suffixes(_host(pattern)))

    def above(self, block: Block) -> list[Statement]:
        """The settings of other stanzas that cover this one, the global ones first."""
        levels = dict.fromkeys((id(None), _POOL, _level(block)))
        patterns = dict.fromkeys((*_general(block.argument), _MACRO))
        found = [
            one for level in levels for pattern in patterns for one in self._by_pattern.get((level, pattern), ())[-3:]
        ]
        return [one for one in found if one.block is not block]

    def covering(self, pattern: str, inside: Block | None = None) -> bool:
        """True when a stanza may cover the pattern at global level, in a pool, or in what `inside` stands in."""
        found = (*_general(pattern), _MACRO)
        levels = {id(None), _POOL, _level(inside) if inside else _POOL}
        return any((level, one) in self._by_pattern for level in levels for one in found)

    def below(self, pattern: str) -> bool:
        """True when a stanza anywhere may be covered by the pattern."""
        if pattern == "*" or "$" in pattern:
            return bool(self._by_pattern)
        return _host(pattern.lower()) in self._hosts or _MACRO in self._hosts


def _level(block: Block) -> int:
    parent = block.parent
    if parent is None or parent.tag == GLOBAL:
        return id(None)
    return _POOL if parent.tag == "virtual-mta-pool" else id(parent)


class Sources:
    """The <source> stanzas that set one thing, by network."""

    def __init__(self, settings: Iterable[Statement]) -> None:
        self._by_network: dict[Network, list[Statement]] = {}
        for one in settings:
            found = network(one.block.argument) if one.block.tag == "source" else None
            if found is not None:
                self._by_network.setdefault(found, []).append(one)

    def above(self, block: Block) -> list[Statement]:
        """The settings of other sources that cover this one. A named source inherits what holds for every address."""
        inner = network(block.argument)
        wider = _supernets(inner) if inner is not None else _EVERYTHING
        found = [one for outer in wider for one in self._by_network.get(outer, ())[-3:]]
        return [one for one in found if one.block is not block]


_EVERYTHING: tuple[Network, ...] = (ipaddress.IPv4Network("0.0.0.0/0"), ipaddress.IPv6Network("::/0"))


def _supernets(inner: Network) -> Iterator[Network]:
    return (inner.supernet(new_prefix=prefix) for prefix in range(inner.prefixlen + 1))
