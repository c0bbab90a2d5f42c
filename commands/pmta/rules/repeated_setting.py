"""The same setting stands twice in one stanza, with different values.

The guide does not say whether the first or the last one counts. Keep the one that is meant.

Bad:
    <domain gmail.com>
        max-smtp-out 10
        max-smtp-out 20
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 20
    </domain>

Source: not documented; seen in public configs
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES, names_in
from commands.pmta.language.config import Config
from commands.pmta.language.repeatable import REPEATABLE
from commands.pmta.language.tree import Block

CODE = "PMTA320"
NAME = "repeated-setting"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{name} is set in line {line} already, to another value.", "Keep one of them.")


def _has_repeated(block: Block) -> bool:
    """Few stanzas have anything twice."""
    return len({one.key for one in block.settings}) < len(block.settings)


def check(config: Config) -> Problems:
    for block in filter(_has_repeated, (config.root, *config.blocks)):
        for name, found in block.named.items():
            if len(found) < 2 or name in REPEATABLE or name not in DIRECTIVES or name not in names_in(block.tag):
                continue
            if len({one.value.lower() for one in found}) > 1:
                first = found[0]
                yield at_name(found[-1], name=name, line=first.line)
