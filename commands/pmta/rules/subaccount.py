"""A subaccount is given where signals are off.

subaccount=N belongs to true: with false there is nothing it could apply to.

Bad:
    enable-signals false,subaccount=7

Good:
    enable-signals true,subaccount=7

Source: PowerMTA 5.0 User's Guide (2019 ed.), 10.1.4.1.1
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts

CODE = "PMTA228"
NAME = "subaccount"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("subaccount goes with true only.", "enable-signals false")


def check(config: Config) -> Problems:
    for one in config.named("enable-signals"):
        first, *rest = parts(one.value.lower())
        if first in ("false", "no") and any(part.startswith("subaccount") for part in rest):
            yield at_value(one)
