"""A pattern never matches, because one above takes everything or is the same.

In these lists the first pattern that matches decides.

Bad:
    <bounce-category-patterns>
        /.*/ other
        /mailbox full/ quota-issues
    </bounce-category-patterns>

Good:
    <bounce-category-patterns>
        /mailbox full/ quota-issues
        /.*/ other
    </bounce-category-patterns>

Source: PowerMTA 5.0 User's Guide, 3.3.14, 3.3.15 and (2019 ed.) 10.8
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import is_pattern

CODE = "PMTA318"
NAME = "dead-pattern"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "same": Saying("Never reached: the pattern in line {line} is the same.", "Remove one of them."),
    "all": Saying("Never reached: the pattern in line {line} matches everything.", "Remove one of them."),
}

_CATCHES_ALL = frozenset({"//", "/.*/", "/./", "/^/", "/^.*/", "/.*$/", "/^.*$/"})


def check(config: Config) -> Problems:
    for tag, name in (("bounce-category-patterns", "/regex/"), ("smtp-pattern-list", "reply")):
        for block in config.tagged(tag):
            yield from _dead(block.all(name))


def _dead(lines: list[Statement]) -> Problems:
    seen: dict[str, Statement] = {}
    for one in lines:
        pattern = one.word(0)
        if not is_pattern(pattern):
            continue
        above = seen.get("*") or seen.get(pattern)
        if above is not None:
            yield at_word(one, 0, "same" if above.word(0) == pattern else "all", line=above.line)
        seen.setdefault("*" if pattern in _CATCHES_ALL else pattern, one)
