"""In backoff mode the next attempt comes after the mail has bounced.

backoff-retry-after is the time to the next attempt while a queue backs off. Where it is longer than bounce-after no
attempt is made any more: one pattern that matches turns into bounces.

Bad:
    <domain *>
        backoff-retry-after 30d
        bounce-after 4d
    </domain>

Good:
    <domain *>
        backoff-retry-after 1h
        bounce-after 4d
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.11 and 3.3.10.40
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import in_words, seconds
from commands.pmta.language.words import bare

CODE = "PMTA522"
NAME = "backoff-outlives-mail"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying(
    "A queue in backoff mode waits {time}, and mail bounces after {end}: it is not tried again.", "1h is the default"
)

_DEFAULT = "4d12h"


def check(config: Config) -> Problems:
    ends = [seconds(bare(one.value)) or 0 for one in config.placed("bounce-after", "domain")]
    earliest = min(ends, default=seconds(_DEFAULT) or 0)
    for one in config.placed("backoff-retry-after", "domain"):
        wait = seconds(bare(one.value.partition(",")[0].strip()))
        if wait is None or wait < min(earliest, seconds(_DEFAULT) or 0):
            continue
        end = seconds(config.effective(one.block, "bounce-after", _DEFAULT))
        if end is not None and wait >= end > 0:
            yield at_value(one, time=Own(in_words(wait)), end=Own(in_words(end)))
