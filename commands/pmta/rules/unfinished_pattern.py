r"""A /pattern/ lacks its closing slash.

Patterns stand between two slashes; a slash inside is written \/ and a # inside is written \x23, because #
begins a comment anywhere on a line.

Bad:
    <smtp-pattern-list blocks>
        reply /too many connections mode=backoff
    </smtp-pattern-list>

Good:
    <smtp-pattern-list blocks>
        reply /too many connections/ mode=backoff
    </smtp-pattern-list>

Source: PowerMTA 5.0 User's Guide, 3.2 and 3.3.15
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import is_pattern

CODE = "PMTA106"
NAME = "unfinished-pattern"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "hash": Saying("The pattern ends at the #, which begins a comment.", "Write # as \\x23."),
    "slash": Saying("The pattern has no closing /.", "Add the closing /."),
}

MOST = 2000
"""Characters of a line that is looked at."""
_NEEDS_PATTERN = frozenset({"/regex/", "reply", "rcpt-to", "header"})


def check(config: Config) -> Problems:
    for one in config.named(*sorted(_NEEDS_PATTERN)):
        if kind_of(one):
            continue
        for word in one.words[:2]:
            if word.text.startswith("/") and not (is_pattern(word.text) and len(word.text) > 1):
                hash_cut = one.comment_at >= 0 and "/" in config.text[one.comment_at : one.end]
                severity = WARNING if not hash_cut and _goes_on(config, one) else ""
                yield at_value(one, "hash" if hash_cut else "slash", severity=severity)
                break


def _goes_on(config: Config, one: Statement) -> bool:
    """Whether the next line ends it: nobody knows PowerMTA to refuse a wrapped pattern, whatever else stands there."""
    following = config.text[one.end : one.end + MOST].lstrip().partition("\n")[0]
    first = following.split(None, 1)[:1]
    return bool(first) and "/" in following and first[0][0] not in "/<#" and first[0].lower() not in DIRECTIVES
