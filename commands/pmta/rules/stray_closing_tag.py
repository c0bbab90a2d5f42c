"""A closing tag closes nothing.

Either its opening tag is missing, so the settings above it stand at the top level, or it was left behind when
a stanza was removed.

Bad:
    <domain gmail.com>
        max-smtp-out 10
    </domain>
    </virtual-mta>

Good:
    <virtual-mta mta1>
        <domain gmail.com>
            max-smtp-out 10
        </domain>
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA102"
NAME = "stray-closing-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying(
    "{tag|This tag} closes nothing: no {opening|such tag} is open here.",
    "Remove it, or write the opening tag where the stanza begins.",
)


def check(config: Config) -> Problems:
    for fault in config.tree.faults:
        if fault.kind == "stray":
            severity = NOTICE if config.fragment and fault.at.block is config.root and not config.root.blocks else ""
            yield at_name(
                fault.at,
                tag=f"</{fault.at.name}>",
                opening=f"<{fault.at.name}>",
                severity=severity,
            )
