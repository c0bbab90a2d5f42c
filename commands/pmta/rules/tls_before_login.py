"""TLS is offered, but a login does not have to wait for it.

Without require-starttls-before-auth a client that does not start TLS may still log in (with CRAM-MD5, and with
PLAIN where allow-unencrypted-plain-auth is on), and one that somebody on the way makes skip it does so unnoticed.

Bad:
    <source 0/0>
        require-auth yes
        allow-starttls yes
    </source>

Good:
    <source 0/0>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
        smtp-max-auth-failure-rate 10/min
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.13
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA405"
NAME = "tls-before-login"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("A login may go before TLS: require-starttls-before-auth is off.", "require-starttls-before-auth yes")


def check(config: Config) -> Problems:
    for one in config.placed("allow-starttls", "source"):
        block = one.block
        needed = config.effective(block, "require-auth", "no") in ("yes", "true")
        waits = config.effective(block, "require-starttls-before-auth", "no") in ("yes", "true")
        if block.is_on("allow-starttls") and needed and not waits:
            yield at_name(
                one,
            )
