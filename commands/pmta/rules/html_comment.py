"""A comment is written as in HTML.

PowerMTA knows one kind of comment: # to the end of the line.

Bad:
    <!-- warm-up -->
    postmaster abuse@example.com

Good:
    # warm-up
    postmaster abuse@example.com

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign

CODE = "PMTA111"
NAME = "html-comment"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("<!-- --> is not a comment for PowerMTA.", "Begin each comment line with #.")


def check(config: Config) -> Problems:
    for one in foreign(config, "html-comment"):
        yield at_name(one)
