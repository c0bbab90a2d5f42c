r"""A line of a pattern-list has no valid result.

Behind the pattern stands what is to happen: virtual-mta=NAME, recipient-priority=N, call-to:LIST, or a nested
list.

Bad:
    <pattern-list senders>
        mail-from /@news\.example\.com$/ virtual-mta mta1
    </pattern-list>

Good:
    <pattern-list senders>
        mail-from /@news\.example\.com$/ virtual-mta=mta1
    </pattern-list>

Source: PowerMTA 5.0 User's Guide, 3.3.14
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import LISTS
from commands.pmta.language.words import bare, is_pattern

CODE = "PMTA221"
NAME = "pattern-result"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "priority": Saying("recipient-priority is between 0 and 100.", "recipient-priority=100"),
    "result": Saying("This is no result: it takes {results}.", "virtual-mta={name}"),
}

_PRIORITY = re.compile(r"recipient-priority=(\d+)", re.IGNORECASE)


def check(config: Config) -> Problems:
    for one in config.named("mail-from", "rcpt-to", "header", "*"):
        first = {"header": 2, "*": 0}.get(one.key, 1)
        if one.scope != "pattern-list" or len(one.words) <= first or (first and not is_pattern(one.word(first - 1))):
            continue
        result = config.text[one.words[first].at : one.stop]
        found = _PRIORITY.fullmatch(result)
        if found and int(found[1][:9]) > 100:
            yield at_word(one, first, "priority")
        elif not LISTS["result"].accepts(result):
            name = bare(one.word(first + 1)) if one.word(first).lower() == "virtual-mta" else "NAME"
            yield at_word(one, first, "result", results=Own(LISTS["result"].says), name=name)
