"""map-header-to-field is used with tq records.

Records about a whole queue belong to no message, so they have no headers.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        map-header-to-field tq header_Campaign campaign
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        map-header-to-field d header_Campaign campaign
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.10
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA224"
NAME = "header-map-type"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("tq records have no headers.", "d, b, t, r, f, rb or rs")


def check(config: Config) -> Problems:
    for one in config.named("map-header-to-field"):
        if one.word(0).lower() in ("tq", "transient-queue"):
            yield at_word(one, 0)
