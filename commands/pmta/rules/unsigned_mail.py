"""DKIM signing is on, and there is no key.

dkim-sign needs a domain-key for the signing domain. Without one the mail goes out unsigned, and the large
receivers refuse unsigned bulk mail.

Bad:
    # whole file
    <domain *>
        dkim-sign yes
    </domain>

Good:
    # whole file
    domain-key s1,example.com,/etc/pmta/s1.pem
    <domain *>
        dkim-sign yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.19; Google's and Yahoo's sender requirements (2024)
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA504"
NAME = "unsigned-mail"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Nothing is signed: there is no domain-key in this config.", "domain-key SELECTOR,DOMAIN,KEYFILE")

_ON = frozenset({"yes", "true"})


def check(config: Config) -> Problems:
    options = any(one.block.is_on(one.key) for one in config.named("process-x-dkim-options"))
    if config.partial or options or config.has("domain-key"):
        return
    for one in config.placed("dkim-sign", "domain"):
        if bare(one.word(0)).lower() in _ON:
            yield at_name(one)
            return
