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
SAYS = Saying("The pattern is broken over {count} lines.", "{line}")


def check(config: Config) -> Problems:
    owner: Statement | None = None
    count = 1
    for one in config.tree.statements:
        if one.kind == "more" and owner and owner.key != "domain-macro":
            count += 1
        elif one.kind != "trivia":
            yield from _said(owner, count)
            owner, count = one if one.kind == DIRECTIVE else None, 1
    yield from _said(owner, count)


def _said(owner: Statement | None, count: int) -> Problems:
    if owner and count > 1:
        yield at_name(owner, count=count, line=owner.value if owner.key == "/regex/" else f"{owner.name} {owner.value}")
