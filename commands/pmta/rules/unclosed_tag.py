"""A stanza is opened and never closed.

Everything below it would fall into the stanza, or PowerMTA stops at the next tag that may not stand there.
The finding is at the opening tag, because that is where the stanza begins that lacks its end.

Bad:
    <source 10.0.0.0/8>
        always-allow-relaying yes

Good:
    <source 10.0.0.0/8>
        always-allow-relaying yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.rows import rows_of_domains

CODE = "PMTA101"
NAME = "unclosed-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{tag|This tag} is never closed.", "Write {closing|its closing tag} where the stanza ends.")


def check(config: Config) -> Problems:
    rows = [one for row in rows_of_domains(config) for one in row] if config.tree.faults else []
    for fault in config.tree.faults:
        if fault.kind == "unclosed" and fault.at not in rows:
            yield at_name(
                fault.at,
                tag=f"<{fault.at.name}>",
                closing=f"</{fault.at.key}>",
            )
