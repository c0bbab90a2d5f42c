"""A tag lacks its argument.

<source>, <domain>, <virtual-mta> and most other stanzas say in their tag what they are about. Without it they
are about nothing.

Bad:
    <domain>
        max-smtp-out 10
    </domain>

Good:
    <domain *>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import TAGS
from commands.pmta.language.config import Config

CODE = "PMTA208"
NAME = "tag-argument"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "argument": Saying("<{tag}> needs an argument: {argument}.", "<{tag} ...>"),
    "name": Saying("An <address-list> at the top level needs a name.", "<address-list NAME>"),
}


def check(config: Config) -> Problems:
    for one in config.openings:
        tag = TAGS.get(one.key)
        if tag and tag.argument == "one" and not one.value:
            yield at_name(one, "argument", tag=one.key, argument=Own(tag.argument_is))
        elif one.key == "address-list" and not one.value and one.block is config.root and not config.fragment:
            yield at_name(one, "name")
