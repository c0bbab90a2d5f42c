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

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, ERROR, Edit
from commands.pmta.rule import Problems, at_name

CODE = "PMTA103"
NAME = "mismatched-closing-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    for fault in config.tree.faults:
        if fault.kind == "mismatched":
            yield at_name(
                fault.at,
                f"</{fault.at.name}> stands where <{fault.expected}> has to be closed.",
                f"</{fault.expected}>",
                edits=(Edit(fault.at.at, fault.at.stop, f"</{fault.expected}>"),),
            )
