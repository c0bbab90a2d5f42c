"""An accounting file asks for a record type that does not exist.

The types are d, b, t, tq, r, f, rb and rs, or their long names. "all" is not one of them.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        records all
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        records d,b,t,tq,r,f,rb,rs
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.11
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import RECORDS

CODE = "PMTA213"
NAME = "record-types"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "all": Saying("{word|This} is not a record type.", "those that you want of {records} (t and tq are many)"),
    "some": Saying("{word|This} is not a record type.", "some of {records}"),
}

_KNOWN = frozenset(RECORDS) | frozenset(RECORDS.values())


def check(config: Config) -> Problems:
    for one in config.placed("records", "acct-file"):
        wrong = [name for name in re.split(r"[\s,]+", one.value.strip('" ,')) if name and name.lower() not in _KNOWN]
        if wrong:
            which = "all" if wrong[0].lower() in ("all", "*") else "some"
            yield at_value(one, which, word=f'"{wrong[0]}"', records=Own(",".join(RECORDS)))
