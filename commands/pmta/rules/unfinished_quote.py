"""A double quote has no partner on its line.

A value with blanks stands between two double quotes. With one of them missing, it is not clear where the
value ends, and a comment behind it may become a part of it.

Bad:
    custom-dsn-from-header "Postmaster <postmaster@example.com>

Good:
    custom-dsn-from-header "Postmaster <postmaster@example.com>"

Source: PowerMTA 5.0 User's Guide, 3.3.1.25 (quoted values)
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import in_braces, kind_of
from commands.pmta.language.words import PATTERN_DIRECTIVES

CODE = "PMTA105"
NAME = "unfinished-quote"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("A double quote is opened and not closed on this line.", 'Add the closing ".')


def check(config: Config) -> Problems:
    for one in config.directives if '"' in config.text else ():
        if '"' in one.value and one.key not in PATTERN_DIRECTIVES and one.value.replace('\\"', "").count('"') % 2:
            if in_braces(config, one) or kind_of(one):
                continue
            yield at_value(one)
