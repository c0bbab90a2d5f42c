"""A login for outgoing mail has a name without a password, or the reverse.

PowerMTA logs in only where auth-username and auth-password are both set. With one of them it delivers without
a login, and the relay refuses the mail.

Bad:
    <domain relay.example.com>
        auth-username portero
    </domain>

Good:
    <domain relay.example.com>
        auth-username portero
        auth-password secret-of-the-relay
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.54 and 3.3.10.56
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA306"
NAME = "half-login"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("No {partner} goes with this: PowerMTA does not log in.", "{partner} ...")

_PARTNER = {"auth-username": "auth-password", "auth-password": "auth-username"}


def check(config: Config) -> Problems:
    for name, partner in _PARTNER.items():
        for one in config.placed(name, "domain"):
            if bare(one.value) and not config.inherited(one.block, partner) and not config.below(one.block, partner):
                yield at_name(one, partner=partner)
