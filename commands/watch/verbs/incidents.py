"""What incidents there were, one of them whole, and as files."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from commands.contract import Attachment, DeclinedError, Reply, Request, Step
from commands.plural import by_count, plural
from commands.slack_text import code_span, quoted
from commands.uptime import DOWN
from commands.watch.state.model import NETWORK_TARGET, Watch
from commands.watch.state.rows import of_event_row
from commands.watch.state.selector import selected
from commands.watch.state.story import Story, called, down, folded, measured, stories, within
from commands.watch.typed.asked import Incidents
from commands.watch.typed.incidents import NEWEST_SAID, read_incidents
from commands.watch.verbs.forms import context_of
from commands.watch.verbs.lookup import find, fits_none, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view.incident_files import FILES, ids_in
from commands.watch.view.stories import Asked, listed, row, whole
from commands.watch.view.wording import when
from commands.watch_ids import NAMED
from storage.watches import StoredEvent

KEPT_FOR = timedelta(days=90)
"""How long what was told is kept."""

ALL_SAID, ONLY_OLDER = "in the last 90 days", "in the last 90 days (none in the last 7)"
KEPT = "`/smtpwatch incidents` lists those that you may see; they are kept for 90 days."


async def pressed(request: Request, services: Needs) -> AsyncIterator[Step]:
    """A button or the menu: its value is what is typed behind the verb."""
    yield await asked_for(read_incidents(request.value.split(), context_of(request, services)), request, services)


async def asked_for(asked: Incidents, request: Request, services: Needs) -> Reply:
    """Of deleted watches, too, while they are kept."""
    named = NAMED.fullmatch(asked.ref.strip("`").lower())
    if named and named["incident"]:
        [story] = await _measured([await _one(named["watch"], named[0], services)], request, services)
        return await _file([story], asked, "", story.id, request, services) if asked.form else whole(story, request.at)
    among = await _among(asked, request, services)
    asked, found = await _back_to_the_last(asked, among, request, services)
    said = _said(asked, here=bool(among.channel))
    found = await _measured(found, request, services)
    if asked.form:
        return await _file(found, asked, said, f"{asked.since:%Y%m%d}-{asked.until:%Y%m%d}", request, services)
    targets = among.targets(found)
    spans = await services.watches.spans(await services.viewer(), since=asked.since, until=asked.until)
    total = down(spans, targets, asked.since, asked.until)
    total.pop(NETWORK_TARGET, None)  # our own network is no host that was down
    terminal = request.surface == "terminal"
    zone = ZoneInfo(request.actor.zone)
    nearest = "" if found else await _nearest(asked, among, request, services)
    shown = Asked(_typed(asked, request), said, asked.since, asked.until, whole=terminal, zone=zone, instead=nearest)
    return listed(found, shown, total, request.at)


async def _one(watch: str, name: str, services: Needs) -> Story:
    """Of one in whose message others stood all of them, each with what was told of it in other messages, too."""
    viewer = await services.viewer()
    members = {watch, *(row.watch for row in await services.watches.events(viewer, incident=name))}
    found = await asyncio.gather(*(services.watches.events(viewer, watch=one) for one in sorted(members)))
    told = (of_event_row(row) for rows in found for row in rows)
    seen = {one.id for one in await visible(services, deleted=True)}
    story = called(name, await _parted(stories(sorted(told, key=lambda event: event.at)), seen, services))
    if story is None:
        raise DeclinedError(f"There is no incident `{quoted(name)}` that you may see.", KEPT, "incidents")
    return story


async def _parted(found: list[Story], seen: Collection[str], services: Needs) -> list[Story]:
    """Those of watches that they may not see any more, since they were moved, with when they saw them down last."""
    goes_on = [story for story in found if not story.ending and story.first.watch not in seen]
    if not goes_on:
        return found
    since, until = min(story.since for story in goes_on), services.now()
    spans = await services.watches.spans(await services.viewer(), since=since, until=until)
    down_at = {(one.watch, one.place): one.until for one in spans if one.what == DOWN}
    parted = {
        story.id: replace(story, left=down_at.get((story.first.watch, story.first.target), story.last.at))
        for story in goes_on
    }
    return [parted.get(story.id, story) for story in found]


async def _measured(found: list[Story], request: Request, services: Needs) -> list[Story]:
    flapping = [min(story.since, story.last.first) for story in found if story.said("flapping")]
    if not flapping:
        return found
    spans = await services.watches.spans(await services.viewer(), since=min(flapping), until=request.at)
    return [measured(story, spans, request.at) for story in found]


@dataclass(frozen=True, slots=True)
class _Among:
    """The watches whose incidents are asked for; of those of a channel what was told in it.

    `left`: watches that are in another channel now. What was told of them stays where it was told. `seen` are the ids
    of all that they may see; `unseen` says which of those that were moved to where they may not belong to it, too: a
    target or an id, "" for all, None for none.
    """

    watches: Sequence[Watch]
    channel: str = ""
    left: Sequence[Watch] = ()
    seen: Collection[str] = ()
    unseen: str | None = None

    def parted_from(self, row: StoredEvent) -> bool:
        """Whether it was told by one of those others."""
        return row.watch not in self.seen and self.unseen in {"", row.watch, row.document["target"]}

    def targets(self, found: Sequence[Story]) -> dict[str, str]:
        """Whose downtime belongs to the list, by id: in a channel that of what was told there."""
        told = {event.watch: event.target for story in found for event in story.events}
        every = (*self.watches, *self.left)
        return told | {watch.id: watch.target for watch in every if watch.id in told or not self.channel}


async def _among(asked: Incidents, request: Request, services: Needs) -> _Among:
    """Without a word what this channel has; where it has no watch all."""
    every: Sequence[Watch] = await visible(services, deleted=True)
    seen = {watch.id for watch in every}
    if asked.ref:
        away = await _away(asked.ref, seen, services)
        is_theirs = away is None or any(away in {one.id, one.target} for one in every)
        of = _of_target(asked.ref, every, request.channel) if is_theirs else ()
        return _Among(of, seen=seen, unseen=away)
    if asked.chosen is not None:
        who = request.actor.user, request.channel, request.at
        named = replace(asked.chosen, standing="")  # that none is down is an answer, that none is called so is a slip
        if named.narrows and not selected(named, every, *who):
            raise fits_none(named, every)
        return _Among(selected(asked.chosen, every, *who), seen=seen, unseen=None if asked.chosen.narrows else "")
    here = [watch for watch in every if watch.channel == request.channel]
    if not here or not request.channel:
        return _Among(every, seen=seen, unseen="")
    left = [watch for watch in every if watch.channel != request.channel]
    return _Among(here, request.channel, left, seen, "")


async def _away(ref: str, seen: Collection[str], services: Needs) -> str | None:
    """The name, where a watch that is called so told something, and was moved to where they may not see it."""
    name, since = ref.lower().strip("`<>").removesuffix("."), services.now() - KEPT_FOR
    rows = await services.watches.events(await services.viewer(), since=since)
    return next((name for row in rows if row.watch not in seen and name in {row.watch, row.document["target"]}), None)


def _of_target(ref: str, watches: Sequence[Watch], channel: str) -> Sequence[Watch]:
    target = find(ref, watches, channel).target if _is_one(ref, watches) else ref.lower()
    return [one for one in watches if one.target == target.removesuffix(".")] or [find(ref, watches, channel)]


def _is_one(ref: str, watches: Sequence[Watch]) -> bool:
    return any(watch.id == ref.lower().strip("`<>") for watch in watches)


async def _found(asked: Incidents, among: _Among, services: Needs) -> list[Story]:
    """Those that began or went on in the time: what is open may have told nothing in it."""
    viewer, watches = await services.viewer(), (*among.watches, *among.left)
    wanted = {watch.id for watch in watches}
    rows = {row.id: row for row in await services.watches.events(viewer, since=asked.since)}
    for watch in watches:
        incident = watch.state.incident
        if incident is not None and incident.events and not any(row.startswith(f"{incident.id}.") for row in rows):
            rows |= {row.id: row for row in await services.watches.events(viewer, watch=watch.id)}
    events = [of_event_row(row) for row in rows.values() if row.watch in wanted or among.parted_from(row)]
    told = await _parted(stories(sorted(events, key=lambda event: event.at)), among.seen, services)
    found = within(told, asked.since, asked.until)
    return folded(story for story in found if not among.channel or among.channel in story.channels)


async def _back_to_the_last(
    asked: Incidents, among: _Among, request: Request, services: Needs
) -> tuple[Incidents, list[Story]]:
    """Of one host without a time the last is found, as far back as any is kept."""
    found = await _found(asked, among, services)
    if found or not asked.ref or asked.when != NEWEST_SAID:
        return asked, found
    farther = replace(asked, since=request.at - KEPT_FOR, when=ALL_SAID)
    older = await _found(farther, among, services)
    return (replace(farther, when=ONLY_OLDER) if older else farther), older


async def _nearest(asked: Incidents, among: _Among, request: Request, services: Needs) -> str:
    """The incident before or after the time that is asked about; or since when they were watched."""
    ever = replace(asked, since=request.at - KEPT_FOR, until=request.at)
    if other := await _found(ever, among, services):
        away = {story.id: max(asked.since - (story.ended or story.since), story.since - asked.until) for story in other}
        return NEAREST.format(row=row(min(other, key=lambda story: away[story.id]), request.at).removeprefix("• "))
    if not among.watches:
        return ""
    first = min(among.watches, key=lambda watch: watch.created_at)
    return by_count(len(among.watches), WATCHED_SINCE).format(when=when(first.created_at))


NEAREST = "The nearest: {row}"
WATCHED_SINCE = ("It has been watched since {when}.", "The first of them has been watched since {when}.")


def _typed(asked: Incidents, request: Request) -> str:
    """As it is typed, so that buttons ask for the same, an hour later, too."""
    zone = ZoneInfo(request.actor.zone)
    since, until = (f"{at.astimezone(zone):%Y-%m-%dt%H:%M}" for at in (asked.since, asked.until))
    times = f"since {since}" if asked.until >= request.at else f"since {since} until {until}"
    return f"{_chosen(asked)} {times}".strip()


def _chosen(asked: Incidents) -> str:
    return " ".join(filter(None, (asked.ref, asked.chosen.text if asked.chosen is not None else "")))


def _said(asked: Incidents, *, here: bool) -> str:
    """Of watches that stand so now; what was so and is no more has other incidents."""
    of = _chosen(asked)
    if here:
        return f"{asked.when} in this channel"
    if of == "all":
        return f"{asked.when} in every channel that you may see"
    now = "what is now " if asked.chosen is not None and asked.chosen.standing else ""
    return f"{asked.when}{f' of {now}{code_span(of)}' if of else ''}"


async def _file(
    found: Sequence[Story], asked: Incidents, said: str, name: str, request: Request, services: Needs
) -> Reply:
    if not found and request.surface != "terminal":
        return Reply(f"No incidents {said} that you may see: there is nothing to export.")
    ending, make = FILES[asked.form]
    names = await services.channel_posts.names(ids_in(found, request.at))
    attachment = Attachment(f"portero-incidents-{name}.{ending}", make(found, request.at, names).encode())
    counted = plural(len(found), "incident")
    text = f":page_facing_up: {counted}: `{attachment.name}` comes to your direct messages with Portero."
    return Reply(text, files=(attachment,), good=all(story.ending for story in found))
