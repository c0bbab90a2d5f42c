r"""A pattern-list is defined below the source that names it.

The guide asks for the list above the <source>. Configs in use break this, so PowerMTA may be lenient: put it
above and be sure.

Bad:
    <source 10.0.0.0/8>
        pattern-list senders
    </source>
    <pattern-list senders>
        mail-from /@news\.example\.com$/ virtual-mta=mta1
    </pattern-list>

Good:
    <pattern-list senders>
        mail-from /@news\.example\.com$/ virtual-mta=mta1
    </pattern-list>
    <source 10.0.0.0/8>
        pattern-list senders
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.39
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.references import defined, references
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA705"
NAME = "late-pattern-list"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("The list is defined below, in line {line}.", "Move the list above this source.")


def check(config: Config) -> Problems:
    lists = defined(config)["pattern-list"]
    for found in references(config):
        opening = lists.get(found.name.lower()) if found.kind == "pattern-list" else None
        if opening and opening.start > found.at.start:
            yield at_value(found.at, line=opening.line)
