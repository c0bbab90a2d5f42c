"""The engine's door: a text in, a report out. Total, no clock, no environment, linear in the length of the text."""

import gc
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.facts import Facts, facts_of
from commands.pmta.findings.model import Finding, More, Place, Report, weight
from commands.pmta.findings.repeated import told_once, with_other_lines
from commands.pmta.findings.rule import Problem, Problems, Rule
from commands.pmta.findings.sentence import LONGEST_COVERED, Params, filled, harmless, shown
from commands.pmta.harmless import with_harmless_fixes
from commands.pmta.language.config import Config, signs_of_a_whole
from commands.pmta.language.line_starts import line_starts
from commands.pmta.language.placeholders import placeholders
from commands.pmta.masking import Mask, asked
from commands.pmta.rules import RULES
from commands.pmta.rules.template import CODE as TEMPLATE

MOST = 1000
"""Findings of one rule: whoever has more of a kind needs no longer list."""

COUNTED = 20_000
"""Findings of one rule that are counted at all."""

SHOWN = 2000
"""Findings that are shown with their lines."""
QUOTED = 400
"""Characters of a line that are quoted; of a longer one those from a little before the place."""
BEFORE = 30
AROUND = 2000
"""Characters of a line, in front of a place and behind it, out of which a sentence may quote words."""

LINE = "line"
"""The parameter of sentences that is another line of the text."""

_INDENT = re.compile(r"\s*+")
_MUTE = re.compile(r"#[^\r\n#]*?portero:\s*ignore(?:=([\w, -]*))?", re.IGNORECASE)


def lint(
    text: str,
    *,
    version: str = "5.0",
    fragment: bool | None = True,
    rules: Sequence[Rule] = RULES,
    undone: tuple[str, ...] = (),
    origin: Origin = ALONE,
) -> Report:
    """Check a config for a release of PowerMTA ("4.0", "4.5" or "5.0").

    `fragment` is True for a piece of one, False for a whole one, None for finding out.
    """
    return study(text, version=version, fragment=fragment, rules=rules, undone=undone, origin=origin)[0]


def study(
    text: str,
    *,
    version: str = "5.0",
    fragment: bool | None = None,
    rules: Sequence[Rule] = RULES,
    undone: tuple[str, ...] = (),
    origin: Origin = ALONE,
) -> tuple[Report, Facts]:
    """The report on a config and what it claims about the world: parsed once for both."""
    found = examined(text, version=version, fragment=fragment, rules=rules, undone=undone, origin=origin)
    return found.report, found.claims


class Examined(NamedTuple):
    """What comes of a text. `mask` knows its secrets: they take long to find."""

    report: Report
    claims: Facts
    mask: Mask


def examined(
    text: str,
    *,
    version: str,
    fragment: bool | None,
    rules: Sequence[Rule] = RULES,
    undone: tuple[str, ...] = (),
    most: int = sys.maxsize,
    told: int = sys.maxsize,
    origin: Origin = ALONE,
) -> Examined:
    """As `study`, with the secrets that were found on the way, and at most so many claims of each kind.

    So many findings are `told`, the weightiest: those that nobody will read get no sentence and no line.
    """
    with _no_collection():  # the tree is gone before: else the collector would run over it once more
        config = Config(text, version=version, complete=origin.is_complete)
        return _examined(config, origin, fragment, rules, undone, most, told)


def _examined(
    config: Config,
    origin: Origin,
    fragment: bool | None,
    rules: Sequence[Rule],
    undone: tuple[str, ...],
    most: int,
    told: int,
) -> Examined:
    whole_by = signs_of_a_whole(config) if fragment is None else ()
    config.fragment = not whole_by if fragment is None else fragment
    page = _Page(config.text, origin)
    claims = facts_of(config, page.mask, most, origin)
    page.open_lines = frozenset(one.line for one in placeholders(config))
    unread = tuple(replace(one, name=page.mask.about(one.name)) for one in origin.unread)
    made = replace(_checked(config, page, rules, undone, told), files=origin.files, unread=unread)
    config.release()
    made = replace(made, whole_by=whole_by, version=config.version)
    made = with_harmless_fixes(made, page.text, partial(_counts, like=config, rules=rules))
    return Examined(made, claims, page.mask)


def _counts(text: str, like: Config, rules: Sequence[Rule]) -> Counter[str]:
    """How often each rule finds something in a text that is read as another was."""
    config = Config(text, version=like.version, fragment=like.fragment, complete=like.complete)
    closed = frozenset(one.line for one in placeholders(config))
    found = ((rule.code, problem) for rule in rules for problem in islice(rule.check(config), COUNTED))
    counts = Counter(code for code, problem in found if not (problem.statement and problem.statement.line in closed))
    config.release()
    return counts


def _checked(config: Config, page: "_Page", rules: Sequence[Rule], undone: tuple[str, ...], told: int) -> Report:
    found: list[_Placed] = []
    more: list[More] = []
    muted = 0
    for rule in rules:
        listed, left, silent = _found(rule, rule.check(config), page)
        found += listed
        more += left
        muted += silent
    found.sort(key=lambda one: (one.bare.line, one.bare.column, one.bare.code))
    return Report(
        findings=_placed_in_files(_with_lines(_told(found, page, told), page, told), page.origin),
        secrets_masked=page.mask.count,
        reflowed=config.tree.reflowed,
        settings=len(config.directives),
        undone=undone,
        muted=muted,
        more=tuple(more),
        no_rules=tuple(_no_rules(page)),
    )


NO_RULES = 100
"""Words in comments that are told to be no rules."""


def _no_rules(page: "_Page") -> Iterator[tuple[str, str]]:
    """What a comment wants to mute and is no rule, repeated where it is evidently a name."""
    known = {word for rule in RULES for word in (rule.code.lower(), rule.name)}
    named = ((line, word) for line, word in page.wanted if word not in known)
    return ((str(page.origin.place(line)), asked(word)) for line, word in islice(named, NO_RULES))


class _Page:
    """A text with its lines, its secrets, and the comments in it that mute rules."""

    def __init__(self, text: str, origin: Origin) -> None:
        self.text = text
        self.origin = origin
        self.mask = Mask(text)
        self.lines = _Lines(text)
        self.wanted: list[tuple[int, str]] = []
        self.mutes = _mutes(text, self.lines, self.wanted)
        self.open_lines: frozenset[int] = frozenset()  # of a template, on which nothing is judged

    def place(self, problem: Problem) -> int:
        """The line where a problem begins."""
        return self.lines.place(problem.start)[0]


class _Placed(NamedTuple):
    """A finding that lacks its sentence."""

    bare: Finding
    rule: Rule
    problem: Problem


def _found(rule: Rule, problems: Problems, page: _Page) -> tuple[list[_Placed], list[More], int]:
    """The first findings of a rule, how many more there are, and how many are muted."""
    looked_at = [*islice(problems, COUNTED)]
    judged = [one for one in looked_at if rule.code == TEMPLATE or not _is_open(one, page)]
    heard = [one for one in judged if not page.mutes or not _is_muted(rule, page.place(one), page.mutes)]
    told = told_once(heard) if rule.once else heard
    left = Counter(one.severity or rule.severity for one in told[MOST:])
    is_endless = len(looked_at) == COUNTED
    more = [More(rule.code, rule.name, severity, count, is_endless) for severity, count in left.items()]
    return [_placed(rule, one, page) for one in told[:MOST]], more, len(judged) - len(heard)


def _is_open(problem: Problem, page: _Page) -> bool:
    """True on a line of a template that is still to be filled in."""
    if not page.open_lines:
        return False
    return (problem.statement.line if problem.statement else page.place(problem)) in page.open_lines


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
        self.text = text
        self.starts = line_starts(text)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, line: int) -> tuple[int, int]:
        """Where a line begins and where it ends, without its line break."""
        start = self.starts[line - 1]
        if line == len(self.starts):
            return start, len(self.text)
        stop = self.starts[line]
        return start, stop - (2 if self.text.startswith("\r\n", stop - 2) else 1)


def _placed(rule: Rule, problem: Problem, page: _Page) -> _Placed:
    line, column = page.lines.place(problem.start)
    stop = min(problem.stop, page.lines.span(line)[1])
    opening = problem.statement.block.opening if problem.statement else None
    bare = Finding(
        code=rule.code,
        rule=rule.name,
        severity=problem.severity or rule.severity,
        line=line,
        column=column,
        end_column=column + max(stop - problem.start, 1),
        message="",
        suggestion=None,
        basis=problem.basis or rule.basis,
        edits=problem.edits,
        says=problem.says,
        stanza=(opening.at, opening.stop) if opening else (0, 0),
    )
    return _Placed(bare, rule, problem)


def _told(found: Sequence[_Placed], page: _Page, most: int) -> tuple[Finding, ...]:
    """Each finding once, the weightiest with their sentences."""
    named: Collection[int] = range(len(found))
    if len(found) > most:
        met = Counter(one.bare for one in found)  # two at one place may say the same
        spare = len(found) - len(met)
        heavy = sorted(named, key=lambda number: weight(found[number].bare))[: most + spare]
        named = {*heavy, *(number for number, one in enumerate(found) if spare and met[one.bare] > 1)}
    told = (_finding(*one, page) if number in named else one.bare for number, one in enumerate(found))
    return tuple(dict.fromkeys(told))


def _finding(bare: Finding, rule: Rule, problem: Problem, page: _Page) -> Finding:
    start, end = page.lines.span(bare.line)
    saying = rule.says[problem.says]
    around = max(start, problem.start - AROUND), min(max(end, problem.stop), problem.stop + AROUND)
    cover = partial(page.mask.clean, start=around[0], stop=around[1])
    said = _in_files(problem.params, bare.line, page.origin)
    return replace(
        bare,
        message=filled(saying.message, shown(said, cover)),
        suggestion=filled(saying.suggestion, shown(said, cover, LONGEST_COVERED)) or None,
        params=harmless(said),
    )


def _in_files(params: Params, line: int, origin: Origin) -> Params:
    """Other lines that a sentence names: with their file, where that is another one."""
    params = with_other_lines(params, lambda other: _other_line(other, line, origin))
    other = params.get(LINE)
    if not origin.stretches or not isinstance(other, int):
        return params
    place = origin.place(other)
    is_near = place.file == origin.place(line).file
    return {**params, LINE: place.line if is_near else f"{place.line} of {place.file}"}


def _other_line(other: int, line: int, origin: Origin) -> str:
    if not origin.stretches:
        return str(other)
    place = origin.place(other)
    return str(place.line) if place.file == origin.place(line).file else f"{place.line} of {place.file}"


def _placed_in_files(findings: tuple[Finding, ...], origin: Origin) -> tuple[Finding, ...]:
    """With file and line: what a file has that is included twice is found twice and said once."""
    if not origin.stretches:
        return findings
    placed = (replace(one, file=place.file, line=place.line) for one, place in _places(findings, origin))
    return tuple(dict.fromkeys(placed))


def _places(findings: tuple[Finding, ...], origin: Origin) -> Iterator[tuple[Finding, Place]]:
    return ((one, origin.place(one.line)) for one in findings)


def _with_lines(findings: tuple[Finding, ...], page: _Page, told: int) -> tuple[Finding, ...]:
    """Those that a listing shows get their lines: the first by line, and the worst."""
    if len(findings) <= SHOWN:
        return tuple(_quoted(one, page) for one in findings)
    first = findings[:SHOWN] if len(findings) <= told else ()
    shown = {id(one) for one in (*first, *sorted(findings, key=weight)[: min(SHOWN, told)])}
    return tuple(_quoted(one, page) if id(one) in shown else one for one in findings)


def _quoted(finding: Finding, page: _Page) -> Finding:
    """The finding with its line, secrets covered, and where its place stands in that."""
    begin, end = page.lines.span(finding.line)
    start = begin + finding.column - 1
    stop = min(begin + finding.end_column - 1, end)
    low = begin if end - begin <= QUOTED else max(begin, start - BEFORE)
    high = min(end, low + QUOTED)
    covered = page.mask.hidden(start, stop)
    start = max(low, min(start, covered[0][0])) if covered else start
    applied = page.mask.apply(low, high)
    quoted = page.mask.about(applied)
    show = page.mask.apply if quoted == applied else page.mask.shown
    before, after = ("…" if low > begin else ""), ("…" if high < end else "")
    head = before + show(low, start)
    marked = (len(head), len(head) + len(show(start, stop)))
    return replace(finding, quoted=f"{before}{quoted}{after}", marked=marked, mark=_mark(quoted, finding, page))


def _mark(quoted: str, finding: Finding, page: _Page) -> str:
    """Of the line and the tag round it as they may be shown: a guess at what is covered cannot be tried on it."""
    tag = page.mask.shown(*finding.stanza) if finding.stanza[1] else ""
    return sha256(f"{' '.join(quoted.split())}\n{tag}".encode("utf-8", "replace")).hexdigest()[:12]


def _mutes(text: str, lines: _Lines, wanted: list[tuple[int, str]]) -> dict[int, frozenset[str]]:
    """The codes that a comment switches off by line: its own line, and the next one when it stands alone.

    `wanted` takes each with the line of its comment.
    """
    mutes: dict[int, frozenset[str]] = {}
    for found in _MUTE.finditer(text):
        line, _ = lines.place(found.start())
        codes = frozenset(re.findall(r"[\w-]+", found[1].lower())) if found[1] else frozenset({"all"})
        wanted += [(line, code) for code in sorted(codes - {"all"})]
        indent = _INDENT.match(text, lines.starts[line - 1], found.start())
        alone = indent is not None and indent.end() == found.start()
        for place in (line, line + 1) if alone else (line,):
            mutes[place] = mutes.get(place, frozenset()) | codes
    return mutes


def _is_muted(rule: Rule, line: int, mutes: dict[int, frozenset[str]]) -> bool:
    codes = mutes.get(line, frozenset())
    return bool(codes & {"all", rule.code.lower(), rule.name})
