"""The first retry comes hours after the first attempt.

Greylisting wants the message again after some minutes, and most deferrals are over within the hour. Whoever waits
for many hours delivers late, and a retry that comes after bounce-after never comes at all.

Bad:
    <domain *>
        retry-after 10h
    </domain>

Good:
    <domain *>
        retry-after 10m,30m,1h,4h
    </domain>

Source: RFC 5321, section 4.5.4.1; RFC 6647, section 2.1; PowerMTA 5.0 User's Guide, 3.3.10.39
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import in_words, seconds
from commands.pmta.language.words import bare

CODE = "PMTA521"
NAME = "late-first-retry"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("The first retry comes after {time}.", "10m is the default")

LATEST = 4 * 3600
"""Seconds."""


def check(config: Config) -> Problems:
    for one in config.placed("retry-after", "domain"):
        found = seconds(bare(one.value.partition(",")[0].strip()))
        if found is not None and found > LATEST and config.effective(one.block, "type", "smtp") == "smtp":
            yield at_value(one, time=Own(in_words(found)))
