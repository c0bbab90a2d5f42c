"""What a project wants of the check: which rules count, which names it knows, what fails, and what was there before.

A baseline has rules, counts and marks for each file, and no word of a config.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from commands.contract import UserError
from commands.pmta.findings.model import DANGER, NEW, SEVERITIES, UNCHANGED, Finding, Report
from commands.pmta.language.config import VERSIONS
from commands.pmta.language.names import like
from commands.pmta.masking import asked
from commands.pmta.rules import RULES

NEVER = "never"
FAIL_ON = (*SEVERITIES, NEVER)
SECTION = "pmta"
NO_BASELINE = "Write one with --write-baseline FILE."
BASELINE = "portero.pmta.baseline/1"
UNKNOWN = frozenset({"unknown-directive", "unlisted-directive", "unknown-tag"})
"""Rules on names, which a project may know better."""

_KNOWN = {word: rule.code for rule in RULES for word in (rule.code.lower(), rule.name)}
Key = tuple[str, str, str]
"""File, rule, mark."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`ignore` and `select` hold codes of rules; nothing in `select` selects all. `names` are lower case."""

    ignore: frozenset[str] = frozenset()
    select: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    fail_on: str = DANGER
    version: str = ""
    baseline: Mapping[Key, int] = field(default_factory=dict)

    def applied(self, report: Report, file: str) -> Report:
        """The report without what does not count; what a baseline has is marked. `file` is the name of one alone."""
        kept = [one for one in report.findings if self._counts(one)]
        found = Counter(_key(one, file) for one in kept)
        marked = (replace(one, state=self._state(_key(one, file), found)) for one in kept)
        more = tuple(one for one in report.more if self._is_chosen(one.code))
        muted = report.muted + len(report.findings) - len(kept)
        return replace(report, findings=tuple(marked), more=more, muted=muted)

    def fails(self, report: Report) -> bool:
        """Whether something as bad as `fail_on`, or worse, is new."""
        if self.fail_on == NEVER:
            return False
        bad = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return any(one.severity in bad and one.state != UNCHANGED for one in report.findings) or any(
            one.severity in bad for one in report.more
        )

    def _is_chosen(self, code: str) -> bool:
        return code not in self.ignore and (not self.select or code in self.select)

    def _counts(self, one: Finding) -> bool:
        named = one.quoted[slice(*one.marked)].strip("</>").lower().split(None, 1)[:1]
        return self._is_chosen(one.code) and not (one.rule in UNKNOWN and {*named} & self.names)

    def _state(self, key: Key, found: Counter[Key]) -> str:
        """Of more than there were of one mark in a file nobody can tell which is new, so all of them are."""
        if not self.baseline:
            return ""
        return UNCHANGED if found[key] <= self.baseline.get(key, 0) else NEW


def _key(one: Finding, file: str) -> Key:
    return one.file or file, one.code, one.mark


def codes(words: Iterable[str], where: str) -> frozenset[str]:
    """The codes of rules by code or name. Raises UserError for what is no rule."""
    return frozenset(_code(word.strip(), where) for word in words)


def _code(word: str, where: str) -> str:
    code = _KNOWN.get(word.lower())
    if code is None:
        near = like(word.lower(), tuple(sorted(_KNOWN, reverse=True)))
        hint = (
            f"Did you mean {near.upper() if near[:4] == 'pmta' else near}?"
            if near
            else "Rules look like PMTA401 or open-relay."
        )
        raise UserError(f"{where}: there is no rule {asked(word) or 'of that name'}.", hint)
    return code


def read_project(text: str, name: str) -> Policy:
    """The section [pmta] of a `portero.toml`. Raises UserError for what is not understood in it."""
    try:
        section = tomllib.loads(text).get(SECTION, {})
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: that is no TOML: {error}.", EXAMPLE) from error
    if not isinstance(section, dict):
        raise UserError(f"{name}: pmta is a section.", EXAMPLE)
    for key in section.keys() - _READERS.keys():
        near = like(key, tuple(_READERS))
        raise UserError(
            f"{name}: [pmta] has no {asked(key) or 'such key'}.", f"Did you mean {near}?" if near else EXAMPLE
        )
    return Policy(**{key.replace("-", "_"): _READERS[key](value, f"{name}, {key}") for key, value in section.items()})


EXAMPLE = '[pmta] with ignore = ["PMTA610"], select, names = ["x-own-setting"], fail-on = "warning", version = "5.0"'


def _words(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(f"{where}: this is a list of words.", EXAMPLE)
    return value


def _one_of(value: Any, where: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UserError(f"{where}: this is one of {', '.join(known)}.", EXAMPLE)
    return str(value)


_READERS: Mapping[str, Any] = {
    "ignore": lambda value, where: codes(_words(value, where), where),
    "select": lambda value, where: codes(_words(value, where), where),
    "names": lambda value, where: frozenset(one.lower() for one in _words(value, where)),
    "fail-on": lambda value, where: _one_of(value, where, FAIL_ON),
    "version": lambda value, where: _one_of(value, where, VERSIONS),
}


def baseline_of(report: Report, file: str) -> str:
    """A baseline file for what is found now. `file` is the name of one that is alone."""
    found = Counter(_key(one, file) for one in report.findings)
    rows = [
        {"file": file, "code": code, "mark": mark, "count": count}
        for (file, code, mark), count in sorted(found.items())
    ]
    return json.dumps({"schema": BASELINE, "findings": rows}, indent=1) + "\n"


def read_baseline(text: str, name: str) -> dict[Key, int]:
    """Raises UserError for what is no baseline."""
    try:
        found = json.loads(text)
        is_one = found["schema"] == BASELINE
        rows = {(str(one["file"]), str(one["code"]), str(one["mark"])): int(one["count"]) for one in found["findings"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{name} is not a baseline.", NO_BASELINE) from error
    if not is_one:
        raise UserError(f"{name} is not a baseline of this version.", NO_BASELINE)
    return rows
