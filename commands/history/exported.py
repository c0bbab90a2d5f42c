"""The filtered history as a file, sent by direct message: private messages carry no files."""

import io
from collections.abc import AsyncIterator
from typing import Protocol

from commands.contract import Attachment, Reply, Request
from commands.history.export import FORMATS
from commands.history.filters import Filters
from commands.history.listing import query_of
from commands.history.view import heading
from storage.interface import Entry, History, Query

MOST = 10_000
MOST_BYTES = 20 * 1024 * 1024
PAGE = 200
NAMES = {"csv": "CSV", "jsonl": "JSON lines"}


class Needs(Protocol):
    """What an export needs of the application."""

    @property
    def history(self) -> History: ...

    def told(self, entry: Entry) -> Entry:
        """A stored result as it is exported: with the sentences that are not stored."""


async def exported(form: str, filters: Filters, request: Request, services: Needs) -> Reply:
    """The newest results that match, at most `MOST` of them and `MOST_BYTES`; what is left out is said."""
    out = io.StringIO(newline="")
    writer = FORMATS[form](out)
    written = 0
    full = False
    async for entry in _entries(query_of(filters, request), services.history):
        writer.write(services.told(entry))
        written += 1
        full = written >= MOST or out.tell() >= MOST_BYTES
        if full:
            break
    if not written:
        return Reply(f"Nothing to export that you may see: *{heading(filters)}*.")
    name = f"portero-history-{request.at:%Y%m%d-%H%M%S}.{form}"
    results = "1 result" if written == 1 else f"{written:,} results"
    cut = " These are the newest; narrow it down with filters for older ones." if full else ""
    said = f":page_facing_up: {results} as {NAMES[form]}: `{name}` is in your direct messages with Portero.{cut}"
    return Reply(said, files=(Attachment(name, out.getvalue().encode()),))


async def _entries(query: Query, history: History) -> AsyncIterator[Entry]:
    before = None
    while page := await history.entries(query, limit=PAGE, before=before):
        for entry in page:
            yield entry
        before = page[-1].cursor
