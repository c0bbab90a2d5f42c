"""The filtered history as a file, sent by direct message: private messages carry no files."""

import io
from collections.abc import AsyncIterator
from typing import Protocol

from commands.contract import Attachment, Reply, Request
from commands.history.export_formats import Format
from commands.history.filters import Filters
from commands.history.listing import query_of
from commands.history.view import heading, left_out
from storage.history import Entry, Found, Query, ReadHistory, Viewer

MOST_BYTES = 50 * 1024 * 1024
"""It is made in memory, and a spreadsheet takes no more."""
PAGE = 200


class Needs(Protocol):
    """What an export needs of the application."""

    @property
    def history(self) -> ReadHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    def with_sentences(self, entry: Entry) -> Entry:
        """A stored result as it is exported: with the sentences that are not stored."""


async def exported(form: Format, filters: Filters, request: Request, services: Needs) -> Reply:
    """The newest results that match, at most `MOST_BYTES`; what is left out is said."""
    out = io.StringIO(newline="")
    writer = form.writer(out)
    written = damaged = 0
    full = False
    async for page in _pages(query_of(filters, request, await services.viewer()), services.history):
        damaged += page.damaged
        for entry in page:
            writer.write(services.with_sentences(entry))
            written += 1
            if full := out.tell() >= MOST_BYTES:
                break
        if full:
            break
    writer.close()
    lost = f"\n{left_out(damaged)}" if damaged else ""
    if not written:
        return Reply(f"Nothing to export that you may see: *{heading(filters)}*.{lost}")
    name = f"portero-history-{request.at:%Y%m%d-%H%M%S}.{form.ending}"
    results = "1 result" if written == 1 else f"{written:,} results"
    cut = " These are the newest; narrow it down with filters for older ones." if full else ""
    said = (
        f":page_facing_up: {results} as {form.label}: `{name}` comes to your direct messages with Portero.{cut}{lost}"
    )
    return Reply(said, files=(Attachment(name, out.getvalue().encode()),))


async def _pages(query: Query, history: ReadHistory) -> AsyncIterator[Found[Entry]]:
    before = None
    while page := await history.entries(query, limit=PAGE, before=before):
        yield page
        before = page[-1].cursor
    yield page  # none of it could be read, if there was anything
