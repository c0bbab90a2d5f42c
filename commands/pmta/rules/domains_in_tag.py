"""A <domain> tag names several domains.

A tag takes one pattern. For several domains there are one stanza each, or a domain-macro.

Bad:
    <domain gmail.com googlemail.com>
        max-smtp-out 10
    </domain>

Good:
    domain-macro google gmail.com,googlemail.com
    <domain $google>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10 and 3.3.1.43.4
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA211"
NAME = "several-domains-in-tag"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("A <domain> tag takes one domain.", "domain-macro NAME {domains}")


def check(config: Config) -> Problems:
    for one in config.openings:
        if one.key != "domain" or '"' in one.value:
            continue
        found = one.value.replace(",", " ").split()
        if len(found) > 1:
            yield at_value(one, domains=",".join(found))
