"""What is done to watches when somebody asks: each function takes what was asked and answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from commands.blocks import button
from commands.contract import DeclinedError, Reply, Request, UserError
from commands.watch import view
from commands.watch.actions import (
    CANNOT_POST,
    PORTERO,
    acknowledge,
    decided,
    delete,
    edit,
    mute,
    pause,
    rehearsal,
    resume,
    run_now,
    snooze,
    undelete,
)
from commands.watch.asked import Add, Edit, List, Quiet, SetDigest
from commands.watch.digest import described, key_of, to_note
from commands.watch.finding import find
from commands.watch.introduction import introduction, refused
from commands.watch.model import EVERY, Silence, Watch
from commands.watch.needs import Needs, trouble_key
from commands.watch.past import past
from commands.watch.record import of_event_row, of_row, to_row
from commands.watch.transitions import Step
from commands.watch.windows import next_digest
from commands.watch.wording import name_of, person, state_of, when

GONE = "That watch is not there any more, or you may not see it."
LIST = "`/smtpwatch list all` shows what there is."
RESUME = "smtpwatch.resume"


async def visible(request: Request, services: Needs, *, deleted: bool = False) -> list[Watch]:
    """The watches of the team that the person may see."""
    rows = await services.watches.of_team(request.actor.team, deleted=deleted)
    return [of_row(row) for row in rows]


async def named(ref: str, request: Request, services: Needs) -> Watch:
    return find(ref, await visible(request, services), request.channel)


async def changed(watch: Watch, action: Callable[[Watch], Step], services: Needs) -> Watch:
    """The watch after an action. UserError when it is gone; what an alert shows of it is brought up to date."""
    row = await services.watches.change(watch.id, decided(action))
    if row is None:
        raise UserError(GONE, LIST)
    services.watches_changed()
    after = of_row(row)
    await services.desk.refresh(after)
    return after


async def add(asked: Add, request: Request, services: Needs) -> Reply:
    """Keep it, try its channel, let it run. Until its channel has taken a post it waits as one that cannot post."""
    if not (asked.said.get("channel") or request.channel):
        raise UserError(
            "Where shall it alert?", "Name a channel: `in #mailops`; in a terminal by its id: `in C0123ABCD`."
        )
    fields: dict[str, Any] = {"every": EVERY[asked.kind], "channel": request.channel, **asked.said}
    waits = Silence(PORTERO, request.at, None, CANNOT_POST)
    watch = Watch(
        id=services.new_watch_id(),
        team=request.actor.team,
        owner=request.actor.user,
        target=asked.target,
        kind=asked.kind,
        created_at=request.at,
        paused=waits,
        **fields,
    )
    twin = next((one for one in await visible(request, services) if _same(one, watch)), None)
    if twin is not None:
        return view.card(twin, request.at, ":information_source: That is watched already, in the same channel:")
    most = services.watch_rules.most
    if not await services.watches.add(to_row(watch), most):
        raise DeclinedError(f"This workspace has {most} watches already.", "Delete one, or ask whoever runs Portero.")
    return await _begin(watch, request.at, services)


def _same(one: Watch, other: Watch) -> bool:
    kept = (one.kind, one.target, one.channel, one.ports)
    return kept == (other.kind, other.target, other.channel, other.ports)


async def _begin(watch: Watch, at: datetime, services: Needs) -> Reply:
    code = await services.desk.announce(watch.channel, introduction(watch))
    if code:
        return refused(watch, code)
    after = await changed(watch, lambda one: resume(one, at), services)
    return view.card(
        after, at, f":white_check_mark: *{name_of(after)}* is watched from now on, in {view.place(after)}."
    )


async def listed(asked: List, request: Request, services: Needs) -> Reply:
    every = await visible(request, services)
    here = request.channel if request.channel[:1] in {"C", "G"} else ""
    scope = asked.scope or here or "mine"
    if scope == "all":
        return view.overview(every, "that you may see", request.at)
    if scope == "mine":
        return view.overview([one for one in every if one.owner == request.actor.user], "of yours", request.at)
    found = [one for one in every if one.channel == scope]
    return view.overview(found, "in this channel" if scope == here else f"in <#{scope}>", request.at)


async def show(watch: Watch, request: Request, services: Needs) -> Reply:
    prefix = trouble_key(watch.id)
    notes = await services.watches.notes(prefix)
    troubles = [view.trouble(key.removeprefix(prefix), note) for key, note in sorted(notes.items())]
    return view.card(watch, request.at, troubles=troubles)


async def change_settings(asked: Edit, request: Request, services: Needs) -> Reply:
    """Changed first (whether the person is in another channel shows then); a channel that takes no post is put back."""
    watch = await named(asked.ref, request, services)
    said = dict(asked.said)
    after = await changed(watch, lambda one: edit(one, said, request.at), services)
    if after.channel != watch.channel:
        code = await services.desk.announce(after.channel, introduction(after))
        if code:
            await changed(after, lambda one: edit(one, {"channel": watch.channel}, request.at), services)
            return _stays(after, watch, code)
    return view.card(after, request.at, ":white_check_mark: Changed.")


def _stays(there: Watch, watch: Watch, code: str) -> Reply:
    text = (
        f":warning: Portero cannot post in {view.place(there)} (`{code}`). Type `/invite @portero` there, then ask "
        f"again. Alerts still go to {view.place(watch)}."
    )
    return view.said(text)


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
        return await _begin(watch, request.at, services)
    after = await changed(watch, lambda one: resume(one, request.at), services)
    return view.said(f":bell: *{name_of(after)}* is looked at now and alerts again.")


async def acknowledged(watch: Watch, request: Request, services: Needs) -> Reply:
    after = await changed(watch, lambda one: acknowledge(one, request.actor.user, request.at), services)
    return view.said(f":eyes: You look after *{name_of(after)}*; the alert says so. It will tell when it is over.")


async def run(watch: Watch, request: Request, services: Needs) -> Reply:
    if watch.paused is not None:
        raise DeclinedError("That watch is paused.", f"`/smtpwatch resume {watch.id}` lets it run.")
    after = await changed(watch, lambda one: run_now(one, request.at), services)
    text = (
        f":arrows_counterclockwise: *{name_of(after)}* is being looked at (before: {state_of(after)}). "
        "An alert changes by itself when the result does; a recovery waits for "
        f"{after.recover_after} good run{'s' if after.recover_after > 1 else ''}, a minute apart."
    )
    return view.said(text, button("Show the result", "smtpwatch.show", after.id))


async def rehearse(watch: Watch, request: Request, services: Needs) -> Reply:
    code = await services.desk.rehearse(watch, rehearsal(watch, request.at))
    if code:
        return refused(watch, code) if watch.paused else _untold(watch, code)
    return view.said(f":white_check_mark: A test alert stands in {view.place(watch)}. It mentions nobody.")


def _untold(watch: Watch, code: str) -> Reply:
    text = (
        f":warning: *An alert could not be posted* in {view.place(watch)} (`{code}`). "
        "Type `/invite @portero` there, then test again."
    )
    return view.said(text)


async def ask_delete(watch: Watch, _request: Request, _services: Needs) -> Reply:
    return view.ask_delete(watch)


async def drop(watch: Watch, request: Request, services: Needs) -> Reply:
    return view.deleted(await changed(watch, lambda one: delete(one, request.at), services))


async def bring_back(ref: str, request: Request, services: Needs) -> Reply:
    gone = [one for one in await visible(request, services, deleted=True) if one.deleted_at is not None]
    watch = find(ref, gone, request.channel)
    after = await changed(watch, lambda one: undelete(one, request.at), services)
    return view.said(f":leftwards_arrow_with_hook: *{name_of(after)}* is watched again (`{after.id}`).")


async def history(watch: Watch, request: Request, services: Needs) -> Reply:
    rows = await services.watches.events(watch=watch.id)
    return past(watch, [of_event_row(row) for row in rows], request.at)


async def set_digest(asked: SetDigest, request: Request, services: Needs) -> Reply:
    """Kept first (that shows whether the person is in the channel), announced next (that tries the channel)."""
    channel = asked.channel or request.channel
    where = f"<#{channel}>" if channel[:1] in {"C", "G"} else "these direct messages"
    key = key_of(request.actor.team, channel)
    if asked.digest is None:
        await services.watches.note(key, None)
        return view.said(f"No digest is posted in {where} any more.")
    await services.watches.note(key, to_note(asked.digest, request.actor.user, request.at))
    often = described(asked.digest)
    code = await services.desk.announce(
        channel, f":newspaper: {person(request.actor.user)} set a digest of the watches here: {often}."
    )
    if code:
        await services.watches.note(key, None)
        text = f":warning: Portero cannot post in {where} (`{code}`). Type `/invite @portero` there, then ask again."
        return view.said(text)
    following = when(next_digest(asked.digest, request.at))
    return view.said(
        f":white_check_mark: A digest of the watches there is posted in {where} {often}, next {following}."
    )
