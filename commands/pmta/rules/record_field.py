"""record-fields names a record type that the file does not write, or one that does not exist.

record-fields takes a record type and then the fields for it. Where the file does not write records of that
type, the line does nothing.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        records b
        record-fields delivery timeLogged,rcpt
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        records d,b
        record-fields delivery timeLogged,rcpt
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.12
"""

import re

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import RECORDS

CODE = "PMTA223"
NAME = "record-field"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("This file does not write {record} records.", "records {records}")

_SHORT = {long: short for short, long in RECORDS.items()} | {short: short for short in RECORDS}


def check(config: Config) -> Problems:
    for one in config.placed("record-fields", "acct-file"):
        written = ",".join(line.value.strip('" ') for line in one.block.all("records")) or "d,b"
        kinds = {_SHORT.get(name.lower(), name.lower()) for name in re.split(r"[\s,]+", written.strip('" ,'))}
        kind = _SHORT.get(one.word(0).lower(), "")
        if kind and kind not in kinds and kinds <= set(RECORDS):
            yield at_word(one, 0, record=Own(one.word(0)), records=Own(",".join([*kinds, kind])))
