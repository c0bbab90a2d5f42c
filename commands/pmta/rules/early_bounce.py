"""A message is given up within hours.

A receiver that is down or limits a sender needs time. RFC 5321 asks for four to five days; a few hours turn
an outage at the receiver into bounces. For mail that is worthless later (codes, alerts) a short time is
right.

Bad:
    <domain *>
        bounce-after 2h
    </domain>

Good:
    <domain *>
        bounce-after 4d12h
    </domain>

Source: RFC 5321, section 4.5.4.1; PowerMTA 5.0 User's Guide, 3.3.10.11
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import seconds
from commands.pmta.language.words import bare

CODE = "PMTA508"
NAME = "early-bounce"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Mail is given up after {time}.", "4d12h is the default")


def check(config: Config) -> Problems:
    for one in config.placed("bounce-after", "domain"):
        found = seconds(bare(one.value))
        retry = seconds(config.effective(one.block, "retry-after", "10m").split(",")[0].strip()) or 0
        if found is not None and retry < found < 6 * 3600 and config.effective(one.block, "type", "smtp") == "smtp":
            yield at_value(one, time=Own(one.value))
