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

from commands.pmta.catalogue import DIRECTIVES
from commands.pmta.config import Config
from commands.pmta.model import INFERRED, NOTICE
from commands.pmta.rule import Problems, at_name
from commands.pmta.tree import Statement

CODE = "PMTA330"
NAME = "wildcard-inside-and-domain-outside"
SEVERITY = NOTICE
BASIS = INFERRED


def check(config: Config) -> Problems:
    outside: dict[str, Statement] = {}
    for block in config.root.blocks:
        if block.tag == "domain" and block.argument != "*" and not block.argument.startswith("{"):
            for name, found in block.named.items():
                outside.setdefault(name, found[0])
    for block in config.tagged("virtual-mta") if outside else ():
        for inner in block.blocks:
            shared = [name for name in inner.named if name in outside and name in DIRECTIVES]
            if inner.tag == "domain" and inner.argument == "*" and shared and inner.opening:
                other = outside[shared[0]]
                place = other.block.opening.line if other.block.opening else other.line
                where = f"<domain {other.block.argument[:40]}> in line {place}"
                message = f"It is not documented whether this beats {where} for {shared[0]}."
                yield at_name(inner.opening, message, "pmta show settings DOMAIN/VMTA tells.")
                return
