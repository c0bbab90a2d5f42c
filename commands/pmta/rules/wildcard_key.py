"""A domain-key for * stands above others, which are never used then.

The first key whose domain matches is taken, and * matches every domain.

Bad:
    domain-key s1,*,/etc/pmta/all.pem
    domain-key s1,example.com,/etc/pmta/example.pem

Good:
    domain-key s1,example.com,/etc/pmta/example.pem
    domain-key s1,*,/etc/pmta/all.pem

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.1
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import in_braces
from commands.pmta.language.lists import parts
from commands.pmta.language.tree import Statement

CODE = "PMTA328"
NAME = "wildcard-key-first"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Never used: the key for * in line {line} comes first.", "Move the * to the end.")


def check(config: Config) -> Problems:
    for block in (config.root, *config.tagged("virtual-mta", "virtual-mta-pool", "domain-key-list")):
        wildcard: Statement | None = None
        for one in block.all("domain-key"):
            fields = parts(one.value)
            if len(fields) == 3 and in_braces(config, one):
                continue  # of another VirtualMTA than those beside it, as was meant
            if wildcard and len(fields) == 3:
                yield at_value(one, line=wildcard.line)
            if len(fields) == 3 and fields[1] == "*" and not wildcard:
                wildcard = one
