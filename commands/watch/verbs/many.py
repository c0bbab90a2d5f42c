"""What is done to several watches at once: those that are chosen by a tag, a state, a pattern, or all that one sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from commands.contract import Reply, Request, UserError
from commands.secrets.free_text import said
from commands.slack_text import quoted
from commands.watch.state.actions import (
    CANNOT_POST,
    acknowledge,
    mute,
    pause,
    resume,
    run_now,
    snooze,
    unmute,
    unsnooze,
)
from commands.watch.state.events import Step
from commands.watch.state.model import Watch
from commands.watch.state.selector import Selector, selected
from commands.watch.typed.asked import Named, Quiet
from commands.watch.verbs.lookup import changed_all, nearest_choice, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view

Act = Callable[[Watch, str, datetime, datetime | None, str], Step]


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a verb does to a watch that it `fits`, and how that is said; `ends` is the verb that ends it."""

    act: Act
    said: str
    ends: str = ""
    fits: Callable[[Watch], bool] = lambda _watch: True


def _quieted(watch: Watch) -> bool:
    """One that could not post tries its channel first, by itself."""
    could_not = watch.paused is not None and watch.paused.why == CANNOT_POST
    return not could_not and any((watch.paused, watch.muted, watch.snoozed))


DEEDS: Mapping[str, _Deed] = {
    "pause": _Deed(
        lambda one, who, at, _until, why: pause(one, who, at, why), "paused: not checked until somebody resumes",
        "resume", lambda one: one.paused is None,
    ),
    "mute": _Deed(mute, "muted {until}; still checked", "unmute"),
    "snooze": _Deed(lambda one, who, at, until, _why: snooze(one, who, at, until or at), "snoozed {until}", "unsnooze"),
    "resume": _Deed(
        lambda one, _who, at, _until, _why: resume(one, at), "checked now and alerting again", "", _quieted
    ),
    "unmute": _Deed(
        lambda one, _who, at, _until, _why: unmute(one, at), "not muted any more", "", lambda one: one.muted is not None
    ),
    "unsnooze": _Deed(
        lambda one, _who, at, _until, _why: unsnooze(one, at), "not snoozed any more", "",
        lambda one: one.snoozed is not None,
    ),
    "ack": _Deed(
        lambda one, who, at, _until, _why: acknowledge(one, who, at), "acknowledged; their alerts show it", "",
        lambda one: one.state.incident is not None,
    ),
    "run": _Deed(
        lambda one, _who, at, _until, _why: run_now(one, at), "about to be checked", "", lambda one: one.paused is None
    ),
}  # fmt: skip


async def of_several(selector: Selector, request: Request, services: Needs) -> list[Watch]:
    """`UserError` where none fits."""
    every = await visible(services)
    found = selected(selector, every, request.actor.user, request.channel, request.at)
    if not found:
        near = f"`/smtpwatch list {quoted(nearest_choice(selector, every))}` shows the nearest that there is."
        raise UserError(f"No watch that you may see fits `{quoted(selector.text)}`.", near)
    return found


async def do_to_several(asked: Quiet | Named, selector: Selector, request: Request, services: Needs) -> Reply:
    """All at once: what has changed meanwhile so that it does not apply any more is left out."""
    deed = DEEDS[asked.verb]
    until, why = (asked.until, said(asked.why)) if isinstance(asked, Quiet) else (None, "")
    step = _step(deed, request, until, why)
    chosen = await of_several(selector, request, services)
    done = await changed_all(chosen, lambda one: step(one) if deed.fits(one) else None, services)
    ends = f"`/smtpwatch {deed.ends} {selector.text}` ends it." if deed.ends and done else ""
    return view.said(" ".join(filter(None, [view.several(done, selector, view.until_when(deed.said, until)), ends])))


def _step(deed: _Deed, request: Request, until: datetime | None, why: str) -> Callable[[Watch], Step]:
    return lambda one: deed.act(one, request.actor.user, request.at, until, why)
