"""`/portero log`: who changed what, a page of it, newest first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from commands.blocks import Block, actions, button, context, section
from commands.contract import Reply, Request, UserError
from commands.history.line import when
from commands.history.listing import zone_of
from commands.history.log_filters import LOG, LogFilters, parse_log, query_of, refuse_a_mere_word
from commands.history.log_words import SLACK, sentence
from commands.plural import plural
from commands.slack_text import escape
from storage.audit import AuditEntry, ReadAudit
from storage.history import Found, Viewer

ROWS = 15
TOGETHER = 5
"""Lines of a section."""

TRAIL = 20
EVERYTHING = "Who changed what"
NOTHING = "Nothing that you may see was changed"
EXAMPLES = (
    ("log since monday", "who changed what since then; also until, yesterday, nov 1 nov 5"),
    ("log mail.example.com", "of a host, a watch (w-7k3fq), a machine or a setting"),
    ("log by @ana mutes", "also watches, acknowledgements, tags, digests, deletions, vantages, settings"),
    ("log here", "of this channel; also mine"),
)
ABOUT = (
    "You see what you did yourself and what concerns the channels you are in; admins see all. The same in a terminal: "
    "`portero log`."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: its number from 1, and the cursors of it and of those before it (the first has none)."""

    filters: LogFilters
    number: int = 1
    trail: tuple[str, ...] = ()

    def older(self, cursor: str) -> str:
        return _written(self.filters, self.number + 1, (*self.trail, cursor)[-TRAIL:])

    def newer(self) -> str:
        """Where the cursor of the page before is not known any more, the first."""
        trail = self.trail[:-1]
        known = trail or self.number == 2
        return _written(self.filters, self.number - 1 if known else 1, trail)


def _written(filters: LogFilters, number: int, trail: tuple[str, ...]) -> str:
    return json.dumps({"f": filters.text, "n": number, "t": trail}, separators=(",", ":"))


def read_place(value: str) -> Place:
    """The page in a button's value. Raises `UserError`."""
    try:
        kept = json.loads(value)
        filters, number, trail = parse_log(str(kept["f"])), int(kept["n"]), tuple(map(str, kept["t"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("That page cannot be turned any more.", "Type `/portero log` again.", LOG) from error
    return Place(filters or _all(), number, trail)


def _all() -> LogFilters:
    found = parse_log("")
    assert found is not None  # noqa: S101 - nothing is no question for help
    return found


async def typed(text: str, request: Request, log: ReadAudit, viewer: Viewer) -> Reply:
    """The first page of what was typed behind `log`. Raises `UserError`."""
    filters = parse_log(text)
    if filters is None:
        return _help()
    return await page(Place(filters), request, log, viewer)


def _help() -> Reply:
    lines = [f"• `/portero {escape(example)}` {meaning}" for example, meaning in EXAMPLES]
    text = "\n".join([f"*{EVERYTHING}*", ABOUT, *lines])
    return Reply(text, [section(text)])


async def turned(request: Request, log: ReadAudit, viewer: Viewer) -> Reply:
    """The buttons Newer and Older: another page in place of this one."""
    return await page(read_place(request.value), request, log, viewer, replace=True)


async def page(place: Place, request: Request, log: ReadAudit, viewer: Viewer, *, replace: bool = False) -> Reply:
    query = query_of(place.filters, request, viewer, zone_of(request))
    before = place.trail[-1] if place.trail else None
    found = await log.audit(query, limit=ROWS + 1, before=before)
    if not found:
        refuse_a_mere_word(place.filters)
    total = await log.count_audit(query)
    title = f"*{': '.join(filter(None, (EVERYTHING, place.filters.heading)))}*"
    if not found:
        return _nothing(title, replace=replace)
    lines = [f"{when(entry.at)}  {sentence(entry, SLACK)}" for entry in found[:ROWS]]
    counted = _counted(place, len(lines), total)
    parts = ["\n".join(lines[at : at + TOGETHER]) for at in range(0, len(lines), TOGETHER)]
    lost = [context(f":warning: {plural(found.damaged, 'line')} cannot be read.")] if found.damaged else []
    blocks = [section(title), context(counted), *map(section, parts), *lost, *_turning(place, found)]
    return Reply("\n".join([title, counted, *lines]), blocks, replace=replace)


def _counted(place: Place, here: int, total: int) -> str:
    if total == 1:
        return "1 change"
    first = (place.number - 1) * ROWS + 1
    return f"{first:,} to {first + here - 1:,} of {total:,}, newest first"


def _nothing(title: str, *, replace: bool) -> Reply:
    text = f"{title}\n{NOTHING}. `/portero log help` says how to ask."
    return Reply(text, [section(text)], replace=replace)


def _turning(place: Place, found: Found[AuditEntry]) -> Iterator[Block]:
    row = [button("Newer", "portero.log", place.newer())] if place.number > 1 else []
    row += [button("Older", "portero.older", place.older(found[ROWS - 1].cursor))] if len(found) > ROWS else []
    if row:
        yield actions(*row)
