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

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR, INFERRED, WARNING
from commands.pmta.findings.rule import Problem, Problems, at_word, replaced
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language import quantities
from commands.pmta.language.catalogue import Directive
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.tree import Statement
from commands.pmta.language.values import arguments, misfit
from commands.pmta.language.words import bare

CODE = "PMTA205"
NAME = "wrong-value"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "secret": Saying("{name|This setting} takes {expected}.", "{better}"),
    "value": Saying("{name|This setting} does not take {written|this}: it takes {expected}.", "{better}"),
}

_BOOLS = {"on": "yes", "off": "no", "1": "yes", "0": "no", "enabled": "yes", "disabled": "no", "y": "yes", "n": "no"}
_UNITS = re.compile(r"/(\d*)(hours?|minutes?|mins|seconds?|secs|days|hrs)\b", re.IGNORECASE)
_QUOTES = tuple("'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb")
_SIZE = re.compile(r"(\d+)([kmgt])i?b", re.IGNORECASE)
# Their values have rules of their own, which say more.
_OTHERS = frozenset({"domain-key", "records", "smtp-source-host", "reply", "smtp-listener", "mx", "/regex/"})


def check(config: Config) -> Problems:
    for one in config.misfits["wrong"]:
        row = config.row(one)
        if row is None or one.key in _OTHERS or row.form.endswith("result*"):
            continue
        found = misfit(one.key, row.form, one.value)
        if found and not _has_own_rule(one, found.index, row.form):
            yield _problem(one, found.index, found.expected, row)


def _has_own_rule(one: Statement, index: int, form: str) -> bool:
    """Times without unit, patterns without end, addresses that a page hid and foreign lines have their rules."""
    word = one.word(index)
    if one.key == "domain-macro" and index == 0:
        return True
    bare_time = form.startswith("duration") and all(part.strip().isdigit() for part in one.value.split(","))
    if word[:1] in _QUOTES:
        return True
    if bare(word) == "":
        return True  # whether "" clears a value is documented for some settings only
    unfinished = word.startswith(("/", "[email")) or word.count('"') == 1
    return bare_time or unfinished or "$" in word or bool(kind_of(one))


def _problem(one: Statement, index: int, expected: str, row: Directive) -> Problem:
    kinds = arguments(row.form)[index].kinds
    written = bare(one.word(index))
    trimmed = written.rstrip(";,")
    fits = trimmed != written and arguments(row.form)[index].accepts(trimmed)
    texts = one.texts
    of_list = index > 0 or arguments(row.form)[0].rest
    joined = "".join(map(bare, texts)) if not of_list and len(texts) in (2, 3) else None
    is_split = joined is not None and arguments(row.form)[0].accepts(joined)
    better = trimmed if fits else (joined or "") if is_split else _better(written, kinds)
    which = "secret" if {"api-key", "hex-key", "secret"} & set(kinds) else "value"
    words = {
        "name": one.name,
        "written": f'"{written}"',
        "expected": Own(expected),
        "better": better or Own(expected),
    }
    edits = replaced(one, better) if better and (len(texts) == 1 or is_split) else ()
    severity, basis = ("", "") if row.is_documented else (WARNING, INFERRED)
    return at_word(one, index, which, severity=severity, basis=basis, edits=edits, **words)


def _better(written: str, kinds: tuple[str, ...]) -> str:
    """What was certainly meant, or ""."""
    if "bool" in kinds:
        return Own(_BOOLS.get(written.lower(), ""))
    if "size" in kinds and (size := _SIZE.fullmatch(written)):
        return Own(f"{size[1]}{size[2].upper()}")
    changed = _UNITS.sub(lambda found: f"/{found[1]}{found[2][0].lower()}", written)
    return changed if "rate" in kinds and quantities.per_second(changed) is not None else ""
