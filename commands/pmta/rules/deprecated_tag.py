"""A tag is deprecated.

PowerMTA still reads the old name, and the guide asks to use the new one.

Bad:
    <sparkpost-analytics>
        api-key 0123456789abcdef0123456789abcdef01234567
    </sparkpost-analytics>

Good:
    <signals>
        api-key 0123456789abcdef0123456789abcdef01234567
    </signals>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 10.1.4
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement

CODE = "PMTA607"
NAME = "deprecated-tag"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("<sparkpost-analytics> is the old name of <signals>.", "<signals>")


def check(config: Config) -> Problems:
    for block in config.tagged("sparkpost-analytics"):
        tags = [one for one in (block.opening, block.closing) if one]
        edits = tuple(edit for one in tags for edit in _renamed(config.text, one))
        if block.opening:
            yield at_name(block.opening, edits=edits)


def _renamed(text: str, one: Statement) -> tuple[Edit, ...]:
    start = text.lower().find(one.key, one.at, one.stop)
    return (Edit(start, start + len(one.key), "signals"),) if start >= 0 else ()
