"""Mail is tried for longer than five days before it is given up.

RFC 5321 asks for four to five days. What could not be delivered by then will hardly be, its sender learns of it late,
and every attempt is seen by a receiver that refuses.

Bad:
    <domain *>
        bounce-after 14d
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
from commands.pmta.language.quantities import in_words, seconds
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA523"
NAME = "late-bounce"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "tried": Saying(
        "Mail is given up after {time}: about {count} attempts, the last ones {step} apart.", "4d12h is the default"
    ),
    "untried": Saying("Mail is given up after {time}, and tried again after {step} only.", "4d12h is the default"),
}

LONGEST = 5 * 86400
"""Seconds."""


def check(config: Config) -> Problems:
    for one in config.placed("bounce-after", "domain"):
        end = seconds(bare(one.value))
        if end is None or end <= LONGEST or config.effective(one.block, "type", "smtp") != "smtp":
            continue
        steps = _steps(config, one)
        count = attempts(steps, end)
        which = "tried" if count > 1 else "untried"
        yield at_value(one, which, time=Own(in_words(end)), count=Own(f"{count:,}"), step=Own(in_words(steps[-1])))


def _steps(config: Config, one: Statement) -> list[int]:
    """Seconds from each attempt to the next; the last repeats."""
    given = [*config.inherited(one.block, "retry-after")]
    text = bare(given[-1].value) if given else "10m"
    return [seconds(bare(part.strip())) or 600 for part in text.split(",")]


def attempts(steps: list[int], end: int) -> int:
    """How often a message is tried before `end`, the first time included."""
    first = steps[:-1]
    count = next((number for number in range(len(first)) if sum(first[: number + 1]) >= end), len(first))
    return count + 1 if count < len(first) else count + 1 + max(0, end - 1 - sum(first)) // steps[-1]
