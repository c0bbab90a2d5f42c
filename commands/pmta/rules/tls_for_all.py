"""TLS is required for every domain.

Some receivers still offer no TLS: their mail waits in the queue and bounces in the end. Require TLS where you
know that it is offered, and let use-starttls do its work elsewhere.

Bad:
    <domain *>
        use-starttls yes
        require-starttls yes
    </domain>

Good:
    <domain *>
        use-starttls yes
    </domain>
    <domain gmail.com>
        require-starttls yes
    </domain>

Source: RFC 7435; PowerMTA 5.0 User's Guide, 3.3.10.95.2
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA511"
NAME = "tls-for-all"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Mail for domains whose servers offer no TLS will bounce.", "Require it for single domains.")


def check(config: Config) -> Problems:
    for one in config.placed("require-starttls", "domain"):
        block = one.block
        if block.argument != "*" or not block.is_on("require-starttls") or config.is_hosted(block):
            continue
        if config.effective(block, "use-starttls", "yes") in ("yes", "true"):
            yield at_name(one)
