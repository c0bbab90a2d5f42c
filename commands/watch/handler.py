"""`/smtpwatch`: what is typed, pressed and filled in, and which function serves it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from commands.contract import Action, Command, Example, FormErrors, Handler, Modal, Reply, Request, Step, UserError
from commands.watch import doing, forms, view
from commands.watch.arguments import Context, parse
from commands.watch.asked import Add, Edit, Form, Help, List, Named, Quiet
from commands.watch.doing import named
from commands.watch.durations import take_until
from commands.watch.model import Watch
from commands.watch.needs import Needs

Deed: TypeAlias = Callable[[Watch, Request, Needs], Awaitable[Reply]]


def context_of(request: Request, services: Needs) -> Context:
    return Context(request.at, services.target_of, request.actor.zone, services.watch_rules)


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """What was asked for. Without words: the watches of this channel, and how to add one."""
    asked = parse(request.text, context_of(request, services))
    if isinstance(asked, Help):
        wanted = bool(request.text.strip())
        yield view.help_card(COMMAND) if wanted else await doing.listed(List(), request, services)
    elif isinstance(asked, Form):
        yield await _form(asked, request, services)
    elif isinstance(asked, Add):
        yield await doing.add(asked, request, services)
    elif isinstance(asked, List):
        yield await doing.listed(asked, request, services)
    elif isinstance(asked, Edit):
        yield await doing.change_settings(asked, request, services)
    elif isinstance(asked, Quiet):
        yield await doing.quieten(asked, request, services)
    elif isinstance(asked, Named):
        yield await _named(asked, request, services)
    else:
        yield await doing.set_digest(asked, request, services)


async def _named(asked: Named, request: Request, services: Needs) -> Reply:
    if asked.verb == "undo":
        return await doing.bring_back(asked.ref, request, services)
    unasked = asked.verb == "delete" and request.surface != "terminal"
    deed = DEEDS["ask_delete" if unasked else asked.verb]
    return await deed(await named(asked.ref, request, services), request, services)


async def _form(asked: Form, request: Request, services: Needs) -> Modal:
    if asked.verb == "add":
        return forms.add_form()
    return FORMS[asked.verb](await named(asked.ref, request, services))


FORMS: Mapping[str, Callable[[Watch], Modal]] = {
    "edit": forms.edit_form,
    "snooze": forms.snooze_form,
    "mute": forms.mute_form,
}
DEEDS: Mapping[str, Deed] = {
    "show": doing.show,
    "run": doing.run,
    "test": doing.rehearse,
    "ack": doing.acknowledged,
    "resume": doing.go_on,
    "unmute": doing.go_on,
    "history": doing.history,
    "ask_delete": doing.ask_delete,
    "delete": doing.drop,
}
SNOOZES: Mapping[str, str] = {"snooze1": "1h", "snooze8": "8h", "tomorrow": "tomorrow"}


def wants_modal(text: str) -> bool:
    """Whether something is missing that a dialogue asks for: a trigger lives 3 s, so only words are looked at."""
    try:
        return isinstance(parse(text, _ANY), Form)
    except UserError:
        return False


_ANY = Context(datetime(2000, 1, 1, tzinfo=UTC), lambda text: (text, None))


def _pressed(verb: str) -> Handler[Needs]:
    """A button whose value is the id of a watch."""

    async def press(request: Request, services: Needs) -> AsyncIterator[Step]:
        watch = await named(request.value, request, services)
        yield await _done(verb, watch, request, services)

    return press


async def _done(verb: str, watch: Watch, request: Request, services: Needs) -> Reply:
    if verb in SNOOZES:
        until, _ = take_until([SNOOZES[verb]], request.at, request.actor.zone)
        return await doing.be_quiet(watch, "snooze", until, "", request, services)
    if verb == "pause":
        return await doing.be_quiet(watch, "pause", None, "", request, services)
    return await DEEDS[verb](watch, request, services)


async def more(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The overflow menu: `<verb> <id>`. Choices that need a dialogue open it."""
    verb, _, ref = request.value.partition(" ")
    watch = await named(ref, request, services)
    if verb == "mute":
        yield forms.mute_form(watch)
        return
    yield await _done("ask_delete" if verb == "delete" else verb, watch, request, services)


async def card(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button of Home: the same in a dialogue."""
    watch = await named(request.value, request, services)
    yield Modal(f"Watch {watch.id}", (await doing.show(watch, request, services)).blocks)


async def undo(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await doing.bring_back(request.value, request, services)


async def new(_request: Request, _services: Needs) -> AsyncIterator[Step]:
    yield forms.add_form()


def _opens(verb: str) -> Action[Needs]:
    async def press(request: Request, services: Needs) -> AsyncIterator[Step]:
        yield FORMS[verb](await named(request.value, request, services))

    return Action(press, modal=True)


async def submit_add(request: Request, services: Needs) -> AsyncIterator[Step]:
    asked = forms.read_add(request.form, context_of(request, services))
    yield asked if isinstance(asked, FormErrors) else await doing.add(asked, request, services)


async def submit_edit(request: Request, services: Needs) -> AsyncIterator[Step]:
    watch = await named(request.private, request, services)
    said = forms.read_edit(request.form, watch, context_of(request, services))
    if isinstance(said, FormErrors):
        yield said
    elif not said:
        yield view.said("Nothing was changed.")
    else:
        yield await doing.change_settings(Edit(watch.id, said), request, services)


async def submit_snooze(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await _submitted("snooze", request, services)


async def submit_mute(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await _submitted("mute", request, services)


async def _submitted(verb: str, request: Request, services: Needs) -> Reply:
    until, _ = take_until([str(request.form.get("until") or "")], request.at, request.actor.zone)
    watch = await named(request.private, request, services)
    return await doing.be_quiet(watch, verb, until, str(request.form.get("why") or ""), request, services)


COMMAND: Command[Needs] = Command(
    name="smtpwatch",
    summary="Look at mail hosts on a schedule and alert when something changes.",
    usage="add TARGET [PORTS] [every 15m] [in #channel] [notify @ops]",
    examples=(
        Example("add mail.example.com every 15m", "ports of a host; alerts in this channel"),
        Example("add example.com 25 every 5m in #mailops notify @mail-ops after 3 failures", "with all the trimmings"),
        Example("add certificate mail.example.com", "30, 14, 7, 3 and 1 days before a certificate ends"),
        Example("add dns example.com", "MX, PTR, TLSA or MTA-STS changed"),
        Example("add network every 15m", "which ports our own network blocks"),
        Example("list", "what is watched in this channel; also mine and all"),
        Example("digest daily 09:00 Europe/Madrid", "a summary of this channel's watches; also weekly, monday, off"),
        Example("snooze mail.example.com 2h", "quiet till then; also pause, mute, resume, edit, show, test, delete"),
    ),
    handle=handle,
    actions={
        **{verb: Action(_pressed(verb)) for verb in (*DEEDS, *SNOOZES, "pause")},
        "open": Action(_pressed("show")),
        "more": Action(more),
        "card": Action(card, modal=True),
        "undo": Action(undo),
        "new": Action(new, modal=True),
        "edit": _opens("edit"),
        "mute": _opens("mute"),
    },
    forms={"add": submit_add, "edit": submit_edit, "snooze": submit_snooze, "mute": submit_mute},
    wants_modal=wants_modal,
    mentions=True,
)
