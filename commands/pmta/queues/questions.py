"""What somebody asks about: `gmail.com/mta1`, `gmail.com`, `mta1`."""

from typing import NamedTuple

from commands.contract import UserError
from commands.pmta.language.names import like
from commands.pmta.language.settings import Catalogue
from commands.pmta.queues.model import Stanzas
from commands.secrets.masking import masked

ANY = "*"
LONGEST = 300
"""Characters of a queue."""
USAGE = "Write DOMAIN/VIRTUALMTA, DOMAIN or VIRTUALMTA: portero pmta show gmail.com/mta1 /etc/pmta/config"


class Queue(NamedTuple):
    """`mta` is a VirtualMTA or pool, "" for the settings outside them; `domain` is `*` for any without a stanza."""

    domain: str
    mta: str

    def __str__(self) -> str:
        return f"{self.domain}/{self.mta}" if self.mta else self.domain


def asked(words: str, stanzas: Stanzas) -> Queue:
    """The queue that is meant. Raises UserError for a VirtualMTA that is not there."""
    domain, slash, mta = _split(words.strip().lower())
    domain = domain.rstrip(".")
    if not domain or (slash and not mta) or "/" in mta or len(words) > LONGEST:
        raise UserError("That is no queue.", USAGE)
    if slash:
        return Queue(domain, _known(mta, stanzas))
    if domain in stanzas.mtas or domain in stanzas.pools:
        return Queue(ANY, domain)
    if "." not in domain and domain[0] != "[" and domain != ANY and not _is_named(domain, stanzas):
        raise _unknown(domain, stanzas)
    return Queue(domain, "")


def _split(words: str) -> tuple[str, str, str]:
    """A domain literal may hold the slash of a network."""
    literal, bracket, rest = words.partition("]")
    if words.startswith("[") and bracket and rest[:1] in ("", "/"):
        return f"{literal}]", rest[:1], rest[1:]
    return words.partition("/")


def _known(mta: str, stanzas: Stanzas) -> str:
    if mta not in stanzas.mtas and mta not in stanzas.pools:
        raise _unknown(mta, stanzas)
    return mta


def _is_named(domain: str, stanzas: Stanzas) -> bool:
    return any(domain in stanzas.patterns(block) for block in stanzas.config.tagged("domain"))


def _unknown(mta: str, stanzas: Stanzas) -> UserError:
    names = (*stanzas.mtas, *stanzas.pools)
    near = like(mta, names)
    some = ", ".join(masked(name, Catalogue()) for name in names[:5]) + (" ..." if len(names) > 5 else "")
    hint = (
        f"Did you mean {masked(near, Catalogue())}?"
        if near
        else f"There are: {some}"
        if names
        else "There is none in these files."
    )
    return UserError("There is no VirtualMTA and no pool of that name.", hint)
