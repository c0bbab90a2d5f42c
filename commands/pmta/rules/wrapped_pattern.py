"""A /pattern/ is broken over two lines.

The guide knows no continued lines for patterns: a setting is one line. Terminals and chat wrap long lines,
and when such text is pasted back the pattern is in pieces.

Bad:
    <bounce-category-patterns>
        /mailbox is
        full/ quota-issues
    </bounce-category-patterns>

Good:
    <bounce-category-patterns>
        /mailbox is full/ quota-issues
    </bounce-category-patterns>

Source: PowerMTA 5.0 User's Guide, 3.1 (one setting per line); seen in public configs
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import DIRECTIVE, Statement

CODE = "PMTA107"
NAME = "wrapped-pattern"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("The pattern is broken over two lines.", "{line}")


def check(config: Config) -> Problems:
    owner: Statement | None = None
    for one in config.tree.statements:
        if one.kind == DIRECTIVE:
            owner = one
        elif one.kind == "more" and owner and owner.key != "domain-macro":
            yield at_name(owner, line=_joined(owner))


def _joined(one: Statement) -> str:
    return one.value if one.key == "/regex/" else f"{one.name} {one.value}"
