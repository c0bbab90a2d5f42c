"""What `/smtphistory` answers in words, in a terminal: changes, since when, certificates, which hosts, one result."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO, TypeAlias, cast

from bot.console.instead import of_terminal
from bot.console.local_zone import zone_of_machine
from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import Screen, complain, say_json, say_text
from bot.entry_sentences import line_with_words, with_sentences
from bot.terminal.history_lists import WRITERS, EntryWriter, MarkdownWriter, markdown_head, markdown_row
from commands.contract import Actor, Reply, Request, UserError
from commands.csv_cells import csv_cell
from commands.history.about import about
from commands.history.about_view import summary_of
from commands.history.export_formats import written as instant
from commands.history.filters import Filters, described
from commands.history.fits import lists_results
from commands.history.handler import answered
from commands.history.instead import Instead, instead
from commands.history.listing import Place
from commands.history.view import may_be_a_word, no_word
from commands.history.wording import up_to
from commands.slack_text import clean
from commands.smtpcheck.arguments import Arguments
from storage.history import FAILED, Entry, History, Line, Query, Viewer
from storage.watches import Watches

SCHEMA = "portero.history.answer/1"
Fact: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Services:
    """What `/smtphistory` needs, for whoever runs Portero."""

    history: History
    watches: Watches
    asker: Viewer

    async def viewer(self) -> Viewer:
        return self.asker

    async def tagged(self, tag: str) -> list[str]:
        return await self.watches.tagged(tag, self.asker)

    def provider_hosts(self, name: str) -> Callable[[str], bool]:
        from commands.smtpport.catalogue.lookup import hosts_called  # noqa: PLC0415 - only this question reads it

        return hosts_called(name)

    def with_sentences(self, entry: Entry) -> Entry:
        return with_sentences(entry)

    def line_with_words(self, line: Line) -> Line:
        return line_with_words(line)


async def answer(place: Place, services: Services, form: str) -> int:
    """What Slack would show; for programs what it rests on."""
    reply = await answered(place, _request(place.filters), services)
    said = in_words(reply.text)
    if form in WRITERS and lists_results(place.filters):
        await _results(reply.facts, services, form)
    else:
        _say(reply, form)
    if not reply.facts and form != "text":
        complain(*said.splitlines())
    return FINE if reply.good else BAD_NEWS


def _say(reply: Reply, form: str) -> None:
    said = in_words(reply.text)
    if form == "text":
        say_text(said)
    else:
        FACTS[form](said, [_plain(fact) for fact in reply.facts])


async def two_hosts(asked: Sequence[Arguments], services: Services, form: str) -> int:
    """What differs between the last results of two hosts, and what is equal."""
    from commands.smtpcheck.questions.view import comparison  # noqa: PLC0415 - only this question reads it
    from commands.smtpcheck.several.view import Found  # noqa: PLC0415

    names = [one.target.name for one in asked]
    last = {name: await services.history.last_of(name, services.asker) for name in names}
    if missing := [name for name, entry in last.items() if entry is None]:
        raise UserError(f"No check of {missing[0]} is known.", f"portero check {missing[0]}")
    found = Found({name: with_sentences(entry).document for name, entry in last.items() if entry})
    reply = comparison(names, found, " ".join(names), datetime.now(UTC), ports=asked[0].ports)
    _say(reply, form)
    return FINE if reply.good else BAD_NEWS


async def _results(facts: Sequence[Fact], services: Services, form: str) -> None:
    writer = WRITERS[form](cast("TextIO", Screen()))
    for fact in facts:
        if entry := await services.history.get(fact["id"], services.asker):
            writer.write(with_sentences(entry))
    writer.close()


def _plain(fact: Fact) -> dict[str, Any]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in fact.items()}


def _document(said: str, rows: Sequence[Fact]) -> None:
    say_json({"schema": SCHEMA, "text": said, "rows": rows})


def _lines(_said: str, rows: Sequence[Fact]) -> None:
    for row in rows:
        say_json(row, indent=None)


def _csv(_said: str, rows: Sequence[Fact]) -> None:
    out = csv.writer(cast("TextIO", Screen()))
    out.writerow(_names(rows))
    out.writerows([csv_cell(_cell(row.get(name))) for name in _names(rows)] for row in rows)


def _markdown(_said: str, rows: Sequence[Fact]) -> None:
    names, out = _names(rows), Screen()
    out.write(markdown_head(names))
    for row in rows:
        out.write(markdown_row([_cell(row.get(name)) for name in names]))


def _names(rows: Sequence[Fact]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else value


FACTS: Mapping[str, Callable[[str, Sequence[Fact]], None]] = {
    "json": _document,
    "jsonl": _lines,
    "csv": _csv,
    "md": _markdown,
}
"""By what stands behind `--format`."""


async def tell_about(query: Query, services: Services) -> None:
    """Of one target, above its results: what changed last, how often it was well, what ends; in UTC as all of it."""
    now = datetime.now(UTC)
    known = await about(query, now, services.history, services.watches)
    lines = summary_of(known, now) if known else []
    if lines:
        say_text(f"{in_words(chr(10).join(lines))}\n")


async def nothing(filters: Filters, services: Services) -> list[str]:
    """What was looked for, and the nearest that there is."""
    found = await instead(filters, _request(filters), services.history, services.asker)
    if found is None:
        everything = await services.history.count(Query(services.asker))
        found = Instead(Filters(all=True), everything) if everything else None
    if found is None:
        return ["Nothing was checked yet."]
    words = ", ".join([filters.target, *described(filters)]).removeprefix(", ")
    said, line = clean(in_words(words), 200), f"portero history {found.filters.text}"
    unknown = [in_words(no_word(filters))] if may_be_a_word(filters) else []
    if not found.count:
        return [f"Nothing found: {said}.", *unknown, f"Did you mean {line}?"]
    counted = "1 result" if found.count == 1 else f"{up_to(found.count)} results"
    if found.filters.watches:
        return [f"Nothing found: {said}.", *unknown, f"What watches of theirs ran: {counted}, {line}"]
    left = f"Without the other words: {counted}," if found.filters.target else f"All that there is: {counted},"
    return [f"Nothing found: {said}.", *unknown, f"{left} {line}"]


def _request(filters: Filters) -> Request:
    actor = Actor("", "", admin=True, zone_name=zone_of_machine())
    return Request("smtphistory", actor, datetime.now(UTC), text=filters.text, surface="terminal")


def in_words(mrkdwn: str) -> str:
    """What Slack would show, as a terminal shows it."""
    from commands.watch.view.plain_text import plain  # noqa: PLC0415 - the words of watches come with it

    return of_terminal(plain(mrkdwn)).rstrip()


def show(entry: Entry, form: str) -> int:
    """One result, opened by its id."""
    out: Any = Screen()
    if form == "md":
        MarkdownWriter(out).write(entry)
    else:
        writer = EntryWriter(out) if form == "text" else WRITERS[form](out)
        writer.write(entry)
        writer.close()
    return BAD_NEWS if entry.verdict in FAILED else FINE
