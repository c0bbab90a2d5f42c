"""A domain-key does not have three fields.

The fields are the selector, the domain (or *), and the file that holds the private key, between commas.

Bad:
    domain-key s1,example.com,/etc/pmta/s1.pem,rsa-sha256

Good:
    domain-key s1,example.com,/etc/pmta/s1.pem

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts

CODE = "PMTA212"
NAME = "domain-key-form"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "one": Saying("This domain-key has one field; it takes three.", "domain-key SELECTOR,DOMAIN,KEYFILE"),
    "count": Saying("This domain-key has {count} fields; it takes three.", "domain-key SELECTOR,DOMAIN,KEYFILE"),
    "empty": Saying("A field of this domain-key is empty.", "domain-key SELECTOR,DOMAIN,KEYFILE"),
}


def check(config: Config) -> Problems:
    for one in config.named("domain-key"):
        fields = parts(one.value)
        if one.value and len(fields) != 3:
            yield at_value(one, "one" if len(fields) == 1 else "count", count=len(fields))
        elif one.value and not all(fields):
            yield at_value(one, "empty")
