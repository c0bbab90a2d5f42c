"""DKIM signatures cover the beginning of the body only.

dkim-add-body-limit adds l= to the signature. Anybody can then append text to a signed message, and it still
verifies.

Bad:
    <domain *>
        dkim-add-body-limit yes
    </domain>

Good:
    <domain *>
        dkim-add-body-limit no
    </domain>

Source: RFC 6376, section 8.2; PowerMTA 5.0 User's Guide, 3.3.10.20
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA418"
NAME = "body-limit"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Text can be appended to signed mail.", "{name} no")


def check(config: Config) -> Problems:
    for one in config.named("dkim-add-body-limit", "second-dkim-add-body-limit"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, name=one.key)
