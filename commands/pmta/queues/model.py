"""The stanzas of a config by what they are about: VirtualMTAs, pools, and the <domain> stanzas in them and outside."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from commands.pmta.language.catalogue import GLOBAL
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Block
from commands.pmta.language.words import bare
from commands.pmta.queues.patterns import Fit, Macros, fit

MTA, POOL, DOMAIN = "virtual-mta", "virtual-mta-pool", "domain"
LEVELS = {GLOBAL: 0, POOL: 1, MTA: 2}
"""How near a <domain> is to a queue: one in the VirtualMTA inherits from one in its pool, that from those outside."""


class Covering(NamedTuple):
    """A <domain> stanza that covers a domain."""

    level: int
    fit: Fit
    block: Block


class Stanzas:
    """What questions about queues need of a config."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.macros = Macros(config)
        self.mtas = _named(config, MTA)
        self.pools = _named(config, POOL)
        self.members: dict[str, list[str]] = {
            name: [bare(one.word(0)).lower() for block in blocks for one in block.all(MTA)]
            for name, blocks in self.pools.items()
        }
        self._pools_of: dict[str, list[str]] = defaultdict(list)
        for pool, names in self.members.items():
            for name in dict.fromkeys(names):
                self._pools_of[name].append(pool)
        self._patterns: dict[int, tuple[str, ...]] = {}

    def pools_of(self, mta: str) -> Sequence[str]:
        return self._pools_of.get(mta, ())

    def holders(self, mta: str) -> list[Block]:
        """Where the <domain> stanzas of a VirtualMTA or pool may stand, the top level last; of "" there alone."""
        pools = [block for name in self.pools_of(mta) for block in self.pools[name]]
        return [*self.mtas.get(mta, ()), *self.pools.get(mta, ()), *pools, self.config.root]

    def covering(self, domain: str, mta: str) -> list[Covering]:
        """The <domain> stanzas that cover a domain for a VirtualMTA or pool."""
        return [
            Covering(LEVELS[holder.tag], found, block)
            for holder in self.holders(mta)
            for block in holder.blocks
            if block.tag == DOMAIN and (found := self._fit(block, domain))
        ]

    def _fit(self, block: Block, domain: str) -> Fit | None:
        written = "$" not in block.argument
        found = [one for pattern in self.patterns(block) if (one := fit(pattern, domain, written=written))]
        return max(found, default=None)

    def patterns(self, block: Block) -> tuple[str, ...]:
        """Those of a <domain> stanza, its macros undone."""
        if id(block) not in self._patterns:
            self._patterns[id(block)] = self.macros.patterns(block.argument)
        return self._patterns[id(block)]


def _named(config: Config, tag: str) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in config.tagged(tag):
        if block.argument:
            found.setdefault(bare(block.argument).lower(), []).append(block)
    return found
