"""Something that may be given once is given twice.

A source has one pattern-list, an accounting file one records line, and PowerMTA one pickup directory and one
vault.

Bad:
    <source 10.0.0.0/8>
        pattern-list news
        pattern-list receipts
    </source>

Good:
    <source 10.0.0.0/8>
        pattern-list news
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.39, 3.3.11.11, 3.3.1.44.1 and 3.3.23
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement

CODE = "PMTA323"
NAME = "only-one"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "setting": Saying("{name} may be given once; line {line} has it already.", "Keep one of them."),
    "vault": Saying("There may be one <vault>; line {line} opens it.", "Keep one of them."),
}

_ONCE = (("pattern-list", "source"), ("records", "acct-file"), ("pickup", "global"))


def check(config: Config) -> Problems:
    for name, scope in _ONCE:
        seen: dict[int, Statement] = {}
        for one in config.placed(name, scope):
            first = seen.setdefault(id(one.block), one)
            if first is not one:
                yield at_name(one, "setting", name=name, line=first.line)
    vaults = [block.opening for block in config.tagged("vault") if block.opening]
    for opening in vaults[1:]:
        yield at_name(opening, "vault", line=vaults[0].line)
