"""Which domains a <domain> stanza covers, and how specific it is about one of them.

Source: PowerMTA 5.0 User's Guide, 3.1 (names beyond ASCII as they are), 3.2 (patterns, domain literals), 3.3.1.43.4
(macros; a domain that is listed itself beats one that a macro stands for), 3.3.10 (the most specific stanza wins for
each setting).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts
from commands.pmta.language.quantities import Network, contains, network
from commands.pmta.language.words import bare

MOST = 20_000
"""Domains that the macros of a config stand for together."""
DEEPEST = 10
"""Macros in macros."""

_MACRO = re.compile(r"\$(\w+)", re.ASCII)
_EVERYTHING, _BELOW, _ITSELF = 0, 1, 2


class Fit(NamedTuple):
    """How near a pattern is to a domain: more is nearer. `written` is False for a domain out of a macro."""

    labels: int
    kind: int
    written: bool

    @property
    def width(self) -> tuple[int, int]:
        """Without what only counts among stanzas of one place."""
        return self.labels, self.kind


class Macros:
    """The domains that each `domain-macro` stands for. `unknown` are those that are used and nowhere defined."""

    def __init__(self, config: Config) -> None:
        self._said = {
            one.word(0).lower().lstrip("$"): parts(one.value[len(one.word(0)) :])
            for one in config.named("domain-macro")
        }
        self._known: dict[str, tuple[str, ...]] = {}
        self.unknown: set[str] = set()
        self._left = MOST

    def patterns(self, argument: str) -> tuple[str, ...]:
        """The patterns of a <domain>: its own, or one for each domain of the macro in it."""
        return self._expanded(bare(argument).lower().rstrip("."), DEEPEST)

    def _expanded(self, pattern: str, depth: int) -> tuple[str, ...]:
        found = _MACRO.search(pattern)
        if found is None:
            return (pattern,)
        before, after = pattern[: found.start()], pattern[found.end() :]
        return tuple(f"{before}{domain}{after}" for domain in self._domains(found[1], depth))

    def _domains(self, name: str, depth: int) -> tuple[str, ...]:
        if name in self._known or depth == 0:
            return self._known.get(name, ())
        if name not in self._said:
            self.unknown.add(name)
        self._known[name] = ()  # while it is looked up: a loop ends here
        made = [one for part in self._said.get(name, ()) for one in self._expanded(part.lower().rstrip("."), depth - 1)]
        self._known[name] = tuple(dict.fromkeys(one for one in made if one))[: self._left]
        self._left -= len(self._known[name])
        return self._known[name]


def fit(pattern: str, domain: str, *, written: bool = True) -> Fit | None:
    """How a pattern covers a domain, or a pattern that is asked about as one; None for not at all."""
    if pattern == "*":
        return Fit(0, _EVERYTHING, written)
    if pattern.startswith("[") and pattern.endswith("]"):
        return _literal(pattern, domain, written=written)
    if not (pattern.isascii() and domain.isascii()):
        pattern, domain = _encoded(pattern), _encoded(domain)
    labels = pattern.count(".") + 1
    if pattern == domain:
        return Fit(labels, _ITSELF, written)
    if pattern.startswith("[*.]"):
        host = pattern[4:]
        is_below = domain == host or domain.removeprefix("[*.]").removeprefix("*.").endswith(f".{host}")
        return Fit(labels - 1, _BELOW, written) if is_below or domain == f"*.{host}" else None
    if pattern.startswith("*.") and domain.endswith(pattern[1:]):
        return Fit(labels - 1, _BELOW, written)
    return None


def _literal(pattern: str, domain: str, *, written: bool) -> Fit | None:
    """How `[10/8]` covers `[10.1.2.3]`: its prefix stands for the labels."""
    outer, inner = _network(pattern), _network(domain)
    if outer is None or inner is None or not contains(outer, inner):
        return None
    return Fit(outer.prefixlen + 1, _ITSELF if outer == inner else _BELOW, written)


def _network(literal: str) -> Network | None:
    inside = literal[1:-1] if literal.startswith("[") and literal.endswith("]") else ""
    return network(inside.removeprefix("ipv6:"))


@lru_cache(maxsize=MOST)
def _encoded(name: str) -> str:
    """A name as DNS has it, and as one that holds no letters beyond ASCII is compared with it."""
    if name.isascii():
        return name
    import idna  # noqa: PLC0415 - 20 ms, and few names need it

    start = next((one for one in ("[*.]", "*.") if name.startswith(one)), "")
    try:
        return start + idna.encode(name.removeprefix(start), uts46=True).decode()
    except idna.IDNAError:
        return name
