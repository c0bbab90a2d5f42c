"""Every message is copied to an address.

bcc and bcc-upon-delivery copy whatever passes. Ask whether the senders and recipients know, and whether it
was meant to stay.

Bad:
    <source 10.0.0.0/8>
        bcc archive@example.com
    </source>

Good:
    <source 10.0.0.0/8>
        process-x-job yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.3 and 3.3.10.12
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA422"
NAME = "copied-mail"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("A copy of every message goes to another address.", "Remove it unless it is needed.")


def check(config: Config) -> Problems:
    for one in config.named("bcc", "bcc-upon-delivery"):
        if bare(one.value):
            yield at_name(one)
