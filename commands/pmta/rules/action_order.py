"""A timed action has nothing to end.

reenable-after needs disable-source-ip in front of it, and backoff-to-normal-after needs mode=backoff in front
of it.

Bad:
    <smtp-pattern-list blocks>
        reply /blocked/ reenable-after=1h
    </smtp-pattern-list>

Good:
    <smtp-pattern-list blocks>
        reply /blocked/ disable-source-ip,reenable-after=1h
    </smtp-pattern-list>

Source: PowerMTA 5.0 User's Guide, 3.3.15
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import actions

CODE = "PMTA325"
NAME = "action-order"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("{name} needs {first} in front of it.", "{first},{name}={value}")

_NEEDS = {"reenable-after": ("disable-source-ip", ""), "backoff-to-normal-after": ("mode", "backoff")}


def check(config: Config) -> Problems:
    for one in config.placed("reply", "smtp-pattern-list"):
        if "-after" not in one.value:
            continue
        seen: list[tuple[str, str]] = []
        for name, value in actions(" ".join(word.text for word in one.words[1:])):
            needed = _NEEDS.get(name)
            if needed and needed not in seen:
                first = needed[0] + (f"={needed[1]}" if needed[1] else "")
                yield at_word(one, 1, name=Own(name), first=Own(first), value=value)
            seen.append((name, value.lower()))
