"""A setting is seen in public configs, but the guide does not have it.

It may work: the vendor's own published configs hold some of these. What it does is not documented.

Bad:
    <source 0/0>
        remove-received-headers yes
    </source>

Good:
    <source 0/0>
        hide-message-source yes
    </source>

Source: seen in public configs
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config

CODE = "PMTA611"
NAME = "unlisted-setting"
SEVERITY = NOTICE
BASIS = INFERRED
ONCE = True
SAYS = Saying("{name|This setting} is not in the 5.0 guide, though configs in use have it.{also|}")


def check(config: Config) -> Problems:
    for name in config.names:
        for one in config.named(name) if any(row.status == "unlisted" for row in DIRECTIVES.get(name, ())) else ():
            yield at_name(one, name=one.name)
