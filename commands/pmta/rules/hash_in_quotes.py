"""A # stands between double quotes.

The guide says that # begins a comment anywhere on a line, and does not say that quotes protect it. Try it
with `pmta test config` before relying on it.

Bad:
    custom-dsn-from-header "Desk #1 <desk@example.com>"

Good:
    custom-dsn-from-header "Desk 1 <desk@example.com>"

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, INFERRED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA110"
NAME = "hash-in-quotes"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "password": Saying("{name} cannot hold a #; that quotes would help is not documented.", "Choose one without a #."),
    "value": Saying("It is not documented that quotes protect a # from beginning a comment."),
}

NO_HASH = frozenset({"auth-password"})
"""The guide says it of these (3.3.10.56)."""


def check(config: Config) -> Problems:
    for one in config.directives if '"' in config.text else ():
        if "#" not in one.value or '"' not in one.value:
            continue
        if one.key in NO_HASH:
            yield at_value(one, "password", name=one.name, severity=WARNING, basis=DOCUMENTED)
        else:
            yield at_value(one, "value")
