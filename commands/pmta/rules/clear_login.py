"""Passwords may arrive without encryption.

allow-unencrypted-plain-auth lets clients send their password as it is, without TLS. Everybody on the way can
read it and then send mail.

Bad:
    <source 0/0>
        allow-unencrypted-plain-auth yes
    </source>

Good:
    <source 0/0>
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.11; RFC 8314, section 3
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network
from commands.pmta.language.words import bare

CODE = "PMTA403"
NAME = "clear-login"
SEVERITY = DANGER
BASIS = DOCUMENTED
SAYS = {
    "offered": Saying("Passwords may arrive here unencrypted.", "require-starttls-before-auth yes"),
    "not_offered": Saying(
        "Passwords may arrive here unencrypted.", "allow-starttls yes, require-starttls-before-auth yes"
    ),
}


def check(config: Config) -> Problems:
    for one in config.placed("allow-unencrypted-plain-auth", "source"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            found = network(one.block.argument)
            inside = found is not None and found.is_private and found.prefixlen > 0
            severity = NOTICE if found is not None and found.is_loopback else WARNING if inside else ""
            offered = config.effective(one.block, "allow-starttls", "no") in ("yes", "true")
            yield at_name(one, "offered" if offered else "not_offered", severity=severity)
