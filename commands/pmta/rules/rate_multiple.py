"""A rate over several units is new in 5.0.

100/15m is read by 5.0. Older releases know a number for one unit only.

Bad:
    # for 4.5
    <domain gmail.com>
        max-msg-rate 100/15m
    </domain>

Good:
    # for 4.5
    <domain gmail.com>
        max-msg-rate 400/h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.33
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import has_multiple

CODE = "PMTA604"
NAME = "rate-multiple"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("PowerMTA {release} knows no rate over several units.", "a rate for one unit, 400/h")


def check(config: Config) -> Problems:
    if config.version >= "5.0":
        return
    for name in config.names:
        for one in config.named(name) if name.endswith("-rate") else ():
            if has_multiple(one.value):
                yield at_value(one, release=Own(config.version))
