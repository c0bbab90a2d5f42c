"""The same stanza stands twice.

The guide does not say whether the two are merged or one of them wins. One stanza leaves no doubt.

Bad:
    <domain gmail.com>
        max-smtp-out 10
    </domain>
    <domain gmail.com>
        max-msg-rate 500/h
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 10
        max-msg-rate 500/h
    </domain>

Source: not documented; seen in public configs
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement

CODE = "PMTA321"
NAME = "repeated-stanza"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("This stanza stands in line {line} already.", "Put them together.")

_ONCE = frozenset(
    {"domain", "source", "virtual-mta", "virtual-mta-pool", "pattern-list", "smtp-pattern-list", "smtp-user"}
)


def check(config: Config) -> Problems:
    for parent in (config.root, *config.tagged("virtual-mta", "virtual-mta-pool")):
        seen: dict[tuple[str, str], Statement] = {}
        for block in parent.blocks:
            if block.tag not in _ONCE or not block.argument or block.opening is None:
                continue
            first = seen.setdefault((block.tag, block.argument.lower()), block.opening)
            if first is not block.opening:
                yield at_name(block.opening, line=first.line)
