"""smtp-max-auth-failure-rate is ignored, because logins are not required.

The limit on failed logins is effective with require-auth only.

Bad:
    <source 0/0>
        smtp-max-auth-failure-rate 10/min
    </source>

Good:
    <source 0/0>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
        smtp-max-auth-failure-rate 10/min
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.7
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA305"
NAME = "auth-failure-rate-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because require-auth is not on here.", "require-auth yes")


def check(config: Config) -> Problems:
    elsewhere = any(one.block.is_on("require-auth") for one in config.named("require-auth"))
    for one in config.placed("smtp-max-auth-failure-rate", "source"):
        if not elsewhere:  # a more specific source may require logins and inherit the limit
            yield at_name(one)
