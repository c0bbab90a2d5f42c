"""Making a watch quiet, by who, until when and why; and letting it speak again."""

from collections.abc import Callable
from datetime import datetime

from commands.blocks import button
from commands.contract import Reply, Request
from commands.watch.actions import CANNOT_POST, acknowledge, mute, pause, resume, snooze
from commands.watch.model import Watch
from commands.watch.needs import Needs
from commands.watch.reach import changed, named
from commands.watch.step import Step
from commands.watch.typed.asked import Quiet
from commands.watch.verbs.adding import begin
from commands.watch.view import listing as view
from commands.watch.view.wording import name_of, when

RESUME = "smtpwatch.resume"


async def quieten(asked: Quiet, request: Request, services: Needs) -> Reply:
    """Pause, snooze or mute, by who, until when and why."""
    watch = await named(asked.ref, request, services)
    return await be_quiet(watch, asked.verb, asked.until, asked.why, request, services)


async def be_quiet(
    watch: Watch, verb: str, until: datetime | None, why: str, request: Request, services: Needs
) -> Reply:
    who, at = request.actor.user, request.at
    steps: dict[str, Callable[[Watch], Step]] = {
        "pause": lambda one: pause(one, who, at, why),
        "mute": lambda one: mute(one, who, at, until, why),
        "snooze": lambda one: snooze(one, who, at, until or at),
    }
    after = await changed(watch, steps[verb], services)
    ends = f"until {when(until)}" if until else "until somebody ends it"
    sentences = {
        "pause": "is paused: it is not looked at until somebody resumes it.",
        "mute": f"is muted {ends}. It is still looked at, and the list shows that you muted it.",
        "snooze": f"is snoozed {ends}. If it is still bad then, it alerts again.",
    }
    words = {"pause": "Resume", "mute": "Unmute", "snooze": "End the snooze"}
    return view.said(f":zzz: *{name_of(after)}* {sentences[verb]}", button(words[verb], RESUME, after.id))


async def go_on(watch: Watch, request: Request, services: Needs) -> Reply:
    """End a pause, a mute and a snooze. One that could not post tries its channel first."""
    if watch.paused is not None and watch.paused.why == CANNOT_POST:
        return await begin(watch, request.at, services)
    after = await changed(watch, lambda one: resume(one, request.at), services)
    return view.said(f":bell: *{name_of(after)}* is looked at now and alerts again.")


async def acknowledged(watch: Watch, request: Request, services: Needs) -> Reply:
    after = await changed(watch, lambda one: acknowledge(one, request.actor.user, request.at), services)
    return view.said(f":eyes: You look after *{name_of(after)}*; the alert says so. It will tell when it is over.")
