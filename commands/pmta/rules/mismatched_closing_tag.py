"""A stanza is closed with the tag of another one.

A closing tag must repeat the name of the stanza that is open.

Bad:
    <source 10.0.0.0/8>
        always-allow-relaying yes
    </domain>

Good:
    <source 10.0.0.0/8>
        always-allow-relaying yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA103"
NAME = "mismatched-closing-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{tag|This tag} stands where {expected|another one} has to be closed.", "{closing}")


def check(config: Config) -> Problems:
    for fault in config.tree.faults:
        if fault.kind == "mismatched":
            yield at_name(
                fault.at,
                tag=f"</{fault.at.name}>",
                expected=f"<{fault.expected}>",
                closing=f"</{fault.expected}>",
                edits=(Edit(fault.at.at, fault.at.stop, f"</{fault.expected}>"),),
            )
