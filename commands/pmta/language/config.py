"""A parsed config as the rules see it: by name, by tag, and with what a block inherits."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from commands.pmta.language.catalogue import DIRECTIVES, GLOBAL, HOSTS, Directive, directive, scopes_of
from commands.pmta.language.inheritance import Domains, Sources
from commands.pmta.language.parser import parse
from commands.pmta.language.quantities import network
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, Block, Statement, Tree
from commands.pmta.language.values import misfit
from commands.pmta.language.words import bare

VERSIONS = ("4.0", "4.5", "5.0", "5.5", "6.0")
GUIDED = "5.0"
"""The latest release whose guide is public: of later ones next to nothing is known."""


REMEMBERED = 4096
"""Settings with their values that are not looked at again: most configs say the same over and over."""

_OF_A_WHOLE = ("log-file", "spool", "postmaster", "smtp-listener", "http-mgmt-port", "run-as-root", "host-name")
SIGNS = 3


class Config:
    """`fragment` is True for a pasted piece: what is missing from it may stand elsewhere.

    `complete`: what its includes name is in the text.
    """

    def __init__(self, text: str, *, version: str = "5.0", fragment: bool = True, complete: bool = False) -> None:
        self.tree: Tree = parse(text)
        self.text = text
        self.version = version
        self.fragment = fragment
        self.complete = complete
        self._named: dict[str, list[Statement]] = {}
        self._tagged: dict[str, list[Block]] = {}
        self._by_domain: dict[str, Domains] = {}
        self._by_source: dict[str, Sources] = {}
        self.memo: dict[str, Any] = {}  # what rules have worked out for each other
        for one in self.tree.statements:
            if one.kind == DIRECTIVE:
                self._named.setdefault(one.key, []).append(one)
        for block in self.tree.blocks:
            self._tagged.setdefault(block.tag, []).append(block)

    @property
    def is_newer(self) -> bool:
        """True for a release that may know names which no public guide has."""
        return self.version > GUIDED

    @property
    def root(self) -> Block:
        return self.tree.root

    @property
    def partial(self) -> bool:
        """True when names may be defined outside this text: it is a piece, or it includes files that nobody read."""
        return self.fragment or ("include" in self._named and not self.complete)

    @cached_property
    def directives(self) -> list[Statement]:
        return [one for one in self.tree.statements if one.kind == DIRECTIVE]

    @cached_property
    def openings(self) -> list[Statement]:
        return [one for one in self.tree.statements if one.kind == OPEN]

    @cached_property
    def closings(self) -> list[Statement]:
        return [one for one in self.tree.statements if one.kind == CLOSE]

    @property
    def blocks(self) -> list[Block]:
        return self.tree.blocks

    @property
    def names(self) -> list[str]:
        """The names of the settings in it, lower case, each once."""
        return list(self._named)

    def named(self, *names: str) -> Iterator[Statement]:
        """Every setting of these names, wherever it stands."""
        for name in names:
            yield from self._named.get(name, ())

    def placed(self, name: str, *scopes: str) -> Iterator[Statement]:
        """Every setting of this name in these scopes."""
        return (one for one in self._named.get(name, ()) if one.block.tag in scopes)

    def has(self, name: str) -> bool:
        return name in self._named

    def tagged(self, *tags: str) -> Iterator[Block]:
        for tag in tags:
            yield from self._tagged.get(tag, ())

    @cached_property
    def bare_settings(self) -> bool:
        """True for a piece that begins inside a stanza: settings without any tag, not all of which are global."""
        if not self.fragment or self.openings or self.closings:
            return False
        known = [scopes_of(name) for name in self._named if name in DIRECTIVES]
        return any(scopes != (GLOBAL,) for scopes in known) and not any(scopes == (GLOBAL,) for scopes in known)

    def row(self, one: Statement) -> Directive | None:
        """What the catalogue says of a setting where it stands; anywhere, for settings without any stanza."""
        found = directive(one.key, one.block.tag)
        if found is None and self.bare_settings:
            return next(iter(DIRECTIVES.get(one.key, ())), None)
        return found

    @cached_property
    def misfits(self) -> dict[str, list[Statement]]:
        """The settings whose value is not of its form, by what is wrong: "missing", "extra" or "wrong"."""
        found: dict[str, list[Statement]] = {"missing": [], "extra": [], "wrong": []}
        known: dict[tuple[str, str, str], str] = {}
        for one in self.directives:
            said = one.key, one.block.tag, one.value
            wrong = known.get(said)
            if wrong is None:
                wrong = self._misfit(one)
                if len(known) >= REMEMBERED:
                    known.clear()
                known[said] = wrong
            if wrong:
                found[wrong].append(one)
        return found

    def _misfit(self, one: Statement) -> str:
        row = self.row(one)
        wrong = misfit(one.key, row.form, one.value) if row and row.form else None
        return wrong.kind if wrong else ""

    def inherited(self, block: Block, name: str) -> list[Statement]:
        """The settings of that name which the block has or may inherit, its own last."""
        own = block.all(name)
        if block.tag == "domain":
            return [*self._domains(name).above(block), *own]
        if block.tag == "source":
            return [*self._sources(name).above(block), *own]
        return own

    def _domains(self, name: str) -> Domains:
        if name not in self._by_domain:
            self._by_domain[name] = Domains(self._named.get(name, ()))
        return self._by_domain[name]

    def _sources(self, name: str) -> Sources:
        if name not in self._by_source:
            self._by_source[name] = Sources(self._named.get(name, ()))
        return self._by_source[name]

    def below(self, block: Block, name: str) -> bool:
        """True when a more specific <domain> sets that name, and so may add it to what it inherits."""
        return self._domains(name).below(block.argument)

    def covering(self, pattern: str, name: str, inside: Block | None = None) -> bool:
        """True when a <domain> that covers the pattern sets that name: globally, in a pool, or beside `inside`."""
        return self._domains(name).covering(pattern, inside)

    def is_hosted(self, block: Block) -> bool:
        """True when a <domain> has or inherits hosts of its own instead of the MX."""
        return any(bare(one.value) for name in HOSTS for one in self.inherited(block, name))

    def release(self) -> None:
        """Take the tree apart: blocks and statements name each other, so their memory would wait for the collector."""
        for block in (self.root, *self.blocks):
            block.settings, block.blocks, block.parent = [], (), None
            block.opening = block.closing = None

    def effective(self, block: Block, name: str, default: str) -> str:
        """The value that a block most likely ends up with: its own, else the most specific that it inherits."""
        own = block.all(name)
        if own:
            return bare(own[-1].word(0)).lower()
        found = sorted(self.inherited(block, name), key=lambda one: _specific(one.block))
        return bare(found[-1].word(0)).lower() if found else default


def _specific(block: Block) -> tuple[int, int]:
    """How near a block is to what it is about: VirtualMTA before pool before global, longer patterns before `*`."""
    parent = block.parent.tag if block.parent else ""
    level = {"virtual-mta": 2, "virtual-mta-pool": 1}.get(parent, 0)
    found = network(block.argument)
    return level, found.prefixlen if found is not None else len(block.argument.removeprefix("*").lstrip("[*.]"))


def signs_of_a_whole(config: Config) -> tuple[str, ...]:
    """By what a text is taken for a whole config rather than for a stanza out of one; nothing where it is not.

    A config without log-file or <spool> does not start, so one of them has to be there.
    """
    names = {*config.root.named} | {block.tag for block in config.root.blocks}
    found = [name for name in _OF_A_WHOLE if name in names]
    return tuple(found) if len(found) >= SIGNS and ("log-file" in found or "spool" in found) else ()


def looks_whole(config: Config) -> bool:
    return bool(signs_of_a_whole(config))
