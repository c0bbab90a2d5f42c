"""dkim-identity-fallback is ignored, because there is no dkim-identity.

The fallback is for messages whose dkim-identity cannot be used. Without the one there is no use for the
other.

Bad:
    <domain *>
        dkim-sign yes
        dkim-identity-fallback @example.com
    </domain>

Good:
    <domain *>
        dkim-sign yes
        dkim-identity sender-or-from
        dkim-identity-fallback @example.com
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.29
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA307"
NAME = "identity-fallback-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because {name} is not set.", "{name} ...")


def check(config: Config) -> Problems:
    for prefix in ("", "second-"):
        for one in config.placed(f"{prefix}dkim-identity-fallback", "domain"):
            if not config.inherited(one.block, f"{prefix}dkim-identity"):
                yield at_name(one, name=f"{prefix}dkim-identity")
