"""`/smtpwatch`: what is typed, and which function serves it. Buttons are in `buttons`, dialogues in `submitted`."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from commands.contract import Command, Example, Modal, Reply, Request, Step, UserError
from commands.help_card import help_card
from commands.watch.state.limits import Rules
from commands.watch.state.routes import Route
from commands.watch.typed.arguments import parse
from commands.watch.typed.asked import (
    Add,
    Context,
    Edit,
    Form,
    Help,
    Incidents,
    List,
    Named,
    Note,
    Quiet,
    SetDigest,
    ShowDigest,
    Tag,
    WhichWatchError,
    usage_of,
    verb_of,
    without_anyway,
)
from commands.watch.typed.ends import take_mute_end
from commands.watch.verbs import adding, incidents, quieting, tagging
from commands.watch.verbs import adding as removing
from commands.watch.verbs import digests as digesting
from commands.watch.verbs import showing as looking
from commands.watch.verbs.buttons import ACTIONS, add_form, done, form
from commands.watch.verbs.forms import SUBMITTED, context_of
from commands.watch.verbs.lookup import named, near_by, visible
from commands.watch.verbs.many import FITS, do_to_several
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch_ids import NAMED


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """What was asked for; what cannot be read comes with the usage of its verb."""
    try:
        async for step in _answered(request, services):
            yield step
    except UserError as error:
        error.usage = usage_of(request.text, services.watch_rules.offered)
        if isinstance(error, WhichWatchError):
            error.offer(await _near_by(error.verb, request, services))
        raise


async def _near_by(verb: str, request: Request, services: Needs) -> list[str]:
    """How those are named that somebody probably means who names none; `undo` is about what was just deleted."""
    if verb == "undo":
        return await adding.just_deleted(request, services)
    return near_by(await visible(services), request.channel)


async def _answered(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Without words: the watches of this channel, and how to add one."""
    asked = parse(request.text, context_of(request, services))
    if isinstance(asked, Help):
        yield await _helped(request, services)
    elif isinstance(asked, Form):
        yield await _form(asked, request, services)
    elif isinstance(asked, Named):
        async for step in _named(asked, request, services):
            yield step
    else:
        yield await REPLIES[type(asked)](asked, request, services)


REPLIES: Mapping[type, Callable[[Any, Request, Needs], Awaitable[Reply]]] = {
    Add: adding.add,
    List: looking.listed,
    Edit: adding.change_settings,
    Quiet: quieting.quieten,
    Note: quieting.noted,
    Tag: tagging.tag,
    Incidents: incidents.asked_for,
    SetDigest: digesting.set_digest,
    ShowDigest: digesting.show_digest,
}
"""What is answered in one message."""


async def _helped(request: Request, services: Needs) -> Reply:
    """Who types nothing sees what is watched here."""
    if not request.text.strip():
        return await looking.listed(List(), request, services)
    return help_card(COMMAND, view.ABOUT, view.ADD)


RESULTS = " `/portero delete` says how a result is deleted."
"""Below a check `delete that` may mean what was found."""


async def _named(asked: Named, request: Request, services: Needs) -> AsyncIterator[Step]:
    if asked.verb == "undo":
        yield await removing.bring_back(asked.ref, request, services, asked.ports, asked.kind)
        return
    if asked.chosen is not None:
        told = [await do_to_several(asked, asked.chosen, request, services)]
        if asked.note:
            told.append(await quieting.noted(Note(asked.ref, asked.note, asked.chosen), request, services))
        yield view.said(" ".join(reply.text for reply in told))
        return
    whole_host = asked.verb == "accept" and not asked.ports and asked.kind is None
    if whole_host and (reply := await quieting.accepted_at(asked.ref, request, services)) is not None:
        yield reply
        return
    unasked = asked.verb == "delete" and request.surface != "terminal"
    verb = "ask_delete" if unasked else asked.verb
    try:
        watch = await named(asked.ref, request, services, asked.ports, asked.kind, FITS.get(asked.verb))
    except UserError as error:
        error.hint += RESULTS if unasked else ""
        raise
    async for step in done(verb, watch, request, services):
        yield await quieting.with_note(step, watch, asked.note, request, services) if asked.note else step


async def _form(asked: Form, request: Request, services: Needs) -> Modal | Reply:
    """A mute whose end is known needs no reason where no dialogue could ask for it."""
    if asked.verb == "add":
        return await add_form(request, services)
    if asked.until and not request.opens_forms:
        until, _ = take_mute_end(asked.until.split(), context_of(request, services))
        return await quieting.quieten(Quiet(asked.verb, asked.ref, until), request, services)
    return await form(asked.verb, await named(asked.ref, request, services), services, asked.until)


def command(routes: tuple[Route, ...] = ()) -> Command[Needs]:
    """The command where alerts may take these routes beside Slack."""
    return replace(COMMAND, wants_modal=partial(wants_modal, routes))


def wants_modal(routes: tuple[Route, ...], text: str) -> bool:
    """Whether something is missing that a dialogue asks for: a trigger lives 3 s, so only words are looked at."""
    anything = Context(_SOME_TIME, lambda target: (target, None, False), rules=Rules(routes=routes))
    try:
        return isinstance(parse(text, anything), Form)
    except UserError:
        return False


_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)

VERB_LABELS = {"add": "Add watch", "list": "List", "ack": "Acknowledge", "run": "Run now", "undo": "Bring back"}


def label(text: str) -> str:
    """`Add watch mail.example.com`, `Mute mail.example.com 2h`."""
    if NAMED.fullmatch(text.strip().lower()):
        return f"Open {text.strip()}"
    verb, _, rest = text.strip().partition(" ")
    verb = verb_of(verb)
    if verb == "add" and without_anyway(rest.split())[1]:
        return "Watch anyway"
    return f"{VERB_LABELS.get(verb, verb.capitalize())} {rest}".strip()


COMMAND: Command[Needs] = Command(
    name="smtpwatch",
    summary="Look at mail hosts on a schedule and alert when something changes.",
    usage="add TARGET [PORTS] [every 15m] [in #channel] [notify @ops]",
    examples=(
        Example("add mail.example.com every 15m", "ports of a host; alerts in this channel"),
        Example("add example.com 25 every 5m in #mailops notify @mail-ops then @lead after 30m", "who hears of it"),
        Example("add certificate mail.example.com", "alerts 30, 14, 7, 3 and 1 days before a certificate ends"),
        Example("add dns example.com", "alerts when MX, PTR, TLSA or MTA-STS change"),
        Example("add network every 15m", "which ports our own network blocks"),
        Example(
            "incidents tag:prod since monday",
            "what broke, how long, who looked after it; also as markdown, csv or json",
        ),
        Example("list", "what is watched in this channel; also mine, all, down, tag:prod, *.example.com"),
        Example("tag mail.example.com prod", "then mute tag:prod until monday, or mute all 2h"),
        Example("digest daily 09:00 Europe/Madrid", "a summary of this channel's watches; also weekly, monday, off"),
        Example("snooze mail.example.com 2h", "quiet till then; also pause, mute, resume, edit, history, test, delete"),
    ),
    handle=handle,
    actions=ACTIONS,
    forms=SUBMITTED,
    label=label,
    wants_modal=partial(wants_modal, ()),
    mentions=True,
)
