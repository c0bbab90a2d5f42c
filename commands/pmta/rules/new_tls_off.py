"""TLS 1.2 or 1.3 is switched off.

Many receivers and clients speak nothing older. Without these versions connections fail or fall back to no
encryption.

Bad:
    <domain *>
        smtp-tls-allow-tlsv1.2 no
    </domain>

Good:
    <domain *>
        smtp-tls-allow-tlsv1.2 yes
    </domain>

Source: RFC 8996; RFC 9325, section 3.1.1
"""

import re

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA409"
NAME = "new-tls-off"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("{tls} is switched off.", "{name} yes")

_NEW = re.compile(r"(?:.*-)?tls-allow-(tlsv1\.[23])")


def check(config: Config) -> Problems:
    for name in config.names:
        found = _NEW.fullmatch(name)
        for one in config.named(name) if found else ():
            if bare(one.word(0)).lower() in ("no", "false"):
                severity = NOTICE if name.endswith("1.3") else ""
                yield at_name(one, tls=Own(name.rpartition("-")[2]), name=name, severity=severity)
