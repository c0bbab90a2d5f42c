"""What the buttons of alerts, lists, cards and of Home do. Their value is the id of a watch."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from commands.blocks import section
from commands.contract import Action, Handler, Modal, Reply, Request, Step
from commands.watch.state.model import Watch
from commands.watch.typed.ends import take_until
from commands.watch.verbs import adding as removing
from commands.watch.verbs import incidents, quieting
from commands.watch.verbs import showing as looking
from commands.watch.verbs.lookup import of_same_cause, pressed, told_together
from commands.watch.verbs.needs import Needs
from commands.watch.view import forms
from commands.watch.view import listing as view
from commands.watch.view.alert import REHEARSED, TOGETHER
from commands.watch.view.incident_files import FILES

Answer: TypeAlias = Callable[[Watch, Request, Needs], Awaitable[Reply]]

ANSWERS: Mapping[str, Answer] = {
    "show": looking.show,
    "test": looking.rehearse,
    "ack": quieting.acknowledged,
    "accept": quieting.accepted,
    "resume": quieting.go_on,
    "unmute": quieting.unmuted,
    "unsnooze": quieting.unsnoozed,
    "history": looking.history,
    "ask_delete": removing.ask_delete,
    "delete": removing.drop,
}
RUN = "run"
SNOOZES: Mapping[str, str] = {"snooze1": "1h", "snooze8": "8h", "tomorrow": "tomorrow"}
VERBS = (*ANSWERS, RUN, *SNOOZES, "pause")
IN_PLACE = frozenset({"unmute", "unsnooze"})
"""The answers that stand in place of the line whose button was pressed: it said what is over now."""

FORMS: Mapping[str, Callable[[Watch, str], Modal]] = {"snooze": forms.snooze_form, "mute": forms.mute_form}
ONLY_A_TEST = ":test_tube: That alert is a test: its buttons do nothing."


async def done(verb: str, watch: Watch, request: Request, services: Needs) -> AsyncIterator[Step]:
    """Do what a verb says; the answer comes last."""
    if verb == RUN:
        others = await told_together(watch, services) if request.value.endswith(TOGETHER) else ()
        async for step in looking.run(watch, request, services, others):
            yield step
    elif verb in SNOOZES:
        until, _ = take_until([SNOOZES[verb]], request.at, request.actor.zone)
        others = await of_same_cause(watch, services) if request.value.endswith(TOGETHER) else ()
        yield await quieting.be_quiet(watch, "snooze", until, "", request, services, others)
    elif verb == "pause":
        yield await quieting.be_quiet(watch, "pause", None, "", request, services)
    else:
        yield await ANSWERS[verb](watch, request, services)


async def form(verb: str, watch: Watch, services: Needs, until: str = "") -> Modal:
    """The dialogue of a verb. `until` was typed already."""
    if verb != "edit":
        return FORMS[verb](watch, until)
    groups, places = await asyncio.gather(services.channel_posts.groups(), services.places(watch.channel))
    return forms.edit_form(watch, groups, services.watch_rules.shown_of(watch.routes), places)


async def add_form(request: Request, services: Needs) -> Modal:
    """The dialogue of a new watch."""
    groups, places = await asyncio.gather(services.channel_posts.groups(), services.places(request.channel))
    return forms.add_form(groups, services.watch_rules.offered, places)


def _pressed(verb: str) -> Handler[Needs]:
    async def press(request: Request, services: Needs) -> AsyncIterator[Step]:
        if request.value == REHEARSED:
            yield view.said(ONLY_A_TEST)
            return
        watch = await pressed(request.value.removesuffix(TOGETHER), services)
        async for step in done(verb, watch, request, services):
            yield replace(step, replace=True) if verb in IN_PLACE and isinstance(step, Reply) else step

    return press


async def more(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The overflow menu: `<verb> <id>`. Choices that need a dialogue open it."""
    verb, _, ref = request.value.partition(" ")
    if ref == REHEARSED:
        yield view.said(ONLY_A_TEST)
        return
    watch = await pressed(ref.removesuffix(TOGETHER), services)
    if verb == "mute":
        yield replace(forms.mute_form(watch), private=ref)
        return
    async for step in done("ask_delete" if verb == "delete" else verb, watch, request, services):
        yield step


async def card(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button of Home: the same in a dialogue."""
    watch = await pressed(request.value, services)
    yield Modal(f"Watch {watch.id}", (await looking.show(watch, request, services)).blocks)


async def delete(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Its value says, too, who was asked."""
    ref, _, asker = request.value.partition(" ")
    watch = await pressed(ref, services)
    removing.refuse_other(watch, asker, request)
    yield replace(await removing.drop(watch, request, services), replace=True)


async def undo(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield replace(await removing.bring_back(request.value, request, services), replace=True)


async def new(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await add_form(request, services)


def _opens(verb: str) -> Action[Needs]:
    async def press(request: Request, services: Needs) -> AsyncIterator[Step]:
        if request.value == REHEARSED:
            yield Modal("A test alert", [section(ONLY_A_TEST)])
            return
        modal = await form(verb, await pressed(request.value.removesuffix(TOGETHER), services), services)
        yield replace(modal, private=request.value) if request.value.endswith(TOGETHER) else modal

    return Action(press, modal=True)


ACTIONS: Mapping[str, Action[Needs]] = {
    **{verb: Action(_pressed(verb)) for verb in VERBS},
    "delete": Action(delete),
    "open": Action(_pressed("show")),
    "more": Action(more),
    "card": Action(card, modal=True),
    "undo": Action(undo),
    "others": Action(quieting.others_too),
    "page": Action(looking.turn),
    **{f"incidents_{name}": Action(incidents.pressed) for name in FILES},
    "incident": Action(incidents.pressed),
    "new": Action(new, modal=True),
    "edit": _opens("edit"),
    "mute": _opens("mute"),
}
