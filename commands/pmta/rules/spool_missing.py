"""There is no spool.

PowerMTA keeps the mail that it has accepted in a spool directory; at least one is required.

Bad:
    # whole file
    postmaster postmaster@example.com
    log-file /var/log/pmta/log

Good:
    # whole file
    postmaster postmaster@example.com
    log-file /var/log/pmta/log
    <spool /var/spool/pmta>
    </spool>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 3.3.2
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA710"
NAME = "spool-missing"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("No <spool> is set in this config.", "<spool DIRECTORY>")


def check(config: Config) -> Problems:
    if not config.partial and config.directives and not config.has("spool") and not any(config.tagged("spool")):
        yield at_name(config.directives[0])
