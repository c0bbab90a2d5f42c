"""Making a watch quiet, by who, until when and why; and letting it speak again."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime

from commands.blocks import button
from commands.contract import DeclinedError, Reply, Request, UserError
from commands.contract import Step as Answer
from commands.plural import by_count
from commands.secrets.free_text import said
from commands.slack_text import clean, quoted
from commands.watch.state import certificates
from commands.watch.state.accepting import accept, acceptable, changes_of, may_accept
from commands.watch.state.actions import (
    acknowledge,
    decided,
    decided_if,
    mute,
    note,
    pause,
    resume,
    run_now,
    snooze,
    unmute,
    unsnooze,
    waits_for_channel,
)
from commands.watch.state.events import Event, Step
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_event_row
from commands.watch.state.selector import Selector
from commands.watch.typed.arguments import NOTED
from commands.watch.typed.asked import Note, Quiet
from commands.watch.verbs.adding import begin, is_told
from commands.watch.verbs.lookup import (
    changed,
    down_beside,
    is_down,
    named,
    of_same_cause,
    pressed,
    told_together,
    visible,
)
from commands.watch.verbs.many import do_to_several, spokesmen
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.channel import stopped
from commands.watch.view.condition import quiet
from commands.watch.view.plain_text import mentioned, with_names
from commands.watch.view.wording import name_of, person, when

ENDS: Mapping[str, tuple[str, str]] = {
    "pause": ("Resume", "smtpwatch.resume"),
    "mute": ("Unmute", "smtpwatch.unmute"),
    "snooze": ("End the snooze", "smtpwatch.unsnooze"),
}
"""The button that ends each, and nothing else that keeps the watch quiet."""


async def quieten(asked: Quiet, request: Request, services: Needs) -> Reply:
    if asked.chosen is not None:
        return await do_to_several(asked, asked.chosen, request, services)
    watch = await named(asked.ref, request, services)
    return await be_quiet(watch, asked.verb, asked.until, asked.why, request, services)


async def be_quiet(
    watch: Watch,
    verb: str,
    until: datetime | None,
    why: str,
    request: Request,
    services: Needs,
    others: Sequence[Watch] = (),
) -> Reply:
    """Pause, snooze or mute, by who, until when and why: everybody in the channel reads why, so it has no secrets."""
    who, at, why = request.actor.user, request.at, said(why)
    steps: dict[str, Callable[[Watch, int], Step]] = {
        "pause": lambda one, together: pause(one, who, at, why, together),
        "mute": lambda one, together: mute(one, who, at, until, why, together),
        "snooze": lambda one, together: snooze(one, who, at, until or at, together),
    }
    left = [] if others else [one for one in await of_same_cause(watch, services) if not _is_quiet(one, at)]
    after = await _together(watch, others, steps[verb], at, services)
    if verb == "pause" and who != watch.owner and not is_told(watch):
        await services.channel_posts.announce(after.channel, stopped(after, who))
    text = f":zzz: *{name_of(after)}* {_how(verb, after, until)}{_so_are(watch, others)}{_go_on(watch, left)}"
    all_of_them = [button("The others, too", "smtpwatch.others", f"{verb} {after.id}")] if left else []
    return view.said(text, button(*ENDS[verb], after.id), *all_of_them)


def _is_quiet(watch: Watch, at: datetime) -> bool:
    return watch.paused is not None or watch.silence(at) is not None


def _go_on(watch: Watch, left: Sequence[Watch]) -> str:
    """What stands in the same message and was not meant."""
    if not left:
        return ""
    names = _also(watch, left)
    return f" {names[:1].upper()}{names[1:]} {'alerts' if len(left) == 1 else 'alert'} as before."


async def others_too(request: Request, services: Needs) -> AsyncIterator[Answer]:
    """The others of the incident of a watch are made as quiet as it is."""
    verb, _, ref = request.value.partition(" ")
    watch = await pressed(ref, services)
    silence = {"pause": watch.paused, "mute": watch.muted, "snooze": watch.snoozed}.get(verb)
    left = [one for one in await of_same_cause(watch, services) if not _is_quiet(one, request.at)]
    if silence is None or not left:
        raise DeclinedError("There is nothing left to do.", f"`/smtpwatch show {watch.id}` has how it is.")
    others = Selector(named=tuple(one.id for one in left))
    why = silence.why if verb != "snooze" else ""
    yield await do_to_several(Quiet(verb, others.text, silence.until, why), others, request, services)


async def _together(
    watch: Watch, others: Sequence[Watch], act: Callable[[Watch, int], Step], at: datetime, services: Needs
) -> Watch:
    """The watch after what was done to it and to others; one of each message says so there."""
    told = spokesmen([watch, *others])
    too = decided_if(lambda one: act(one, told.get(one.id, 0)), at)
    await services.watches.change_all([one.id for one in others], too, await services.viewer())
    return await changed(watch, lambda one: act(one, told.get(watch.id, 1)), services)


def _so_are(watch: Watch, others: Sequence[Watch]) -> str:
    return f" So {'is' if len(others) == 1 else 'are'} {_also(watch, others)}." if others else ""


def _also(watch: Watch, others: Sequence[Watch]) -> str:
    """`the other watch of the same message and 1 of another message with the same cause (mx3.example.com)`."""
    mine = watch.state.incident
    elsewhere = [
        one for one in others if not (mine and one.state.incident and one.state.incident.told_in == mine.told_in)
    ]
    same = len(others) - len(elsewhere)
    names = ", ".join(map(name_of, elsewhere[:NAMED])) + (" ..." if len(elsewhere) > NAMED else "")
    said = [by_count(same, SAME_MESSAGE)] if same else []
    said += [by_count(len(elsewhere), SAME_CAUSE).replace("{names}", names)] if elsewhere else []
    return " and ".join(said)


NAMED = 5
SAME_MESSAGE = ("the other watch of the same message", "the {count} other watches of the same message")
SAME_CAUSE = (
    "1 other watch with the same cause, told in another message ({names})",
    "{count} other watches with the same cause, told in other messages ({names})",
)


def _how(verb: str, watch: Watch, until: datetime | None) -> str:
    """Until when, and what happens then: nothing is promised that a pause, a mute or a maintenance prevents."""
    ends = f"until {when(until)}" if until else "until somebody ends it"
    if verb == "pause":
        return "is paused: it is not checked until somebody resumes it."
    if verb == "mute":
        looked = "It is paused, too, and so not checked" if watch.paused else "It is still checked"
        return f"is muted {ends}. {looked}; the list shows who muted it."
    rest = quiet(watch, until) if until else ""
    then = f"It stays quiet after that: {rest}." if rest else "If it is still bad then, it alerts again."
    return f"is snoozed {ends}. {then}"


async def go_on(watch: Watch, request: Request, services: Needs) -> Reply:
    """End a pause, a mute and a snooze. One that could not post tries its channel first."""
    if waits_for_channel(watch):
        return await begin(watch, request.at, services)
    after = await changed(watch, lambda one: resume(one, request.at, request.actor.user), services)
    return view.said(f":bell: *{name_of(after)}* is checked now and alerts again.{_looked_after(after)}")


NOT_SO = ":bell: *{name}* is not {how}: nothing was done."


async def unmuted(watch: Watch, request: Request, services: Needs) -> Reply:
    if watch.muted is None:  # whoever wants to hear of it again need not know which of both keeps it quiet
        return await unsnoozed(watch, request, services, how="muted")
    after = await changed(watch, lambda one: unmute(one, request.at, request.actor.user), services)
    return _ended("mute", after, request.at)


async def unsnoozed(watch: Watch, request: Request, services: Needs, *, how: str = "snoozed") -> Reply:
    if watch.snoozed is None:
        rest = quiet(watch, request.at)
        said = NOT_SO.format(name=name_of(watch), how=how)
        return view.said(f"{said} It stays quiet: {rest}." if rest else said)
    after = await changed(watch, lambda one: unsnooze(one, request.at, request.actor.user), services)
    return _ended("snooze", after, request.at)


def _ended(what: str, watch: Watch, at: datetime) -> Reply:
    rest = quiet(watch, at)
    now = f"It stays quiet: {rest}." if rest else f"It is checked now and alerts again.{_looked_after(watch)}"
    return view.said(f":bell: The {what} of *{name_of(watch)}* is over. {now}")


def _looked_after(watch: Watch) -> str:
    incident = watch.state.incident
    if incident is None or not incident.acked_by or incident.silenced:
        return ""
    return f" What is down is not told once more: {person(incident.acked_by)} has acknowledged it."


async def noted(asked: Note, request: Request, services: Needs) -> Reply:
    """Everybody in the channel reads it, so it has no secrets; whom it names is not mentioned once more."""
    if asked.chosen is not None:
        return await do_to_several(asked, asked.chosen, request, services)
    try:
        watch = await named(asked.ref, request, services, fits=is_down)
    except UserError as error:
        if error.wrong and not error.try_instead and any(one.state.incident for one in await visible(services)):
            error.try_instead = (f"down {asked.ref}",)  # it is of what is down, and names none
        raise
    text = said(with_names(asked.text, await services.channel_posts.names(mentioned(asked.text))))
    after = await changed(watch, lambda one: note(one, request.actor.user, request.at, text), services)
    told = f":memo: The note is in the thread of *{name_of(after)}* and in its history."
    incident = after.state.incident
    if incident is None or incident.acked_by:
        return view.said(told)
    return view.said(f"{told} Nobody has acknowledged it yet.", button("Acknowledge", "smtpwatch.ack", after.id))


async def with_note(step: Answer, watch: Watch, text: str, request: Request, services: Needs) -> Answer:
    """What was acknowledged, with what was written behind it as a note."""
    if not isinstance(step, Reply):
        return step
    await changed(watch, lambda one: note(one, request.actor.user, request.at, said(text)), services)
    return view.said(f"{step.text} Your note is in the thread.")


async def noted_below(ts: str, request: Request, services: Needs) -> Reply | None:
    """A reply in the thread of an alert (`ts`) as a note of its incident. None: no open incident stands there."""
    watches = await services.channel_posts.told_in(request.channel, ts, await visible(services))
    if not watches:
        return None
    if not request.text.strip():
        raise UserError("What is the note?", "Write it behind the word: `note the disk was replaced`.")
    return await noted(Note(watches[0].id, clean(request.text, NOTED)), request, services)


async def accepted(watch: Watch, request: Request, services: Needs) -> Reply:
    """Of the others of its channel, too, what was told of this one, and what stands in the same message."""
    who, at = request.actor.user, request.at
    if not may_accept(watch) and (last := await _accepted_last(watch, services)) is not None:
        by = person(str(last.facts.get("who") or ""))
        return view.said(f":ballot_box_with_check: {by} accepted *{name_of(watch)}* as it is already, {when(last.at)}.")
    together = [one.state.incident for one in await told_together(watch, services) if acceptable(one)]
    told = changes_of(watch) | {(code,) for incident in together if incident for code in incident.failing}
    others = [one for one in await visible(services) if one.id != watch.id and one.channel == watch.channel]
    message = certificates.message_of(watch)
    told |= {row for one in others if message == certificates.message_of(one) for row in certificates.unaccepted(one)}
    alike = [one for one in others if acceptable(one) and changes_of(one) & told]
    for other in alike:
        too = decided(lambda one: accept(one, at, who, told), at)
        await services.watches.change(other.id, too, await services.viewer())
    after = await changed(watch, lambda one: accept(one, at, who), services)
    also = f", for {len(alike) + 1} watches" if alike else ""
    return view.said(ACCEPTED.format(name=name_of(after), also=also))


async def accepted_at(host: str, request: Request, services: Needs) -> Reply | None:
    """What any watch of the channel on a host has to accept, and who told the same. None where it is not several."""
    every = [one for one in await visible(services) if one.channel == request.channel]
    there = [one for one in every if one.target == host.lower().removesuffix(".")]
    if len(there) < SEVERAL:
        return None
    before = await _having_to_accept(request, services)
    meant = [one for one in there if one.id in before]
    if not meant:
        return await accepted(await _accepted_last_of(there, services), request, services)
    for one in meant:
        if one.id in await _having_to_accept(request, services):
            reply = await accepted(one, request, services)
    count = len(before.keys() - (await _having_to_accept(request, services)).keys())
    return view.said(ACCEPTED.format(name=name_of(meant[0]), also=f", for {count} watches")) if meant[1:] else reply


async def _accepted_last_of(watches: Sequence[Watch], services: Needs) -> Watch:
    """That which somebody accepted last, or any."""
    found = [(event.at, one) for one in watches if (event := await _accepted_last(one, services)) is not None]
    return max(found, key=lambda accepted: accepted[0])[1] if found else watches[0]


async def _having_to_accept(request: Request, services: Needs) -> dict[str, Watch]:
    every = await visible(services)
    return {one.id: one for one in every if one.channel == request.channel and may_accept(one)}


SEVERAL = 2
ACCEPTED = ":ballot_box_with_check: What is different at *{name}* is normal from now on{also}."


async def _accepted_last(watch: Watch, services: Needs) -> Event | None:
    """The last time that somebody accepted what a watch told, while nothing has been told since then."""
    rows = await services.watches.events(await services.viewer(), watch=watch.id)
    told = [event for event in map(of_event_row, rows) if event.kind not in {"noted", "acked"}]
    is_so = bool(told) and (told[-1].kind == "accepted" or told[-1].facts.get("why") == "accepted")
    return told[-1] if is_so else None


async def acknowledged(watch: Watch, request: Request, services: Needs) -> Reply:
    """All that nobody looks after in its message; where somebody does of all of them, whoever asks does from now on."""
    who, at = request.actor.user, request.at
    every = [watch, *await of_same_cause(watch, services)]
    had = _had_by(every)
    if watch.state.incident is None and (beside := await down_beside(watch, services)):
        await changed(watch, lambda one: run_now(one, at), services)
        raise _well_beside(watch, beside)
    left = [one for one in every if one.state.incident is not None and not one.state.incident.acked_by]
    if not left and set(had) == {who}:
        return view.said(f":eyes: {person(who)} acknowledged *{name_of(watch)}* already, {when(had[who])}.")
    first, *others = left or every
    after = await _together(first, others, lambda one, together: acknowledge(one, who, at, together), at, services)
    also = f" and {_also(first, others)}" if others else ""
    then = "the alert shows it and will say when it has recovered."
    before = "".join(
        HAD[bool(left)].format(who=person(one), when=when(since)) for one, since in had.items() if one != who
    )
    return view.said(f":eyes: {person(who)} acknowledged *{name_of(after)}*{also}; {then}{before}")


def _well_beside(watch: Watch, beside: Sequence[Watch]) -> DeclinedError:
    """It has no incident yet, and shares an address or a network with others that have."""
    last = f"{watch.target} was well when it was looked at last" if watch.state.last_at else f"{watch.target} is new"
    many = by_count(len(beside), DOWN_BESIDE).format(host=quoted(beside[0].target))
    is_alone = sum(one.target == beside[0].target for one in beside) == 1
    hint = f"{many}: `/smtpwatch ack {quoted(beside[0].target) if is_alone else beside[0].id}` is for theirs."
    return DeclinedError(f"{last}, and is looked at again now.", hint)


DOWN_BESIDE = ("{host} of the same network is down", "{count} others of the same network are down")
HAD: Mapping[bool, str] = {False: " {who} had it since {when}.", True: " {who} has the rest since {when}."}
"""Whether others in the message stay theirs."""


def _had_by(watches: Sequence[Watch]) -> Mapping[str, datetime]:
    """Who acknowledged some of them, and when."""
    incidents = [watch.state.incident for watch in watches]
    return {one.acked_by: one.acked_at for one in incidents if one is not None and one.acked_by and one.acked_at}
