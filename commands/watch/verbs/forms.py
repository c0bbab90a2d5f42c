"""What a submitted dialogue comes to."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from commands.contract import FormErrors, Handler, Reply, Request, Step, UserError
from commands.form_fields import words_of_error
from commands.watch.state.model import Kind
from commands.watch.typed import form_values
from commands.watch.typed.asked import Context, Edit
from commands.watch.typed.ends import take_until
from commands.watch.verbs import adding
from commands.watch.verbs.lookup import of_same_cause, pressed
from commands.watch.verbs.needs import Needs
from commands.watch.verbs.quieting import be_quiet
from commands.watch.view import listing as view
from commands.watch.view.alert import TOGETHER


def context_of(request: Request, services: Needs) -> Context:
    spoken = request.surface in {"mention", "direct"}
    return Context(request.at, services.target_of, request.actor.zone, services.watch_rules, spoken)


async def submit_add(request: Request, services: Needs) -> AsyncIterator[Step]:
    asked = form_values.read_add(request.form, context_of(request, services))
    if isinstance(asked, FormErrors):
        yield asked
        return
    errors = await _refused(asked.kind, asked.said, request, services)
    try:
        adding.refuse_off_limits(asked, services)
        await adding.refuse_missing(asked, "", services)
    except UserError as error:
        errors["target"] = words_of_error(error)
    if errors:
        yield FormErrors(errors)
        return
    yield await adding.add(asked, request, services)


async def submit_edit(request: Request, services: Needs) -> AsyncIterator[Step]:
    watch = await pressed(request.private, services)
    said = form_values.read_edit(request.form, watch, context_of(request, services))
    if isinstance(said, FormErrors):
        yield said
    elif not said:
        yield view.said("Nothing was changed.")
    elif errors := await _refused(watch.kind, said, request, services):
        yield FormErrors(errors)
    else:
        yield await adding.change_settings(Edit(watch.id, said), request, services)


async def _refused(kind: Kind, said: Mapping[str, Any], request: Request, services: Needs) -> dict[str, str]:
    """Why it cannot be watched from the place that was chosen."""
    try:
        await adding.refuse_place(kind, said, said.get("channel") or request.channel, services)
    except UserError as error:
        return {"from": words_of_error(error)}
    return {}


async def submit_snooze(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await _submitted("snooze", request, services)


async def submit_mute(request: Request, services: Needs) -> AsyncIterator[Step]:
    yield await _submitted("mute", request, services)


async def _submitted(verb: str, request: Request, services: Needs) -> Reply:
    until, _ = take_until(str(request.form.get("until") or "").split(), request.at, request.actor.zone)
    watch = await pressed(request.private.removesuffix(TOGETHER), services)
    others = await of_same_cause(watch, services) if request.private.endswith(TOGETHER) else ()
    return await be_quiet(watch, verb, until, str(request.form.get("why") or ""), request, services, others)


SUBMITTED: Mapping[str, Handler[Needs]] = {
    "add": submit_add,
    "edit": submit_edit,
    "snooze": submit_snooze,
    "mute": submit_mute,
}
