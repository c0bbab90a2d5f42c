"""What is done to several watches at once: those that are chosen by a tag, a state, a pattern, or all that one sees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commands.asking_rate import mind_the_asker
from commands.contract import Reply, Request
from commands.plural import by_count
from commands.secrets.free_text import said
from commands.slack_text import code_span
from commands.watch.state.accepting import accept, may_accept
from commands.watch.state.actions import (
    acknowledge,
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
from commands.watch.state.events import Step
from commands.watch.state.model import Watch
from commands.watch.state.selector import Selector, selected
from commands.watch.typed.asked import Named, Note, Quiet
from commands.watch.verbs.lookup import changed_all, find, fits_none, is_down, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.channel import hushed


@dataclass(frozen=True, slots=True)
class _How:
    """By whom and when, until when and why; `together`: so many of one message are, and this one is to say so."""

    who: str
    at: datetime
    until: datetime | None = None
    why: str = ""
    together: int = 1


Act = Callable[[Watch, _How], Step]


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a verb does to a watch that it `fits`, and how that is said; `ends` is the verb that ends it.

    `unfit` says of one, and of several, why nothing was done to them.
    """

    act: Act
    said: str
    ends: str = ""
    fits: Callable[[Watch], bool] = lambda _watch: True
    unfit: tuple[str, str] = ("", "")


def _quieted(watch: Watch) -> bool:
    """One that could not post tries its channel first, by itself."""
    return not waits_for_channel(watch) and any((watch.paused, watch.muted, watch.snoozed))


DEEDS: Mapping[str, _Deed] = {
    "pause": _Deed(
        lambda one, how: pause(one, how.who, how.at, how.why, how.together),
        "paused: not checked until somebody resumes", "resume", lambda one: one.paused is None,
        ("is paused already", "are paused already"),
    ),
    "mute": _Deed(
        lambda one, how: mute(one, how.who, how.at, how.until, how.why, how.together), "muted {until}; still checked",
        "unmute",
    ),
    "snooze": _Deed(
        lambda one, how: snooze(one, how.who, how.at, how.until or how.at, how.together), "snoozed {until}", "unsnooze"
    ),
    "resume": _Deed(
        lambda one, how: resume(one, how.at, how.who, how.together), "checked now and alerting again", "", _quieted,
        ("has nothing to resume", "have nothing to resume"),
    ),
    "unmute": _Deed(
        lambda one, how: (unsnooze if one.muted is None else unmute)(one, how.at, how.who, how.together),
        "not muted any more", "", lambda one: any((one.muted, one.snoozed)), ("is not muted", "are not muted"),
    ),
    "unsnooze": _Deed(
        lambda one, how: unsnooze(one, how.at, how.who, how.together), "not snoozed any more", "",
        lambda one: one.snoozed is not None, ("is not snoozed", "are not snoozed"),
    ),
    "ack": _Deed(
        lambda one, how: acknowledge(one, how.who, how.at, how.together), "acknowledged; the alert shows it", "",
        lambda one: one.state.incident is not None, ("has no open incident", "have no open incident"),
    ),
    "note": _Deed(
        lambda one, how: note(one, how.who, how.at, how.why, how.together),
        "marked with the note, in the thread of each incident", "",
        lambda one: one.state.incident is not None, ("has no open incident", "have no open incident"),
    ),
    "accept": _Deed(
        lambda one, how: accept(one, how.at, how.who), "accepted as they are", "",
        may_accept, ("has nothing to accept", "have nothing to accept"),
    ),
    "run": _Deed(
        lambda one, how: run_now(one, how.at), "about to be checked", "", lambda one: one.paused is None,
        ("is paused", "are paused"),
    ),
}  # fmt: skip


async def of_several(selector: Selector, request: Request, services: Needs) -> list[Watch]:
    """`UserError` where none fits, or one that is named is none."""
    every = await visible(services)
    if selector.named:
        named = (watch for name in selector.named for watch in _named(name, every, request.channel))
        return list({watch.id: watch for watch in named}.values())
    found = selected(selector, every, request.actor.user, request.channel, request.at)
    if not found:
        raise fits_none(selector, every)
    return found


def _named(name: str, every: Sequence[Watch], channel: str) -> list[Watch]:
    """By its id, or all on a host: those of this channel, where there are any."""
    on_host = [watch for watch in every if watch.target == name.lower().removesuffix(".")]
    here = [watch for watch in on_host if watch.channel == channel]
    return here or on_host or [find(name, every, channel)]


FITS: Mapping[str, Callable[[Watch], bool]] = {
    **{verb: deed.fits for verb, deed in DEEDS.items() if deed.unfit[0]},
    **dict.fromkeys(("show", "history"), is_down),
}
"""Of several watches on a host that one types, the one that a verb is about."""

OTHERS = ("The other one {unfit}.", "The other {count} {unfit}.")
NOTHING = (
    "Nothing was done: the only watch of {chosen} {unfit}.",
    "Nothing was done: all {count} watches of {chosen} {unfit}.",
)


async def do_to_several(asked: Quiet | Named | Note, selector: Selector, request: Request, services: Needs) -> Reply:
    """All at once: what has changed meanwhile so that it does not apply any more is left out."""
    deed = DEEDS["note" if isinstance(asked, Note) else asked.verb]
    until = asked.until if isinstance(asked, Quiet) else None
    how = _How(request.actor.user, request.at, until, said(_words(asked)))
    chosen = await of_several(selector, request, services)
    if deed is DEEDS["run"]:
        mind_the_asker(request.actor.user, services)
    together = spokesmen([one for one in chosen if deed.fits(one)])
    how_of = {one.id: replace(how, together=together.get(one.id, 1)) for one in chosen}
    done = await changed_all(chosen, lambda one: deed.act(one, how_of[one.id]) if deed.fits(one) else None, services)
    left = [one for one in chosen if not deed.fits(one)]
    if not done and left:
        return view.said(_of(len(left), NOTHING, deed, selector))
    if isinstance(asked, Quiet):
        await _tell_the_others(done, asked.verb, how, request.channel, services)
    others = _of(len(left), OTHERS, deed, selector) if left else ""
    ends = f"`/smtpwatch {deed.ends} {_by_name(selector, done)}` ends it." if deed.ends and done else ""
    told = [view.several(done, selector, view.until_when(deed.said, until), request.channel), others, ends]
    return view.said(" ".join(filter(None, told)))


def _by_name(selector: Selector, done: Sequence[Watch]) -> str:
    """By hosts where ids were handed on, and each host tells which watch is meant."""
    hosts = list(dict.fromkeys(watch.target for watch in done))
    is_by_id = bool(selector.named) and set(selector.named) == {watch.id for watch in done}
    return " ".join(hosts) if is_by_id and len(hosts) == len(done) else selector.text


async def _tell_the_others(done: Sequence[Watch], verb: str, how: _How, here: str, services: Needs) -> None:
    """Each other channel whose watches were made quiet hears of it: what it does not hear of then is known."""
    for channel in dict.fromkeys(watch.channel for watch in done if watch.channel != here):
        mine = [watch for watch in done if watch.channel == channel]
        await services.channel_posts.announce(channel, hushed(mine, verb, how.who, how.until, how.why))


def _words(asked: Quiet | Named | Note) -> str:
    """What is kept of it, and read by everybody in the channel."""
    return asked.why if isinstance(asked, Quiet) else asked.text if isinstance(asked, Note) else ""


def _of(count: int, sentences: tuple[str, str], deed: _Deed, selector: Selector) -> str:
    """What nothing was done to, and why."""
    return by_count(count, sentences).format(chosen=code_span(selector.text), unfit=deed.unfit[count != 1])


def spokesmen(chosen: Sequence[Watch]) -> dict[str, int]:
    """Of those whose incidents stand in one message the first says it for all of them; the others say nothing."""
    told: dict[str, list[str]] = {}
    for watch in chosen:
        if watch.state.incident is not None:
            told.setdefault(watch.state.incident.told_in, []).append(watch.id)
    return {one: len(ids) if one == ids[0] else 0 for ids in told.values() for one in ids}
