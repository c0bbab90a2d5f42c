"""A tag lacks an angle bracket.

Without its brackets a line is not a tag, and the stanza has no beginning or no end.

Bad:
    <domain gmail.com
        max-smtp-out 10
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from itertools import chain

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign

CODE = "PMTA104"
NAME = "unfinished-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "end": Saying('The ">" of the tag is missing.'),
    "beginning": Saying('The "<" in front of {name|this tag} is missing.'),
}


def check(config: Config) -> Problems:
    for one in chain(config.openings, config.closings):
        if config.text[one.start + one.tail - 1] != ">":
            yield at_name(one, "end", edits=(Edit(one.stop, one.stop, ">"),))
    for one in foreign(config, "no-bracket"):
        yield at_name(one, "beginning", name=one.name, edits=(Edit(one.at, one.at, "<"),))
