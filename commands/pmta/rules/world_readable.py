"""Every user of the machine may read addresses and logs.

Accounting files hold every recipient's address, and the log can hold content. Give the one program that reads
them the right by its group.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        world-readable yes
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        world-readable no
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.13 and 3.3.1.47.4
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA407"
NAME = "world-readable"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Every user of the machine may read this file.", "{name} no")


def check(config: Config) -> Problems:
    for one in config.named("world-readable", "log-file-world-readable"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, name=one.key)
