"""move-interval is ignored, because no move-to says where the files go.

Accounting files are moved only where move-to names a directory. Without it the interval does nothing, and the
files pile up where they are written until delete-after takes them.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        move-interval 5m
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        move-to /var/log/pmta/done
        move-interval 5m
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.3
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA301"
NAME = "move-interval-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because this file has no move-to.", "move-to DIRECTORY, or remove the line")


def check(config: Config) -> Problems:
    for one in config.placed("move-interval", "acct-file"):
        if not one.block.has("move-to"):
            yield at_name(one)
