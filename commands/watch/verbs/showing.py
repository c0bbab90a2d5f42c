"""The list, one watch, its incidents, a run now, and what its alert would look like."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from commands.asking_rate import mind_the_asker
from commands.blocks import button
from commands.contract import DeclinedError, Progress, Reply, Request, Step
from commands.plural import by_count
from commands.watch.state.actions import ran_again, run_now
from commands.watch.state.events import Event, event_of
from commands.watch.state.model import Incident, Watch
from commands.watch.state.rows import of_event_row
from commands.watch.state.selector import Selector, selected
from commands.watch.typed.asked import List
from commands.watch.typed.selectors import read_selector
from commands.watch.verbs.lookup import changed, changed_all, nearest_choice, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.accepted import accepted_lines
from commands.watch.view.card import card, trouble
from commands.watch.view.channel import refused
from commands.watch.view.condition import icon, state_of
from commands.watch.view.incidents import past
from commands.watch.view.listing import place
from commands.watch.view.wording import name_of, when


def rehearsal(watch: Watch, at: datetime) -> Event:
    """What an alert of this watch would look like; it is no incident, and is never written to the outbox."""
    code = "no_answer" if watch.kind != "network" else "blocked"
    ports = watch.ports or (25,)
    facts = {
        "failing": [f"{code} {watch.target}:{port}" for port in ports],
        "summary": [],
        "verdict": "failed",
        "entry": watch.state.last_entry,
        "rehearsal": True,
    }
    return event_of(watch, Incident(f"{watch.id}.test", at), "opened", at, facts, quiet=False)


async def listed(asked: List, request: Request, services: Needs, *, number: int = 1, in_place: bool = False) -> Reply:
    """A page; a terminal has all of it."""
    every = await visible(services)
    chosen, found = chosen_of(asked, request, every)
    where = {"all": "that you may see", "": "that you may see", "mine": "of yours"}.get(chosen.scope)
    if where is None:
        allowed = "that may be shown here" if request.surface == "mention" else "that you may see"
        where = "in this channel" if chosen.scope == request.channel else f"in <#{chosen.scope}> {allowed}"
    instead = nearest_choice(chosen, every) if every and chosen.narrows else ""
    terminal = request.surface == "terminal"
    owners = chosen.scope != "mine" and request.surface != "mention"  # where everybody reads it, all would be alerted
    page = view.Page(chosen.text or "all", number, in_place=in_place, whole=terminal, instead=instead, owners=owners)
    if chosen.narrows:
        scope = selected(Selector(chosen.scope), every, request.actor.user, request.channel, request.at)
        page = replace(page, of=scope, criteria=view.criteria(chosen))
    return view.overview(found, where, request.at, page)


def chosen_of(asked: List, request: Request, every: Sequence[Watch]) -> tuple[Selector, list[Watch]]:
    """Without a word what is in this channel, where there is none what is theirs."""
    here = request.channel if request.channel[:1] in {"C", "G"} else ""
    chosen = asked.chosen
    if chosen.scope == "here" or chosen == Selector():
        chosen = replace(chosen, scope=here or "mine")
    return chosen, selected(chosen, every, request.actor.user, request.channel, request.at)


async def turn(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Another page: its value is `<number> <what is listed>`."""
    number, _, text = request.value.partition(" ")
    asked = List(read_selector(text.split(), freely=True)[0] or Selector())
    yield await listed(asked, request, services, number=int(number) if number.isdecimal() else 1, in_place=True)


async def show(watch: Watch, request: Request, services: Needs) -> Reply:
    viewer = await services.viewer()
    notes = await services.watches.troubles(watch.id, viewer)
    troubles = [trouble(route, note) for route, note in sorted(notes.items())]
    told = [of_event_row(row) for row in await services.watches.events(viewer, watch=watch.id)]
    return card(watch, request.at, services.watch_rules.routes, troubles=troubles, accepted=accepted_lines(told))


async def run(watch: Watch, request: Request, services: Needs, others: Sequence[Watch] = ()) -> AsyncIterator[Step]:
    """Let it run now, and say what that came to, as soon as it did; the others of its message run, too."""
    if watch.paused is not None:
        line = f"resume {watch.id}"
        raise DeclinedError("That watch is paused.", f"`/smtpwatch {line}` lets it run.", line)
    if absent := await services.absence(watch.place):
        raise DeclinedError(absent.message, "The watch runs as soon as that changes.")
    mind_the_asker(request.actor.user, services)
    if others:
        await changed_all(others, lambda one: run_now(one, request.at), services)
    asked = await changed(watch, lambda one: run_now(one, request.at), services)
    yield Progress(f":hourglass_flowing_sand: Checking *{name_of(asked)}* ...")
    after = await services.after_next_run(asked)
    if after is not None:
        if after.state.incident is not None:
            after = await changed(after, lambda one: ran_again(one, request.actor.user, request.at), services)
        yield _looked_at(after, request, len(others))
        return
    text = f":hourglass_flowing_sand: *{name_of(asked)}* is about to be checked (before: {state_of(asked)})."
    yield view.said(text, button("Show the result", "smtpwatch.show", asked.id))


SO_ARE = (
    "The other watch of the same message is checked again, too.",
    "The {count} other watches of the same message are checked again, too.",
)


def _looked_at(watch: Watch, request: Request, others: int) -> Reply:
    """What the run came to. One good run ends no incident, so it says what is waited for."""
    lines = [f"{icon(watch, request.at)} *{name_of(watch)}* was checked again: {state_of(watch)}."]
    if watch.state.phase == "recovering":
        lines.append(
            f"{watch.recover_after} good runs in a row end the incident; next {when(watch.due_at or request.at)}."
        )
    lines += [by_count(others, SO_ARE)] if others else []
    text = " ".join(lines)
    return view.said(text, button("Details", "smtpwatch.show", watch.id), good=watch.state.incident is None)


async def rehearse(watch: Watch, request: Request, services: Needs) -> Reply:
    code = await services.channel_posts.rehearse(watch, rehearsal(watch, request.at))
    if code:
        return refused(watch, code) if watch.paused else _untold(watch, code)
    return view.said(f":white_check_mark: A test alert is in {place(watch)}. It mentions nobody.")


def _untold(watch: Watch, code: str) -> Reply:
    text = (
        f":warning: *An alert could not be posted* in {place(watch)} (`{code}`). "
        "Type `/invite @portero` there, then test again."
    )
    return view.said(text)


async def history(watch: Watch, request: Request, services: Needs) -> Reply:
    rows = await services.watches.events(await services.viewer(), watch=watch.id)
    return past(watch, [of_event_row(row) for row in rows], request.at)
