"""The listeners of a config: where each takes connections, and which <source> it uses.

Source: PowerMTA 5.0 User's Guide, 3.3.1.24: without any smtp-listener there is one on port 25 of every address.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from commands.pmta.language.config import Config
from commands.pmta.language.quantities import Network, listener
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

EVERYWHERE = IPv4Network("0.0.0.0/0")
SMTP = 25
_ANY = IPv4Network("0.0.0.0/32")

Place = tuple[Network, int]


def place(written: str) -> Place | None:
    """A network and a port; `0.0.0.0:25` is every address, as `0/0:25` is."""
    found = listener(bare(written))
    return (EVERYWHERE, found[1]) if found and found[0] == _ANY else found


def listening(config: Config, tag: str = "smtp-listener") -> Iterator[tuple[Place, Statement]]:
    """Those that are written, in both of their notations; what is no place is left out."""
    said = [(one.word(0), one) for one in config.named(tag)]
    said += [(block.argument, block.opening) for block in config.tagged(tag) if block.opening]
    for written, one in said:
        if found := place(written):
            yield found, one


def sources_of_listeners(config: Config) -> dict[str, Statement]:
    """The named sources that listeners use which are not on the loopback address, each with the first of these."""
    found: dict[str, Statement] = {}
    for one in config.named("smtp-listener"):
        if one.word(1).lower().startswith("source="):
            found.setdefault(one.word(1)[7:].lower(), one)
    for one in config.placed("source", "smtp-listener"):
        if one.block.opening:
            found.setdefault(bare(one.word(0)).lower(), one.block.opening)
    return {name: one for name, one in found.items() if not _is_loopback(one)}


def _is_loopback(one: Statement) -> bool:
    found = place(one.value.split()[0]) if one.value else None
    return found is not None and found[0].is_loopback
