"""A list is named that does not exist.

Then nothing is routed or backed off by it. Whether PowerMTA refuses such a config is not documented.

Bad:
    # whole file
    <smtp-pattern-list blocks>
        reply /too many/ mode=backoff
    </smtp-pattern-list>
    <domain gmail.com>
        smtp-pattern-list block
        backoff-to-normal-after 1h
    </domain>

Good:
    # whole file
    <smtp-pattern-list blocks>
        reply /too many/ mode=backoff
    </smtp-pattern-list>
    <domain gmail.com>
        smtp-pattern-list blocks
        backoff-to-normal-after 1h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.7.39, 3.3.10.91, 3.3.12.12 and 3.3.7.38
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.references import MISSING, missing_names
from commands.pmta.findings.rule import Problems
from commands.pmta.language.config import Config

CODE = "PMTA702"
NAME = "undefined-list"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = MISSING

_KINDS = {
    "pattern-list": "pattern-list",
    "smtp-pattern-list": "smtp-pattern-list",
    "rewrite-list": "rewrite-list",
    "address-list": "address-list",
}


def check(config: Config) -> Problems:
    for kind, label in _KINDS.items():
        yield from missing_names(config, kind, label)
