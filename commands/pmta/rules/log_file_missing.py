"""There is no log-file.

PowerMTA does not start without one: "No logging file specified".

Bad:
    # whole file
    postmaster postmaster@example.com
    <spool /var/spool/pmta>
    </spool>

Good:
    # whole file
    postmaster postmaster@example.com
    log-file /var/log/pmta/log
    <spool /var/spool/pmta>
    </spool>

Source: PowerMTA 5.0 User's Guide, 3.3.1.47.2 and 4.2.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA709"
NAME = "log-file-missing"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("No log-file is set in this config.", "log-file /var/log/pmta/log")


def check(config: Config) -> Problems:
    if not config.partial and config.directives and not config.has("log-file"):
        yield at_name(config.directives[0])
