"""A setting has more values than it takes.

What stands behind the last value that a setting takes is refused, or ignored. When the value has blanks in
it, it belongs between double quotes.

Bad:
    <domain gmail.com>
        max-smtp-out 10 connections
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 10   # connections
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.1 and the entry of the setting
"""

from commands.pmta.findings.model import DOCUMENTED, INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import REGEX_NAME
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.values import misfit, says

CODE = "PMTA207"
NAME = "extra-value"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "category": Saying("Behind a pattern stands one word, its category.", "/pattern/ category"),
    "one": Saying("{name|This setting} takes one value; this is too much.", "{form}"),
    "count": Saying("{name|This setting} takes {count} values; this is too much.", "{form}"),
}

_OTHERS = frozenset({"smtp-source-host", "virtual-mta", "cold-virtual-mta", "relay-address", "pickup"})


def check(config: Config) -> Problems:
    for one in config.misfits["extra"]:
        row = config.row(one)
        if row is None or not row.form or one.key in _OTHERS or kind_of(one):
            continue
        found = misfit(one.key, row.form, one.value)
        if found and not one.value.endswith("\\"):
            if one.key == REGEX_NAME:
                yield at_word(one, 1, "category")
                continue
            which, basis = "one" if found.index == 1 else "count", "" if row.is_documented else INFERRED
            form = Own(says(row.form))
            yield at_word(one, found.index, which, name=one.name, count=found.index, form=form, basis=basis)
