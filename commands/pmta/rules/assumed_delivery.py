"""A message that may not have arrived counts as delivered.

When the receiver does not answer after the end of a message, assume-delivery-upon-data-termination-timeout
counts it as delivered, and it may be lost without a trace. Otherwise it is tried again, and may arrive twice.

Bad:
    <domain *>
        assume-delivery-upon-data-termination-timeout yes
    </domain>

Good:
    <domain *>
        assume-delivery-upon-data-termination-timeout no
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.92; RFC 5321, section 6.1
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA509"
NAME = "assumed-delivery"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("Mail without an answer counts as delivered and may be lost.", "{name} no")


def check(config: Config) -> Problems:
    for one in config.placed("assume-delivery-upon-data-termination-timeout", "domain"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, name=one.key)
