"""delete-after is ignored, because the files are moved away.

delete-after applies only while move-to is not active: what happens to the files in the other directory is for
whoever collects them.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        move-to /var/log/pmta/done
        delete-after 8d
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        delete-after 8d
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.1
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA302"
NAME = "delete-after-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because move-to takes the files away.", "Remove the line.")


def check(config: Config) -> Problems:
    for one in config.placed("delete-after", "acct-file"):
        if one.block.has("move-to") and one.value.lower() != "never":
            yield at_name(one)
