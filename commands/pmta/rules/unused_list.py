"""A list is defined and never used.

Often the name was mistyped where it was to be used, or the line that used it is gone.

Bad:
    # whole file
    <smtp-pattern-list blocks>
        reply /too many/ mode=backoff
    </smtp-pattern-list>

Good:
    # whole file
    <smtp-pattern-list blocks>
        reply /too many/ mode=backoff
    </smtp-pattern-list>
    <domain *>
        smtp-pattern-list blocks
        backoff-to-normal-after 1h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.91
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.references import defined, used
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA711"
NAME = "unused-list"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Nothing here uses this <{kind}>.", "Use it or remove it.")

_KINDS = ("pattern-list", "smtp-pattern-list", "rewrite-list", "address-list")


def check(config: Config) -> Problems:
    if config.partial:
        return
    stanzas = defined(config)
    for kind in _KINDS:
        names = used(config, kind)
        for name, opening in stanzas[kind].items():
            if name not in names and opening.block is config.root:
                yield at_name(opening, kind=kind)
