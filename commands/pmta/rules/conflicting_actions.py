"""A reply has actions that exclude each other.

mode=backoff and mode=normal, skip-mx and bounce-queue, or the same action twice cannot both happen.

Bad:
    <smtp-pattern-list blocks>
        reply /blocked/ mode=backoff,mode=normal
    </smtp-pattern-list>

Good:
    <smtp-pattern-list blocks>
        reply /blocked/ mode=backoff
    </smtp-pattern-list>

Source: PowerMTA 5.0 User's Guide, 3.3.15
"""

from collections import Counter

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import actions

CODE = "PMTA324"
NAME = "conflicting-actions"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "twice": Saying("{name|An action} is given twice for one reply.", "Keep one of them."),
    "exclude": Saying("skip-mx and bounce-queue exclude each other.", "Keep one of them."),
}


def check(config: Config) -> Problems:
    for one in config.placed("reply", "smtp-pattern-list"):
        if len(one.words) < 3 and "," not in one.word(1):
            continue
        names = [name for name, _ in actions(" ".join(word.text for word in one.words[1:]))]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            yield at_word(one, 1, "twice", name=twice[0])
        elif {"skip-mx", "bounce-queue"} <= set(names):
            yield at_word(one, 1, "exclude")
