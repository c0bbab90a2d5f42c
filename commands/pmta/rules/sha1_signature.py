"""DKIM signatures are made with SHA-1.

Receivers must not accept rsa-sha1 any more, so the mail counts as unsigned.

Bad:
    <domain *>
        dkim-algorithm rsa-sha1
    </domain>

Good:
    <domain *>
        dkim-algorithm rsa-sha256
    </domain>

Source: RFC 8301, section 3.1; PowerMTA 5.0 User's Guide, 3.3.10.22
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value, replaced
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA417"
NAME = "sha1-signature"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Signatures with SHA-1 count as none.", "rsa-sha256")


def check(config: Config) -> Problems:
    for one in config.named("dkim-algorithm", "second-dkim-algorithm"):
        if bare(one.word(0)).lower() == "rsa-sha1":
            yield at_value(one, edits=replaced(one, "rsa-sha256"))
