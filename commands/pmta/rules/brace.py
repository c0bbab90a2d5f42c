"""A stanza is written with braces.

PowerMTA groups settings with tags: <name argument> ... </name>. Blocks in braces come from other servers, and
from pages that were written by machines.

Bad:
    smtp-listener 0/0:25 {
        tls-allow-tlsv1 no
    }

Good:
    <smtp-listener 0/0:25>
        tls-allow-tlsv1 no
    </smtp-listener>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign

CODE = "PMTA116"
NAME = "brace"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("PowerMTA does not know blocks in braces.", "<name argument> and </name> on their own lines")


def check(config: Config) -> Problems:
    for one in foreign(config, "brace"):
        yield at_name(one)
