"""A VirtualMTA has a <domain *>, and a global <domain> is more specific.

The most specific stanza wins for each setting, and a VirtualMTA's stanzas come before global ones. Which of
the two rules wins is not documented. Ask PowerMTA itself: pmta show settings DOMAIN/VMTA.

Bad:
    <domain gmail.com>
        max-smtp-out 5
    </domain>
    <virtual-mta mta1>
        <domain *>
            max-smtp-out 50
        </domain>
    </virtual-mta>

Good:
    <virtual-mta mta1>
        <domain gmail.com>
            max-smtp-out 5
        </domain>
        <domain *>
            max-smtp-out 50
        </domain>
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.10 and 3.3.13.2 (which leave it open)
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config
from commands.pmta.language.patterns import covers
from commands.pmta.language.tree import Block, Statement

CODE = "PMTA330"
NAME = "wildcard-inside-and-domain-outside"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying(
    "It is not documented whether this beats {stanza|the stanza} in line {line} for {name}.",
    "pmta show settings DOMAIN/VMTA tells.",
)

LOOKED_AT = 20


def check(config: Config) -> Problems:
    outside = _outside(config)
    for block in config.tagged("virtual-mta") if outside else ():
        for inner in block.blocks:
            other = _open_question(block, inner, outside) if inner.tag == "domain" and inner.argument == "*" else None
            if other and inner.opening:
                line = other.block.opening.line if other.block.opening else other.line
                stanza = f"<domain {other.block.argument}>"
                yield at_name(inner.opening, stanza=stanza, line=line, name=other.key)
                return


def _outside(config: Config) -> dict[str, list[Statement]]:
    """The settings of global <domain> stanzas other than `*`, by name; a few of each are enough to ask about."""
    outside: dict[str, list[Statement]] = {}
    for block in config.root.blocks:
        if block.tag == "domain" and block.argument != "*" and not block.argument.startswith("{"):
            for name, found in block.named.items():
                if name in DIRECTIVES and len(outside.setdefault(name, [])) < LOOKED_AT:
                    outside[name].append(found[0])
    return outside


def _open_question(mta: Block, inner: Block, outside: dict[str, list[Statement]]) -> Statement | None:
    """A global setting that the VirtualMTA has for `*` only: where it names the domain itself, that wins."""
    for name in inner.named:
        own = [one for one in mta.blocks if one.tag == "domain" and one is not inner and name in one.named]
        for other in outside.get(name, ()):
            if not any(covers(one.argument, other.block.argument) for one in own[:LOOKED_AT]):
                return other
    return None
