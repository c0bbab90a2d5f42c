"""A queue-filter only excludes, so it matches nothing.

The filter begins with nothing. A list in which every entry has a ! lets no queue in, and the file stays
empty.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        queue-filter !gmail.com
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        queue-filter !gmail.com,*
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.5
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts

CODE = "PMTA319"
NAME = "negated-filter"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Only exclusions: this matches no queue at all.", "{better}")


def check(config: Config) -> Problems:
    for one in config.named("queue-filter"):
        found = [part for part in parts(one.value) if part]
        if found and all(part.startswith("!") for part in found):
            better = f"{one.value},*"
            yield at_value(one, better=better)
