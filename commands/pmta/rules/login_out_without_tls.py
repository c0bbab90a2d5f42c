"""PowerMTA logs in at a relay, and TLS is not required.

With require-starttls off, PowerMTA goes on without TLS when the relay does not offer it, or when somebody on
the way hides the offer. The mail is readable then, and so may be the login.

Bad:
    <domain relay.queue>
        smtp-hosts relay.example.com:587
        auth-username portero
        auth-password secret-of-the-relay
    </domain>

Good:
    <domain relay.queue>
        smtp-hosts relay.example.com:587
        auth-username portero
        auth-password secret-of-the-relay
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.95.2; RFC 8314, section 4.3
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA414"
NAME = "login-out-without-tls"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "off": Saying("PowerMTA logs in here with TLS switched off.", "use-starttls yes, require-starttls yes"),
    "optional": Saying("PowerMTA logs in here even when TLS is missing.", "require-starttls yes"),
}


def check(config: Config) -> Problems:
    for one in config.placed("auth-username", "domain"):
        if (
            bare(one.value)
            and config.inherited(one.block, "auth-password")
            and config.effective(one.block, "require-starttls", "no") in ("no", "false")
        ):
            off = config.effective(one.block, "use-starttls", "yes") in ("no", "false")
            yield at_name(one, "off" if off else "optional", severity=DANGER if off else "")
