"""A setting is written with = or : behind its name.

A setting is its name, blanks, and its value. The sign would become a part of the name or of the value.

Bad:
    max-smtp-out = 20

Good:
    max-smtp-out 20

Source: PowerMTA 5.0 User's Guide, 3.1
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign

CODE = "PMTA117"
NAME = "assignment"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "sign": Saying('There is no "{sign}" between a name and its value.', "NAME VALUE"),
    "form": Saying("This is not the form of a PowerMTA setting.", "NAME VALUE, with blanks between them."),
}

_SIGN = re.compile(r"\s*[=:]\s*")


def check(config: Config) -> Problems:
    for one in foreign(config, "assignment"):
        sign = _SIGN.search(config.text, one.at, one.stop)
        known = sign and config.text[one.at : sign.start()].lower() in DIRECTIVES
        if sign and known:
            edits = (Edit(sign.start(), sign.end(), " "),)
            yield at_name(one, "sign", sign=Own(sign[0].strip()), edits=edits)
        elif sign:
            yield at_name(one, "form")
