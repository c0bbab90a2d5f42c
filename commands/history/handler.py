"""`/smtphistory`: looks back, compares, exports, deletes. It stores nothing itself."""

import dataclasses
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from commands import times
from commands.audited import Deed
from commands.contract import Action, Command, DeclinedError, Example, Reply, Request, Step, UserError
from commands.help_card import help_card
from commands.history import view
from commands.history.about import about
from commands.history.certificates_reply import certificates
from commands.history.changes_reply import changed
from commands.history.compare import compared
from commands.history.compare_reply import compared_days
from commands.history.downtime_reply import beside_no_failure, beside_what_is_down, downtime
from commands.history.export_formats import FORMATS, Format
from commands.history.export_reply import exported
from commands.history.faults import faults_of
from commands.history.filters import Filters
from commands.history.fits import is_of_hosts, refuse_unused
from commands.history.having import is_pattern
from commands.history.hosts_reply import JUST_BEHIND, Among, hosts
from commands.history.instead import instead
from commands.history.listing import Place, goes_by_host, is_turned_by_host, listing, query_of, read_place, zone_of
from commands.history.since_when import since_when
from commands.history.typed_filters import of_two_hosts, parse_filters, without_form
from commands.history.who_asked import who_asked
from commands.secrets.free_text import names_secret, pairs
from commands.secrets.masking import masked
from commands.secrets.plain_words import is_plain
from commands.sharing import GONE
from commands.words import nearest
from storage.audit import AuditEntry
from storage.history import DeleteHistory, Entry, Line, Query, ReadHistory, Viewer
from storage.watches import ReadWatches


class Needs(Protocol):
    """What `/smtphistory` needs of the application."""

    @property
    def history(self) -> DeleteHistory: ...

    @property
    def watches(self) -> ReadWatches: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    async def tagged(self, tag: str) -> Collection[str]:
        """The targets to which the team gave a tag (`/smtpwatch tag`)."""

    def provider_hosts(self, name: str) -> Callable[[str], bool]:
        """Whether a host is of the provider that is called so. `UserError` for a name that is none."""

    def with_sentences(self, entry: Entry) -> Entry:
        """A stored result with the sentences that are made when it is read."""

    def line_with_words(self, line: Line) -> Line:
        """The same for a line of a list."""


class AndChecks(Needs, Protocol):
    """The same where hosts can be checked, too."""

    def compared_hosts(self, request: Request) -> AsyncIterator[Step]:
        """What differs between the two hosts that were typed, and what is equal."""


async def handle(request: Request, services: AndChecks) -> AsyncIterator[Step]:
    """What was asked for; without words what is nearest, with `help` how to ask."""
    text = TAG_WORD.sub("", request.text)
    is_said = names_secret(text, 0, is_plain) or any(pairs(text, 0, len(text), is_plain))
    if is_said or masked(text) != text:
        raise UserError("There is a secret in that, and no result is found by one.", "Name a host: mail.example.com")
    if of_two_hosts(request.text):
        async for step in services.compared_hosts(request):
            yield step
        return
    typed, ending = without_form(request.text)
    filters = parse_filters(typed)
    if filters is None:
        yield help_card(COMMAND, view.ABOUT)
    elif ending:
        yield await exported(_form_of(ending, filters), filters, request, services)
    else:
        yield await answered(Place(filters), request, services)


def _form_of(ending: str, filters: Filters) -> Format:
    """The format of that ending. `UserError` where no list of results is asked for."""
    if filters.ask:
        line = f"{dataclasses.replace(filters, ask='').text} {ending}".strip()
        raise UserError("Only a list of results comes as a file.", f"Leave `{filters.ask}` out.", line)
    return next(form for form in FORMATS if form.ending == ending)


async def turn(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The buttons Newer and Older: another page in place of this one."""
    yield await answered(read_place(request.value), request, services, replace=True)


def may_be_id(filters: Filters) -> bool:
    """Whether nothing was typed but a word that may be the id of a result, as files and lists show it."""
    return filters == Filters(target=filters.target) and view.may_be_a_word(filters)


async def _named(id: str, history: ReadHistory, viewer: Viewer) -> Line | None:  # noqa: A002 - the name of the field
    """The line of a result."""
    entry = await history.get(id, viewer)
    if entry is None:
        return None
    here = Query(viewer, target=entry.target, kind=entry.kind, until=entry.started_at + JUST_BEHIND)
    return next((line for line in await history.page(here, limit=1) if line.id == id), None)


async def _is_unknown(filters: Filters, request: Request, history: ReadHistory, viewer: Viewer) -> bool:
    """Whether a question is about a host of which nothing is known."""
    if not (filters.ask or filters.having) or not filters.target or is_pattern(filters.target):
        return False
    named = query_of(Filters(target=filters.target), request, viewer)
    return not await history.count(named, most=1)


async def _is_watched(filters: Filters, services: Needs) -> bool:
    """Whether changes are asked for of what only watches look at, as DNS records."""
    if filters.ask != "changes":
        return False
    return any(row.target == filters.target for row in await services.watches.visible_to(await services.viewer()))


async def answered(place: Place, request: Request, services: Needs, *, replace: bool = False) -> Reply:
    """What was asked for, as a page of a list or in a message."""
    history, viewer = services.history, await services.viewer()
    if may_be_id(place.filters) and (named := await _named(place.filters.target, history, viewer)):
        wrong = await faults_of([named], history, viewer)
        return view.one(services.line_with_words(named), wrong.get(named.id, ""), replace=replace)
    if was_down := await downtime(place, request, viewer, services.watches):
        return dataclasses.replace(was_down, replace=replace)
    if await _is_unknown(place.filters, request, history, viewer) and not await _is_watched(place.filters, services):
        return view.nothing(place.filters, await instead(place.filters, request, history, viewer), replace=replace)
    refuse_unused(place.filters)
    among = await _among(place.filters, services)
    if answer := ANSWERS.get(place.filters.ask):
        said = await answer(place, request, history, viewer)
        return await beside_what_is_down(said, place, request, viewer, services.watches)
    if place.filters.ask == "changes":
        told = services.watches
        return await changed(place, request, history, viewer, watches=told, in_place=replace, among=among.targets)
    if is_of_hosts(place.filters) or is_turned_by_host(place):
        return await hosts(place, request, history, viewer, in_place=replace, among=among)
    found = await listing(place, request, history, viewer)
    if goes_by_host(found):
        return await hosts(place, request, history, viewer, in_place=replace, among=among)
    query = query_of(place.filters, request, viewer)
    known = None
    if query.target and place.number == 1 and place.filters.kind in {"", "check"}:
        known = await about(query, request.at, history, services.watches)
    if not found.folds and not found.damaged and place.number == 1:
        nothing = view.nothing(place.filters, await instead(place.filters, request, history, viewer), replace=replace)
        return await beside_no_failure(nothing, place, request, viewer, services.watches)
    spoken = [dataclasses.replace(fold, newest=services.line_with_words(fold.newest)) for fold in found.folds]
    wrong = await faults_of([fold.newest for fold in spoken], history, viewer)
    return view.page(dataclasses.replace(found, folds=spoken), known, replace=replace, wrong=wrong)


async def _among(filters: Filters, services: Needs) -> Among:
    """`UserError` for a tag that nothing has, with the nearest that there is, and for a provider of no such name."""
    targets = await services.tagged(filters.tag) if filters.tag else None
    if targets is not None and not targets:
        known = {tag for row in await services.watches.visible_to(await services.viewer()) for tag in row.tags}
        near = nearest(filters.tag, sorted(known))
        tags = [f"tag:{one}" for one in ([near] if near else sorted(known)[:5])]
        there = ", ".join(f"`{one}`" for one in tags)
        hint = f"There is {there}." if tags else "`/smtpwatch tag mail.example.com prod` gives one."
        raise UserError(f"Nothing that you may see has `tag:{filters.tag}`.", hint, tags, wrong=f"tag:{filters.tag}")
    return Among(targets, services.provider_hosts(filters.provider) if filters.provider else None)


TAG_WORD = re.compile(r"\btag:\S+", re.IGNORECASE)
"""It looks like a name with its value, which may be a secret."""

ANSWERS: Mapping[str, Callable[[Place, Request, ReadHistory, Viewer], Awaitable[Reply]]] = {
    "since when": since_when,
    "certificates": certificates,
    "compare": compared_days,
    "who asked": who_asked,
}
"""By what is asked, what answers it in one message."""


async def compare(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button, and the menu in the dialogue that it opens."""
    history, viewer = services.history, await services.viewer()
    yield await compared(request.value, history, viewer, zone_of(request), services.line_with_words)


async def delete(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button, after its confirmation: their own result, of admins any."""
    viewer = await services.viewer()
    entry = await services.history.get(request.value, viewer)
    if entry is None:
        raise DeclinedError(GONE)
    if not await services.history.delete(entry.id, viewer, noted=[deletion(entry, request.at)]):
        raise DeclinedError("Only whoever asked for a result, and admins, delete it.")
    yield Reply(":wastebasket: The result is deleted. What was posted in channels stays there.")


def deletion(entry: Entry, at: datetime) -> AuditEntry:
    """What the log says of it: not what was checked, since whoever deletes a result wants that gone."""
    of = {"kind": entry.kind, "made_at": entry.started_at.isoformat(), "owner": entry.actor}
    return AuditEntry(at, Deed.RESULT_DELETED, team=entry.team, channel=entry.channel, document=of)


def export_as(form: Format) -> Action[Needs]:
    """The button of a format."""

    async def export(request: Request, services: Needs) -> AsyncIterator[Step]:
        yield await exported(form, parse_filters(request.value) or Filters(), request, services)

    return Action(export)


def warm_up() -> None:
    """Read the list of time zones: of all commands this one asks for it most."""
    times.zone_of("UTC")


COMMAND: Command[AndChecks] = Command(
    name="smtphistory",
    summary="Look back at checks, advice and validations: what failed, what changed, how often it was well.",
    usage="[TARGET] [changes] [since 7d] [by @ana] [port 587] [failed]",
    examples=(
        Example("mail.example.com", "results of a host, how often each port was well, what changed"),
        Example(
            "failed since 7d", "what failed, or what a watch saw as bad; also since monday, until nov 1, yesterday"
        ),
        Example("mail.example.com changes since nov 1", "every change, what stood there before, how long it stayed so"),
        Example(
            "since when is 465 refused on mail.example.com", "also hosts without starttls, tls 1.0, cert_expired, 421"
        ),
        Example(
            "certificates until dec 31",
            "also compare mail.example.com monday tuesday, or two hosts; *.example.com, tag:prod, provider ses",
        ),
        Example("by @ana port 587", "whose, and which port; also who checked mail.example.com"),
        Example("pmta", "validations alone; also check and advice"),
        Example("watches since 24h", "what watches ran; also mine watches"),
        Example("here since 24h", "this channel; also mine (what you asked), and all that you may see"),
    ),
    handle=handle,
    actions={
        "newer": Action(turn),
        "older": Action(turn),
        "compare": Action(compare, modal=True),
        "delete": Action(delete, modal=True),
        **{form.ending: export_as(form) for form in FORMATS},
    },
    mentions=True,
    label=lambda text: f"Show {text}" if text.strip() else "Show the history",
    warm_up=warm_up,
)
