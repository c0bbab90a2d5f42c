"""A version of TLS is allowed that is broken or withdrawn.

SSLv3 is broken (RFC 7568), TLS 1.0 and 1.1 are withdrawn (RFC 8996).

Bad:
    smtp-server-tls-allow-tlsv1 yes

Good:
    smtp-server-tls-allow-tlsv1 no
    smtp-server-tls-allow-tlsv1.2 yes

Source: RFC 7568; RFC 8996; PowerMTA 5.0 User's Guide, 3.3.1.12
"""

import re

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA408"
NAME = "old-tls"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("{tls} is obsolete.", "{name} no")

_OLD = re.compile(r"(?:.*-)?tls-allow-(sslv3|tlsv1(?:\.1)?)")


def check(config: Config) -> Problems:
    for name in config.names:
        found = _OLD.fullmatch(name)
        for one in config.named(name) if found else ():
            if bare(one.word(0)).lower() in ("yes", "true"):
                outgoing = one.scope == "domain" and name != "smtp-tls-allow-sslv3"
                yield at_name(one, tls=Own(name.rpartition("-")[2]), name=name, severity=NOTICE if outgoing else "")
