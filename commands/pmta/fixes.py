"""The safe fixes of a report, made: the mended text, and what changed in it line by line (secrets covered)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from commands.pmta.findings.model import Edit, Finding, Report
from commands.pmta.formatter import formatted
from commands.pmta.language.config import Config
from commands.pmta.language.line_starts import line_starts
from commands.pmta.masking import Mask
from commands.secrets import masking

Made: TypeAlias = tuple[Finding, Edit]
_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Change:
    """One line (counted from 1) before and after, masked, with the rules that changed it (`PMTA417 sha1-signature`).

    `before` may hold several lines where an edit spans them; line 0 stands for the whole text.
    """

    line: int
    before: str
    after: str
    rules: tuple[str, ...]


def safe_fixes(text: str, report: Report) -> str:
    """The text with the edits of its findings made; where line breaks were lost, with its line breaks restored."""
    mended = edited(text, report)
    return reflowed(mended) if report.reflowed else mended


def edited(text: str, report: Report) -> str:
    """The text with the edits of its findings made."""
    return _edited(text, 0, len(text), [edit for _, edit in _made(report)])


def edited_mask(report: Report, before: Mask) -> Mask:
    """The edited text with its secrets, which are looked for where it is edited."""
    edits = [masking.Edit(edit.start, edit.stop, len(edit.text)) for _, edit in _made(report)]
    return before.edited(edited(before.text, report), edits)


def reflowed(text: str) -> str:
    """A text with one setting a line, its line breaks of the kind that it has."""
    config = Config(text)
    broken = formatted(config.tree)
    config.release()
    return broken.replace("\n", "\r\n") if "\r\n" in text else broken


def changes(text: str, report: Report) -> tuple[Change, ...]:
    """What `safe_fixes` changes, in order. What two findings say of one line is one change."""
    if not is_fixable(report):
        return ()
    before = Mask(text)
    return tuple(Changes(report, before, edited_mask(report, before)))


def is_fixable(report: Report) -> bool:
    return report.reflowed or any(finding.edits for finding in report.findings)


class Changes:
    """The same, of a text and the edited one whose secrets are known: each is worked out when it is asked for."""

    def __init__(self, report: Report, before: Mask, after: Mask) -> None:
        self._before, self._after = before, after
        self._ends = line_starts(before.text)[1:]
        self._groups = _by_lines(_made(report), self._ends)
        self._is_reflowed = report.reflowed

    def __len__(self) -> int:
        return len(self._groups) + self._is_reflowed

    def __iter__(self) -> Iterator[Change]:
        ends, moved = self._ends, 0
        for first, last, group in self._groups:
            start, stop = (
                (ends[first - 1] if first else 0),
                (ends[last] if last < len(ends) else len(self._before.text)),
            )
            grown = sum(len(edit.text) - (edit.stop - edit.start) for _, edit in group)
            written = self._before.about(self._after.apply(start + moved, stop + moved + grown).strip())
            yield Change(first + 1, self._before.shown(start, stop).strip(), written, _rules(group))
            moved += grown
        if self._is_reflowed:
            yield _reflow()


def _by_lines(made: Sequence[Made], ends: Sequence[int]) -> list[tuple[int, int, list[Made]]]:
    """The edits that share lines together, with their first and last line counted from 0."""
    groups: list[tuple[int, int, list[Made]]] = []
    for finding, edit in made:
        first, last = bisect_right(ends, edit.start), bisect_right(ends, max(edit.start, edit.stop - 1))
        if groups and first <= groups[-1][1]:
            groups[-1][2].append((finding, edit))
            groups[-1] = (groups[-1][0], max(last, groups[-1][1]), groups[-1][2])
        else:
            groups.append((first, last, [(finding, edit)]))
    return groups


def _rules(group: Sequence[Made]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{finding.code} {finding.rule}" for finding, _ in group))


def _made(report: Report) -> list[Made]:
    """The edits that are made, each once and none over another, with the first finding that wants it."""
    wanted: dict[Edit, Finding] = {}
    for finding in report.findings:
        for edit in finding.edits:
            wanted.setdefault(edit, finding)
    made: list[Made] = []
    for edit, finding in sorted(wanted.items(), key=lambda item: (item[0].start, item[0].stop)):
        if not made or edit.start >= made[-1][1].stop:
            made.append((finding, edit))
    return made


def _edited(text: str, start: int, stop: int, edits: Sequence[Edit]) -> str:
    """A stretch of the text with the edits inside it made."""
    made, position = [], start
    for edit in edits:
        made += [text[position : edit.start], edit.text]
        position = edit.stop
    return "".join([*made, text[position:stop]])


def _reflow() -> Change:
    return Change(0, "settings that share a line", "one setting a line", ("lost line breaks",))


def listing(found: Changes | Sequence[Change], most: int = 200) -> list[str]:
    """The changes as text: `line 3  PMTA417 sha1-signature`, below it before and after."""
    made = []
    for change in islice(found, most):
        where = f"line {change.line}" if change.line else "the whole text"
        made.append(f"{where}  {', '.join(change.rules)}")
        made += [f"    - {line}" for line in _BREAK.split(change.before)]
        made += [f"    + {line}" for line in _BREAK.split(change.after or "(nothing)")]
    return [*made, f"{len(found) - most} more changes."] if len(found) > most else made
