"""user-string is never written, because no record-fields names userString.

The text goes into the field userString, and that field is written only where record-fields names it.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        user-string node-3
        record-fields d timeLogged,rcpt
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        user-string node-3
        record-fields d timeLogged,rcpt,userString
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.8
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA315"
NAME = "user-string-unseen"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Never written: no record-fields here names userString.", "Add userString to record-fields.")


def check(config: Config) -> Problems:
    for one in config.placed("user-string", "acct-file"):
        fields = " ".join(line.value for line in one.block.all("record-fields")).lower()
        if fields and "userstring" not in fields and "*" not in fields:
            yield at_name(one)
