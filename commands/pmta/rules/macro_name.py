"""The name of a domain-macro holds other characters than letters, digits and underscores.

The name stands without $ where the macro is defined, and with $ where it is used.

Bad:
    domain-macro $google gmail.com,googlemail.com

Good:
    domain-macro google gmail.com,googlemail.com

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.4
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA216"
NAME = "macro-name"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{name|This} cannot name a macro.", "{better}")

_NAME = re.compile(r"\w+", re.ASCII)


def check(config: Config) -> Problems:
    for one in config.named("domain-macro"):
        name = one.word(0)
        if not name or _NAME.fullmatch(name):
            continue
        bare = name.lstrip("$")
        better = bare if _NAME.fullmatch(bare) else Own("letters, digits and underscores")
        edits = (
            (Edit(one.words[0].at, one.words[0].at + 1, ""),) if name[0] == "$" and _NAME.fullmatch(name[1:]) else ()
        )
        yield at_word(one, 0, name=name, better=better, edits=edits)
