"""TLS is offered to clients, and there is no certificate.

allow-starttls and immediate-tls need smtp-server-tls-certificate or the listener's tls-certificate.

Bad:
    # whole file
    <source 0/0>
        allow-starttls yes
    </source>

Good:
    # whole file
    smtp-server-tls-certificate /etc/pmta/mail.pem
    <source 0/0>
        allow-starttls yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.1.9 and 3.3.7.12
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA518"
NAME = "certificate-missing"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("There is no TLS certificate in this config.", "smtp-server-tls-certificate FILE")


def check(config: Config) -> Problems:
    if config.partial or config.has("smtp-server-tls-certificate") or config.has("tls-certificate"):
        return
    for one in config.named("allow-starttls", "immediate-tls"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one)
            return
