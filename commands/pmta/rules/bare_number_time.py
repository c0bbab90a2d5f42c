"""A time has no unit.

Times have a unit: w, d, h, m or s. The guide does not say what a bare number other than 0 would mean.

Bad:
    <domain *>
        connect-timeout 60
    </domain>

Good:
    <domain *>
        connect-timeout 60s
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.2
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying, count
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config

CODE = "PMTA215"
NAME = "time-without-unit"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{number|This number} has no unit.", "{number}{unit}, if {meant} are meant")

IN_DAYS = frozenset({"delete-after"})
"""The guide counts them in days."""

_TIMED = frozenset(name for name, rows in DIRECTIVES.items() if any(row.form.startswith("duration") for row in rows))


def check(config: Config) -> Problems:
    for one in config.directives:
        row = config.row(one) if one.key in _TIMED else None
        if row is None or not row.form.startswith("duration"):
            continue
        bare_numbers = [
            part.strip() for part in one.value.split(",") if part.strip().isdigit() and part.strip().strip("0")
        ]
        if bare_numbers:
            number = bare_numbers[0][:12]
            unit, meant = ("d", "days") if one.key in IN_DAYS else ("s", "seconds")
            yield at_value(one, number=count(number), unit=Own(unit), meant=Own(meant))
