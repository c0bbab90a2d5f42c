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

from commands.pmta.config import Config
from commands.pmta.foreign import foreign
from commands.pmta.model import DOCUMENTED, ERROR
from commands.pmta.rule import Problems, at_name
from commands.pmta.sentence import Saying

CODE = "PMTA111"
NAME = "html-comment"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("<!-- --> is not a comment for PowerMTA.", "Begin each comment line with #.")


def check(config: Config) -> Problems:
    for one in foreign(config, "html-comment"):
        yield at_name(one)
