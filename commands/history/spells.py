"""From when to when results of a target showed something: checks of several ports and places together. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from commands.history.change_log import Segment
from commands.history.filters import Filters
from commands.history.having import has
from storage.history import Run

RECENT = timedelta(days=1)
"""What was so when it was looked at last, so long ago at most, goes on: a newer result may be of other ports."""


@dataclass(frozen=True, slots=True)
class Spell:
    """From the first result that showed it to the last; `gone` is the next of its kind, which does not.

    `came`: one before of its kind did not either. A port that never was well may be none of the host's.
    """

    began: Run
    last: Run
    gone: Run | None = None
    came: bool = False

    def goes_on(self, now: datetime) -> bool:
        return self.came and self.gone is None and now - self.last.last <= RECENT


def last_spell(segments: Sequence[Segment], filters: Filters) -> Spell | None:
    """The newest; what several saw at one time is one, and is over when the last of them sees it no more."""
    found: list[Spell] = []
    for spell in sorted(_spells(segments, filters), key=lambda one: one.began.first):
        if found and spell.began.first <= _seen_until(found[-1]):
            before = found.pop()
            later = max(before, spell, key=lambda one: one.last.last)
            found.append(replace(later, began=before.began))
        else:
            found.append(spell)
    return max(found, key=lambda one: one.last.last, default=None)


def _seen_until(spell: Spell) -> datetime:
    """Until it was looked at again nobody knew better."""
    return spell.gone.first if spell.gone else spell.last.last


def _spells(segments: Sequence[Segment], filters: Filters) -> Iterator[Spell]:
    """Those of each scope and place. What came to nothing says nothing."""
    told = [each for each in segments if each[1].get("endpoints") or has(each[1], filters.having, filters.port)]
    for _, of_scope in groupby(sorted(told, key=_scope), _scope):
        shown: Spell | None = None
        came = False
        for run, document in of_scope:
            if has(document, filters.having, filters.port):
                shown = replace(shown, last=run) if shown else Spell(run, run, came=came)
                continue
            if shown:
                yield replace(shown, gone=run)
            shown, came = None, True
        if shown:
            yield shown


def _scope(segment: Segment) -> tuple[str, str, str]:
    return segment[0].team, segment[0].vantage, segment[0].scope
