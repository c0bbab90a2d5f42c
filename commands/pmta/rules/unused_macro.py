"""A domain macro is defined and never used.

Often the name was mistyped where it was to be used, or the stanza that used it is gone.

Bad:
    # whole file
    domain-macro google gmail.com,googlemail.com
    <domain gmail.com>
        max-smtp-out 10
    </domain>

Good:
    # whole file
    domain-macro google gmail.com,googlemail.com
    <domain $google>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.4
"""

import re

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA714"
NAME = "unused-macro"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Nothing here uses {macro|this macro}.", "Use it in a <domain> tag or remove it.")

_USE = re.compile(r"\$(\w+)", re.ASCII)


def check(config: Config) -> Problems:
    if config.partial:
        return
    names = {found.lower() for found in _USE.findall(config.text)}
    for one in config.named("domain-macro"):
        if one.words and one.word(0).lower().lstrip("$") not in names:
            yield at_word(one, 0, macro=f"${one.word(0)}")
