"""A VirtualMTA is in two pools that both hold <domain> stanzas.

A VirtualMTA inherits the <domain> stanzas of its pool, and cannot inherit from two.

Bad:
    <virtual-mta-pool bulk>
        virtual-mta mta1
        <domain gmail.com>
            max-smtp-out 10
        </domain>
    </virtual-mta-pool>
    <virtual-mta-pool news>
        virtual-mta mta1
        <domain gmail.com>
            max-smtp-out 20
        </domain>
    </virtual-mta-pool>

Good:
    <virtual-mta-pool bulk>
        virtual-mta mta1
        <domain gmail.com>
            max-smtp-out 10
        </domain>
    </virtual-mta-pool>
    <virtual-mta-pool news>
        virtual-mta mta2
        <domain gmail.com>
            max-smtp-out 20
        </domain>
    </virtual-mta-pool>

Source: PowerMTA 5.0 User's Guide, 3.3.13.2
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA707"
NAME = "two-pools"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying(
    "{name|This VirtualMTA} is in the pool {pool|above} (line {line}) too, and both hold <domain>.",
    "Keep it in one of them.",
)


def check(config: Config) -> Problems:
    seen: dict[str, Statement] = {}
    for pool in config.tagged("virtual-mta-pool"):
        if not any(block.tag == "domain" for block in pool.blocks):
            continue
        for one in pool.all("virtual-mta"):
            name = bare(one.word(0))
            first = seen.setdefault(name, one)
            if name and first.block is not pool:
                yield at_value(one, name=name, pool=first.block.argument, line=first.line)
