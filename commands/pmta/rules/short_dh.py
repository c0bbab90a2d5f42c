"""The Diffie-Hellman key is too short.

1,024 bits are within reach of well-funded attackers.

Bad:
    smtp-server-tls-dh-key-length 1024

Good:
    smtp-server-tls-dh-key-length 2048

Source: RFC 9325, section 4.1; PowerMTA 5.0 User's Guide, 3.3.1.18
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value, replaced
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA420"
NAME = "short-dh"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("1024 bits are too few.", "2048")


def check(config: Config) -> Problems:
    for one in config.named("smtp-server-tls-dh-key-length", "http-tls-dh-key-length", "tls-dh-key-length"):
        if one.value == "1024":
            yield at_value(one, edits=replaced(one, "2048"))
