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

from commands.pmta.catalogue import TAGS
from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, WARNING
from commands.pmta.rule import Problems, at_value

CODE = "PMTA209"
NAME = "needless-tag-argument"
SEVERITY = WARNING
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    for one in config.openings:
        tag = TAGS.get(one.key)
        if tag and tag.argument == "none" and one.value:
            yield at_value(one, f"<{one.key}> takes no argument.", f"<{one.key}>")
