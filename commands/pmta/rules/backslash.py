r"""A line ends in a backslash.

Other programs join such a line with the next one. PowerMTA's guide knows no continued lines, and no config in
use does it.

Bad:
    retry-after 10m,20m, \
    1h

Good:
    retry-after 10m,20m,1h

Source: PowerMTA 5.0 User's Guide, 3.1 (one setting per line)
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problem, Problems
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA120"
NAME = "backslash-at-end"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("A backslash does not continue a line.", "Write it on one line.")


def check(config: Config) -> Problems:
    for one in config.directives if "\\" in config.text else ():
        if one.value.endswith(" \\") or one.value == "\\":
            yield Problem(one, one.stop - 1, one.stop)
