"""A message size has no unit.

A bare number of bytes is still read, but deprecated.

Bad:
    <source 0/0>
        max-message-size 33554432
    </source>

Good:
    <source 0/0>
        max-message-size 32M
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.34
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_value, replaced
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA608"
NAME = "bare-size"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("A size without a unit is deprecated.", "{size}")


def check(config: Config) -> Problems:
    for one in config.placed("max-message-size", "source"):
        if one.value.isdigit() and one.value.strip("0"):
            yield at_value(
                one,
                size=Own(_with_unit(int(one.value[:15]))),
                edits=replaced(one, _with_unit(int(one.value[:15]))),
            )


def _with_unit(count: int) -> str:
    for unit, bytes_in in (("G", 1024**3), ("M", 1024**2), ("K", 1024)):
        if count % bytes_in == 0:
            return f"{count // bytes_in}{unit}"
    return f"{count}b"
