"""The log of changes in Slack, newest first: what changed when, what stood there before, how long it has been so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from commands.blocks import Block, actions, beside, button, context, section
from commands.contract import Reply
from commands.history.change_log import Step
from commands.history.changes import Change
from commands.history.having import is_pattern
from commands.history.line import seen_from, when
from commands.history.listing import Place
from commands.history.view import heading
from commands.history.wording import results, sentences
from commands.plural import plural
from commands.slack_text import escape

ROWS = 10
SENTENCES = 8
"""Of one step; the rest is behind its button."""


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of steps, newest first: `total` there are, of `targets` hosts in `results` results.

    `unjudged` of them came to nothing. `cut`: older ones were not read; `left_out`: other hosts were not.
    `before` is the last step before the time, where there is none in it.
    """

    place: Place
    steps: Sequence[Step]
    total: int
    targets: Sequence[str]
    results: int
    unjudged: int = 0
    cut: bool = False
    left_out: bool = False
    before: Step | None = None


def page(found: Changes, *, replace: bool) -> Reply:
    """A page of the log; bad news is none: the history only tells."""
    several = _is_of_several(found)
    title = f"*{heading(found.place.filters)}*"
    lines = ["\n".join(_words(step, several=several)) for step in found.steps]
    counted = _counted(found)
    rows = [
        beside(line, button("Open", "smtpcheck.details", step.id)) if step.id else section(line)
        for line, step in zip(lines, found.steps, strict=True)
    ]
    blocks = [section(title), context(counted), *rows, *_buttons(found)]
    facts = [row for step in found.steps for row in facts_of(step)]
    return Reply("\n".join([title, counted, *lines]), blocks, replace=replace, facts=facts)


def facts_of(step: Step) -> Iterator[dict[str, Any]]:
    """A row for each thing that changed."""
    for change in step.changes:
        yield {
            "target": step.target,
            "at": step.at,
            "id": step.id,
            "before_at": step.before_at if step.id else None,
            "before_id": step.before,
            **of_change(change),
            "results": step.count,
            "from": step.vantage,
        }


def of_change(change: Change) -> dict[str, Any]:
    """What it is, where, and what stands on its sides."""
    return {"change": change.code, "place": change.place, "before": change.before, "after": change.after}


def _words(step: Step, *, several: bool) -> Iterator[str]:
    target = f"{escape(step.target, 120)} " if several else ""
    so = f" · {results(step.count)} since" if step.count > 1 else ""
    before = f"before: as on {when(step.before_at)}" if step.id else "as a watch told"
    yield f"*{target}{when(step.at)}*{seen_from(step.vantage)} ({before}){so}"
    said = sentences(step.changes)
    yield from (f"• {escape(words, 300)}" for words in said[:SENTENCES])
    if len(said) > SENTENCES:
        yield f"• {len(said) - SENTENCES} more"


def _is_of_several(found: Changes) -> bool:
    target = found.place.filters.target
    return not target or is_pattern(target)


def _counted(found: Changes) -> str:
    """`3 changes of mail.example.com in 8,640 results, newest first`."""
    where = f" of {plural(len(found.targets), 'host')}" if _is_of_several(found) else ""
    seen = f"{where} in {results(found.results)}{unjudged(found.unjudged)}"
    cut = " Older ones were not looked at: name a time." if found.cut else ""
    cut += " Other hosts were not looked at: name some, `*.example.com`." if found.left_out else ""
    if not found.total:
        last = f" The last change before: {when(found.before.at)}." if found.before else ""
        none = f"No change is known{seen}" if found.results else NO_RESULT[_has_time(found)]
        return f"{none}.{last}{cut}"
    seen = seen if found.results else where
    first = (found.place.number - 1) * ROWS + 1
    shown = f"{first} to {first + len(found.steps) - 1} of " if found.total > len(found.steps) else ""
    return f"{shown}{plural(found.total, 'change')}{seen}, newest first.{cut}"


NO_RESULT = ("No result is known to compare", "No result is known in that time")


def _has_time(found: Changes) -> bool:
    return bool(found.place.filters.since or found.place.filters.until)


def unjudged(count: int) -> str:
    return f" ({count:,} of them could not be judged)" if count else ""


def _buttons(found: Changes) -> list[Block]:
    place, row = found.place, []
    if place.number > 1:
        row.append(button("Newer", "smtphistory.newer", Place(place.filters, place.number - 1).written()))
    if place.number * ROWS < found.total:
        row.append(button("Older", "smtphistory.older", Place(place.filters, place.number + 1).written()))
    return [actions(*row)] if row else []
