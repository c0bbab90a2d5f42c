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
from commands.pmta.language.remembered import remembered

CODE = "PMTA215"
NAME = "time-without-unit"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{number|This number} has no unit.", "{number}{unit}, if {meant} are meant")

IN_DAYS = frozenset({"delete-after"})
"""The guide counts them in days."""

_TIMED = frozenset(name for name, rows in DIRECTIVES.items() if any(row.form.startswith("duration") for row in rows))


@remembered(4096)
def _bare_number(value: str) -> str:
    """The first number without a unit that is not 0, or ""."""
    parts = (part.strip() for part in value.split(","))
    return next((part for part in parts if part.isdigit() and part.strip("0")), "")


def check(config: Config) -> Problems:
    odd = [one for one in config.named(*sorted(_TIMED)) if _bare_number(one.value)]
    for one in sorted(odd, key=lambda one: one.start):
        row = config.row(one)
        if row and row.form.startswith("duration"):
            number = _bare_number(one.value)[:12]
            unit, meant = ("d", "days") if one.key in IN_DAYS else ("s", "seconds")
            yield at_value(one, number=count(number), unit=Own(unit), meant=Own(meant))
