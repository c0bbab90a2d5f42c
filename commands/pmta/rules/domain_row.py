"""Several <domain> tags stand in one line, for one set of settings.

Each <domain> is a stanza of its own and needs its own </domain>. Domains that share settings are named with
domain-macro.

Bad:
    <domain hotmail.com> <domain live.com>
        max-smtp-out 10
    </domain>

Good:
    domain-macro microsoft hotmail.com,live.com
    <domain $microsoft>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.1 and 3.3.1.43.4
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.rows import rows_of_domains

CODE = "PMTA230"
NAME = "row-of-domains"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{count} <domain> tags stand in one line.", "domain-macro NAME {domains}, and <domain $NAME>")


def check(config: Config) -> Problems:
    for row in rows_of_domains(config):
        yield at_name(row[0], count=len(row), domains=",".join(one.value for one in row))
