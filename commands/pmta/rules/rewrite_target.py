"""The target of a rewrite-list is not valid.

The address that the sender is rewritten to is plain ASCII, and holds no * when the source is the empty sender
<>.

Bad:
    <rewrite-list senders>
        mail-from <> *@example.com
    </rewrite-list>

Good:
    <rewrite-list senders>
        mail-from <> bounces@example.com
    </rewrite-list>

Source: PowerMTA 5.0 User's Guide, 3.3.18.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA225"
NAME = "rewrite-target"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "ascii": Saying("The target of a rewrite is plain ASCII."),
    "star": Saying("With <> as the source there is nothing that * could stand for."),
}


def check(config: Config) -> Problems:
    for one in config.placed("mail-from", "rewrite-list"):
        target = one.word(1)
        if not target.isascii():
            yield at_word(one, 1, "ascii")
        elif one.word(0) == "<>" and "*" in target:
            yield at_word(one, 1, "star")
