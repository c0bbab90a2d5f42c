"""What people noted of the incidents of a host, as the history of the host shows it."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

from commands.history.line import when, who
from commands.slack_text import escape, in_code
from storage.queries import Viewer
from storage.watches import ReadWatches, StoredEvent

MOST = 3
NOTE = ":memo: {when} {who}: {text}"
MORE = "and {count} more: `/smtpwatch incidents {host}`"


async def notes_of(
    host: str, of: Collection[str], since: datetime, until: datetime, viewer: Viewer, watches: ReadWatches
) -> Sequence[str]:
    """The newest first, of these watches on the host. Mrkdwn, escaped."""
    found = await asyncio.gather(*(watches.events(viewer, watch=one) for one in of))
    rows = [row for told in found for row in told if since <= row.at <= until and _is_note(row)]
    lines = [_line(row) for row in sorted(rows, key=lambda row: (row.at, row.id), reverse=True)]
    more = [MORE.format(count=len(lines) - MOST, host=in_code(host, 120))] if len(lines) > MOST else []
    return [*lines[:MOST], *more]


def _is_note(row: StoredEvent) -> bool:
    """What was noted of several in one message is told by one of them."""
    facts = row.document["facts"]
    return row.kind == "noted" and facts.get("what") == "note" and facts.get("together") != 0


def _line(row: StoredEvent) -> str:
    facts = row.document["facts"]
    return NOTE.format(
        when=when(row.at), who=who(str(facts.get("who") or ""), ""), text=escape(str(facts.get("text") or ""), 300)
    )
