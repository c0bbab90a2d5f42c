"""The engine's door: a text in, a report out. Total, no clock, no environment, linear in the length of the text."""

import gc
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from commands.pmta.config import Config, looks_whole
from commands.pmta.facts import Facts, facts_of
from commands.pmta.formatter import formatted
from commands.pmta.masking import Mask, masked
from commands.pmta.model import Finding, Report
from commands.pmta.rule import Problem, Rule
from commands.pmta.rules import RULES
from commands.pmta.sentence import filled, harmless

MOST = 1000
"""Findings of one rule: whoever has more of a kind needs no longer list."""

_BREAK = re.compile(r"\r\n?|\n")
_INDENT = re.compile(r"\s*+")
_MUTE = re.compile(r"#[^\r\n#]*?portero:\s*ignore(?:=([\w, -]*))?", re.IGNORECASE)


def lint(
    text: str,
    *,
    version: str = "5.0",
    fragment: bool | None = True,
    rules: Sequence[Rule] = RULES,
    undone: tuple[str, ...] = (),
) -> Report:
    """Check a config for a release of PowerMTA ("4.0", "4.5" or "5.0").

    `fragment` is True for a piece of one, False for a whole one, None for finding out.
    """
    return study(text, version=version, fragment=fragment, rules=rules, undone=undone)[0]


def study(
    text: str,
    *,
    version: str = "5.0",
    fragment: bool | None = None,
    rules: Sequence[Rule] = RULES,
    undone: tuple[str, ...] = (),
) -> tuple[Report, Facts]:
    """The report on a config and what it claims about the world: parsed once for both."""
    with _no_collection():
        config = Config(text, version=version)
        config.fragment = not looks_whole(config) if fragment is None else fragment
        claims = facts_of(config)
        made = _checked(config, rules, undone)
        config.release()
    return made, claims


def _checked(config: Config, rules: Sequence[Rule], undone: tuple[str, ...]) -> Report:
    mask, lines = Mask(config.text), _Lines(config.text)
    mutes = _mutes(config.text, lines)
    found = [_finding(rule, problem, mask, lines) for rule in rules for problem in islice(rule.check(config), MOST)]
    kept = sorted((one for one in found if not _is_muted(one, mutes)), key=lambda one: (one.line, one.column, one.code))
    return _report(config, mask, lines, kept, undone, muted=len(found) - len(kept))


def _report(
    config: Config, mask: Mask, lines: "_Lines", findings: list[Finding], undone: tuple[str, ...], *, muted: int
) -> Report:
    return Report(
        findings=tuple(dict.fromkeys(findings)),
        secrets_masked=mask.count,
        reflowed=config.tree.reflowed,
        lines=_masked_lines(mask, lines),
        formatted=masked(formatted(config.tree)) if config.tree.reflowed else "",
        settings=len(config.directives),
        undone=undone,
        muted=muted,
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """A big tree of small objects makes the cyclic collector run over it again and again, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Lines:
    """Offsets to lines and columns."""

    def __init__(self, text: str) -> None:
        breaks = list(_BREAK.finditer(text))
        self.starts = [0, *(found.end() for found in breaks)]
        self.stops = [*(found.start() for found in breaks), len(text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _finding(rule: Rule, problem: Problem, mask: Mask, lines: _Lines) -> Finding:
    line, column = lines.place(problem.start)
    stop = min(problem.stop, lines.stops[line - 1])
    around = (lines.starts[line - 1], max(lines.stops[line - 1], problem.stop))
    saying = rule.says[problem.says]
    return Finding(
        code=rule.code,
        rule=rule.name,
        severity=problem.severity or rule.severity,
        line=line,
        column=column,
        end_column=column + max(stop - problem.start, 1),
        message=mask.clean(filled(saying.message, problem.params), *around),
        suggestion=mask.clean(filled(saying.suggestion, problem.params), *around) or None,
        basis=problem.basis or rule.basis,
        edits=problem.edits,
        marked=_marked(mask, lines.starts[line - 1], problem.start, stop),
        says=problem.says,
        params=harmless(problem.params),
    )


def _marked(mask: Mask, line_start: int, start: int, stop: int) -> tuple[int, int]:
    """Where the place stands in the line once its secrets are covered."""
    if not mask.spans:
        return start - line_start, stop - line_start
    at = len(mask.apply(line_start, start))
    return at, at + len(mask.apply(start, stop))


def _masked_lines(mask: Mask, lines: _Lines) -> tuple[str, ...]:
    if not mask.spans:
        return tuple(mask.text[start:stop] for start, stop in zip(lines.starts, lines.stops, strict=True))
    return tuple(mask.apply(start, stop) for start, stop in zip(lines.starts, lines.stops, strict=True))


def _mutes(text: str, lines: _Lines) -> dict[int, frozenset[str]]:
    """The codes that a comment switches off by line: its own line, and the next one when it stands alone."""
    mutes: dict[int, frozenset[str]] = {}
    if "portero:" not in text.lower():
        return mutes
    for found in _MUTE.finditer(text):
        line, _ = lines.place(found.start())
        codes = frozenset(re.findall(r"[\w-]+", found[1].lower())) if found[1] else frozenset({"all"})
        indent = _INDENT.match(text, lines.starts[line - 1], found.start())
        alone = indent is not None and indent.end() == found.start()
        for place in (line, line + 1) if alone else (line,):
            mutes[place] = mutes.get(place, frozenset()) | codes
    return mutes


def _is_muted(finding: Finding, mutes: dict[int, frozenset[str]]) -> bool:
    codes = mutes.get(finding.line, frozenset())
    return bool(codes & {"all", finding.code.lower(), finding.rule})
