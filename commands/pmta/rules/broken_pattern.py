r"""A /pattern/ is not a valid regular expression.

PowerMTA reads patterns with PCRE. What Python cannot compile after PCRE's own forms have been translated has
nearly always an unbalanced bracket or a repetition of nothing, and then matches nothing.

Bad:
    <bounce-category-patterns>
        /user (unknown/ bad-mailbox
    </bounce-category-patterns>

Good:
    <bounce-category-patterns>
        /user \(?unknown/ bad-mailbox
    </bounce-category-patterns>

Source: PowerMTA 5.0 User's Guide, 3.2 (PCRE)
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.patterns import regex_problem
from commands.pmta.language.words import PATTERN_DIRECTIVES, is_pattern

CODE = "PMTA108"
NAME = "broken-pattern"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("The pattern does not compile: {why|it is no valid regular expression}.")


def check(config: Config) -> Problems:
    for one in config.named(*sorted(PATTERN_DIRECTIVES)):
        for index, word in enumerate(one.words[:2]):
            if len(word.text) > 1 and is_pattern(word.text) and (why := regex_problem(word.text[1:-1])):
                yield at_word(one, index, why=why)
