"""There is no postmaster.

The guide asks to set it always: it is who PowerMTA writes to and who is named in reports.

Bad:
    # whole file
    log-file /var/log/pmta/log
    <spool /var/spool/pmta>
    </spool>

Good:
    # whole file
    postmaster postmaster@example.com
    log-file /var/log/pmta/log
    <spool /var/spool/pmta>
    </spool>

Source: PowerMTA 5.0 User's Guide, 3.3.1.3; RFC 5321, section 4.5.1
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA514"
NAME = "postmaster-missing"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("No postmaster is set in this config.", "postmaster ADDRESS")


def check(config: Config) -> Problems:
    if config.partial or config.has("postmaster") or not config.directives:
        return
    yield at_name(config.directives[0])
