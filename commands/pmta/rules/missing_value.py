"""A setting lacks a value.

PowerMTA stops with "argument missing" at such a line.

Bad:
    smtp-source-host 203.0.113.5

Good:
    smtp-source-host 203.0.113.5 mta1.example.com

Source: PowerMTA 5.0 User's Guide, 6.3.40 and the entry of the setting
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.tree import Statement
from commands.pmta.language.values import misfit, says

CODE = "PMTA206"
NAME = "missing-value"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{name|This setting} lacks a value: {expected}.", "{name} takes {form}.")


def check(config: Config) -> Problems:
    for one in config.misfits["missing"]:
        row = config.row(one)
        if row is None or not row.form or row.form == "anything*" or kind_of(one) or _is_nested_pattern(one):
            continue
        found = misfit(one.key, row.form, one.value)
        if found:
            severity, basis = ("", "") if row.is_documented else (WARNING, INFERRED)
            expected, form = Own(found.expected), Own(says(row.form))
            yield at_name(one, name=one.name, expected=expected, form=form, severity=severity, basis=basis)


def _is_nested_pattern(one: Statement) -> bool:
    """`mail-from /x/ <pattern-list>`: the nested list is the result."""
    return one.scope == "pattern-list" and len(one.words) >= (0 if one.key == "*" else 1)
