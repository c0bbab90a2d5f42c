"""PowerMTA sends its password to the relay without encryption.

use-unencrypted-plain-auth lets PowerMTA log in where no TLS is in use. Everybody on the way can read the
password.

Bad:
    <domain relay.example.com>
        use-unencrypted-plain-auth yes
    </domain>

Good:
    <domain relay.example.com>
        use-starttls yes
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.57
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA413"
NAME = "clear-login-out"
SEVERITY = DANGER
BASIS = DOCUMENTED
SAYS = Saying("The password may go out unencrypted.", "require-starttls yes")


def check(config: Config) -> Problems:
    for one in config.placed("use-unencrypted-plain-auth", "domain"):
        needed = config.effective(one.block, "require-starttls", "no") in ("yes", "true")
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, severity=NOTICE if needed else "")
