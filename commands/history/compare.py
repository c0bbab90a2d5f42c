"""Two results side by side, only what differs; the other one can be chosen."""

from collections.abc import Callable, Sequence
from datetime import timedelta, tzinfo

from commands.blocks import Block, actions, context, divider, header, menu, section
from commands.contract import DeclinedError, Modal
from commands.history.change_log import change_log
from commands.history.changes import Change
from commands.history.differences import differences
from commands.history.line import together, when, who
from commands.history.wording import sides
from commands.plural import plural
from commands.sharing import GONE
from commands.slack_text import clean, escape
from commands.smtpcheck.result.sentences.choice import summary_in
from commands.smtpcheck.result.sentences.languages import WORDS
from storage.history import Entry, Line, Query, ReadHistory, Viewer

CHOICES = 50
SHOWN = 40
"""Differences in one dialogue: each is a block, and a view holds 100."""


async def compared(
    value: str, history: ReadHistory, viewer: Viewer, zone: tzinfo, spoken: Callable[[Line], Line]
) -> Modal:
    """`<id>` against the last result that differed (else the one before), or `<id> <other id>`.

    `zone` is the asker's: the lines of a menu have no dates that Slack would put into it. `spoken` gives a line words.
    """
    id, _, chosen = value.partition(" ")  # noqa: A001 - the name of the field
    entry = await history.get(id, viewer)
    if entry is None:
        raise DeclinedError(GONE, "Run it again.")
    alike = await _alike(entry, history, viewer)
    others = [spoken(line) for line in alike if line.id != entry.id]
    if not others:
        return Modal("Compare", [section(f"This is the only result of *{escape(entry.target, 120)}* so far.")])
    other = await history.get(chosen or await _default(entry, alike, history, viewer), viewer)
    if other is None or (other.kind, other.target) != (entry.kind, entry.target):
        raise DeclinedError(GONE, "Choose another result.")
    return view(entry, other, others, zone)


async def _alike(entry: Entry, history: ReadHistory, viewer: Viewer) -> list[Line]:
    """Results of the same kind and target; of a config or an advice without a target there are many of one name."""
    return await history.page(Query(viewer, target=entry.target, kind=entry.kind), limit=CHOICES)


async def _default(entry: Entry, alike: Sequence[Line], history: ReadHistory, viewer: Viewer) -> str:
    if before := await _before_change(entry, history, viewer):
        return before
    others = [line for line in alike if line.id != entry.id]
    return next((line.id for line in others if line.started_at < entry.started_at), others[0].id)


async def _before_change(entry: Entry, history: ReadHistory, viewer: Viewer) -> str:
    """The last result before the last change; "" where none is known."""
    if entry.kind != "check":
        streak = await history.streak(entry, viewer)
        return streak.before.id if streak and streak.before else ""
    until = entry.started_at + timedelta(microseconds=1)
    steps = (await change_log(Query(viewer, target=entry.target, kind="check", until=until), history)).steps
    return steps[-1].before if steps else ""


def view(entry: Entry, other: Entry, others: Sequence[Line], zone: tzinfo) -> Modal:
    """The older one stands on the left."""
    before, after = sorted((entry, other), key=lambda each: (each.started_at, each.id))
    found = differences(entry.kind, before.document, after.document)
    top = [
        header(entry.target or "Port advice"),
        {"type": "section", "fields": [_field("Before", before), _field("After", after)]},
        divider(),
    ]
    left = len(found) - SHOWN
    more = [context(f"{plural(left, 'more difference')}.")] if left > 0 else []
    same = [] if found else [section("Nothing that matters is different: only times differ.")]
    return Modal(
        "Compare", [*top, *same, *map(_difference, found[:SHOWN]), *more, divider(), _choice(entry, others, zone)]
    )


def _field(title: str, entry: Entry) -> Block:
    """Who and when. A date inside a field is shown in the reader's zone, too."""
    asked = ", ".join(filter(None, (who(entry.actor, entry.surface), together(entry))))
    text = f"*{title}*\n{when(entry.started_at)}\n{asked}"
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _difference(change: Change) -> Block:
    title, before, after = sides(change)
    fields = [{"type": "mrkdwn", "text": escape(side, 600) or "–", "verbatim": True} for side in (before, after)]
    text = {"type": "mrkdwn", "text": f"*{escape(title, 200)}*", "verbatim": True}
    return {"type": "section", "text": text, "fields": fields}


def _choice(entry: Entry, others: Sequence[Line], zone: tzinfo) -> Block:
    options = [(f"{entry.id} {line.id}", _option(line, zone)) for line in others]
    return actions(menu("smtphistory.compare", options, "Compare with another result"))


def _option(line: Line, zone: tzinfo) -> str:
    """`Thu 2026-11-26 14:38: works, with faults`; of what is no check, what its summary says."""
    words = WORDS.VERDICTS.get(line.verdict, line.verdict) if line.kind == "check" else summary_in(line.summary)
    return f"{line.started_at.astimezone(zone):%a %Y-%m-%d %H:%M}: {clean(words)}"
