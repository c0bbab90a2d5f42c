"""A stanza stands inside a stanza that does not take it.

Most stanzas stand at the top level; <domain> may also stand in <virtual-mta> and <virtual-mta-pool>.

Bad:
    <source 0/0>
        <domain gmail.com>
            max-smtp-out 10
        </domain>
    </source>

Good:
    <source 0/0>
        max-message-size 32M
    </source>
    <domain gmail.com>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import GLOBAL, TAGS, place
from commands.pmta.language.config import Config

CODE = "PMTA204"
NAME = "misplaced-tag"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("<{tag}> does not belong in {parent}: its place is {homes}.")


def check(config: Config) -> Problems:
    for block in config.blocks:
        tag, parent = TAGS.get(block.tag), block.parent
        if tag is None or parent is None or block.opening is None or parent.tag in tag.parents:
            continue
        if parent.tag != GLOBAL and parent.tag not in TAGS:
            continue
        if parent.tag == GLOBAL and config.fragment:
            continue
        homes = " or ".join(place(one) for one in tag.parents)
        yield at_name(block.opening, tag=block.tag, parent=Own(place(parent.tag)), homes=Own(homes))
