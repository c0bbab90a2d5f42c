"""A comment begins with // or ; or /*.

PowerMTA knows one kind of comment: # to the end of the line.

Bad:
    // outgoing limits
    total-max-smtp-out 400

Good:
    # outgoing limits
    total-max-smtp-out 400

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign
from commands.pmta.language.tree import Statement

CODE = "PMTA119"
NAME = "other-comment"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{sign|This} does not begin a comment.", "#")

_SIGNS = frozenset({"//", "/*", "*/", ";", ";;"})


def check(config: Config) -> Problems:
    for one in foreign(config, "slash-comment", "semicolon-comment"):
        if one.scope != "bounce-category-patterns":
            sign = one.name[:2]
            yield at_name(one, sign=Own(sign) if sign in _SIGNS else sign, edits=_with_hash(one))


def _with_hash(one: Statement) -> tuple[Edit, ...]:
    sign = one.name if one.name in ("//", ";") else one.name[:1] if one.name[0] == ";" else ""
    return (Edit(one.at, one.at + len(sign), "#"),) if sign else ()
