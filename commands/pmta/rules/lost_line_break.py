"""Two settings or tags share a line.

PowerMTA reads one setting from a line, and tags stand on lines of their own. Web pages often lose the line
breaks of the configs they show. The line breaks were put back where the names of the settings show where they
stood; "Show fixed" has the result.

Bad:
    <source 0/0> allow-starttls true require-starttls-before-auth true</source>

Good:
    <source 0/0>
        allow-starttls true
        require-starttls-before-auth true
    </source>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.rows import rows_of_domains
from commands.pmta.language.tree import OPEN, Statement

CODE = "PMTA115"
NAME = "lost-line-break"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("A line break is missing in front of this.", "Write each setting and each tag on its own line.")


def check(config: Config) -> Problems:
    if not config.tree.reflowed:
        return
    line = 0
    for one in config.tree.statements:
        if one.joined and one.line != line and not _is_one_line(config, one):
            line = one.line
            yield at_name(one)


def _is_one_line(config: Config, one: Statement) -> bool:
    """True for a list behind its pattern, which is documented, and for several domains, which have their rule."""
    if one.kind != OPEN or one.key not in ("pattern-list", "domain"):
        return False
    return one.key == "pattern-list" or any(one in row for row in rows_of_domains(config))
