"""A tag has an argument that it does not take.

Bounce patterns, processors and the vault exist once and have no name.

Bad:
    <bounce-category-patterns main>
        /user unknown/ bad-mailbox
    </bounce-category-patterns>

Good:
    <bounce-category-patterns>
        /user unknown/ bad-mailbox
    </bounce-category-patterns>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import TAGS
from commands.pmta.language.config import Config

CODE = "PMTA209"
NAME = "needless-tag-argument"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("<{tag}> takes no argument.", "<{tag}>")


def check(config: Config) -> Problems:
    for one in config.openings:
        tag = TAGS.get(one.key)
        if tag and tag.argument == "none" and one.value:
            yield at_value(one, tag=one.key)
