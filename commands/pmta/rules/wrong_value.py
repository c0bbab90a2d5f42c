"""A value is not of the form that the setting takes.

The guide prints the form of every value: yes or no, a time with its unit, a rate, an address. PowerMTA
refuses others.

Bad:
    <domain *>
        use-starttls on
    </domain>

Good:
    <domain *>
        use-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.2 and the entry of the setting
"""

from commands.pmta.catalogue import Directive, directive
from commands.pmta.config import Config
from commands.pmta.foreign import kind_of
from commands.pmta.model import DOCUMENTED, ERROR
from commands.pmta.rule import Problem, Problems, at_word, replaced
from commands.pmta.tree import Statement
from commands.pmta.values import arguments, misfit
from commands.pmta.words import bare

CODE = "PMTA205"
NAME = "wrong-value"
SEVERITY = ERROR
BASIS = DOCUMENTED

_BOOLS = {"on": "yes", "off": "no", "1": "yes", "0": "no", "enabled": "yes", "disabled": "no", "y": "yes", "n": "no"}
# Their values have rules of their own, which say more.
_OTHERS = frozenset(
    {"domain-key", "records", "smtp-source-host", "reply", "smtp-listener", "domain-macro", "mx", "/regex/"}
)


def check(config: Config) -> Problems:
    for one in config.directives:
        row = directive(one.key, one.scope)
        if row is None or not row.form or one.key in _OTHERS or row.form.endswith("result*"):
            continue
        found = misfit(one.key, row.form, one.value)
        if found and found.kind == "wrong" and not _is_others(one, found.index):
            yield _problem(one, found.index, found.expected, row)


def _is_others(one: Statement, index: int) -> bool:
    """Bare numbers for times, patterns without end, addresses hidden by a page and foreign lines have their rules."""
    word = one.word(index)
    bare_time = word.isdigit() and "time" in (row.form if (row := directive(one.key, one.scope)) else "")
    return bool(
        bare_time
        or word.startswith(("/", "[email"))
        or kind_of(one)
        or "$" in word
        or _is_bare_duration(one)
        or ('"' in word[:-1] and word.count('"') == 1)
    )


def _is_bare_duration(one: Statement) -> bool:
    row = directive(one.key, one.scope)
    return bool(
        row and row.form.startswith("duration") and all(part.strip().isdigit() for part in one.value.split(","))
    )


def _problem(one: Statement, index: int, expected: str, row: Directive) -> Problem:
    kinds = arguments(row.form)[index].kinds
    better = _BOOLS.get(bare(one.word(index)).lower(), "") if "bool" in kinds and len(one.words) == 1 else ""
    shown = "" if {"api-key", "hex-key", "secret"} & set(kinds) else f' "{bare(one.word(index))[:60]}"'
    message = f"{one.name} does not take{shown}: it takes {expected}." if shown else f"{one.name} takes {expected}."
    return at_word(one, index, message, better or expected, edits=replaced(one, better) if better else ())
