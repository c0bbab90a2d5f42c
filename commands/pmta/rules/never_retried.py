"""A message is given up before its first retry.

bounce-after ends before retry-after lets the message be tried a second time: every temporary failure becomes
a bounce.

Bad:
    <domain *>
        retry-after 1h
        bounce-after 30m
    </domain>

Good:
    <domain *>
        retry-after 1h
        bounce-after 4d12h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.11 and 3.3.10.39
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import seconds
from commands.pmta.language.words import bare

CODE = "PMTA507"
NAME = "never-retried"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("The first retry would come after {time} only: nothing is ever tried again.", "4d12h is the default")


def check(config: Config) -> Problems:
    for one in config.placed("bounce-after", "domain"):
        retry = config.effective(one.block, "retry-after", "10m").split(",")[0].strip()
        last, first = seconds(bare(one.value)), seconds(retry)
        if last is not None and first is not None and last <= first:
            yield at_value(
                one,
                time=Own(retry),
            )
