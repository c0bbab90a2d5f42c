"""Mail is tried again too soon.

A receiver that defers a message (greylisting, limits) wants to be asked later. Retries within less than a
minute look like abuse; RFC 5321 asks for 30 minutes, and 10 minutes is PowerMTA's default.

Bad:
    <domain *>
        retry-after 10s
    </domain>

Good:
    <domain *>
        retry-after 10m,30m,1h
    </domain>

Source: RFC 5321, section 4.5.4.1; PowerMTA 5.0 User's Guide, 3.3.10.39
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import in_words, seconds
from commands.pmta.language.words import bare

CODE = "PMTA506"
NAME = "hasty-retry"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("The first retry comes after {time}.", "10m or more")


def check(config: Config) -> Problems:
    for one in config.placed("retry-after", "domain"):
        found = seconds(bare(one.value.partition(",")[0].strip()))
        if found is not None and found < 60 and config.effective(one.block, "type", "smtp") == "smtp":
            yield at_value(one, time=Own(in_words(found)))
