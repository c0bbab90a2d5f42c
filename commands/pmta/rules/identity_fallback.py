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

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, NOTICE
from commands.pmta.rule import Problems, at_name
from commands.pmta.sentence import Saying

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
