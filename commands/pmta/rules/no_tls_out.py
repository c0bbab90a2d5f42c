"""Mail goes out without TLS.

use-starttls is on by default, and nearly every receiver offers TLS. Google asks senders of bulk mail
for it.

Bad:
    <domain *>
        use-starttls no
    </domain>

Good:
    <domain *>
        use-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.95.1; Google's sender requirements (2024); RFC 7435
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA510"
NAME = "no-tls-out"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Mail for {domain|this domain} goes out unencrypted.", "use-starttls yes")


def check(config: Config) -> Problems:
    for one in config.placed("use-starttls", "domain"):
        if bare(one.word(0)).lower() in ("no", "false"):
            chosen = one.block.argument != "*" or config.is_hosted(one.block)  # somebody knows that receiver
            yield at_name(
                one,
                domain=one.block.argument,
                severity=NOTICE if chosen else "",
            )
