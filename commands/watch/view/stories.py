"""Incidents in words: a list of them, and one whole. Mrkdwn, escaped. As files they are in `incident_files`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from commands.blocks import Block, actions, button, context, menu, section
from commands.contract import Reply
from commands.natural_order import natural
from commands.plural import by_count, plural
from commands.slack_text import escape
from commands.uptime import MINUTE
from commands.watch.state.events import GONE, HANDLES, MOVED_FROM, Event
from commands.watch.state.observation import endpoint_of
from commands.watch.state.story import ACCEPTED, Story, Together
from commands.watch.view.alert_lines import flaps
from commands.watch.view.alert_words import BROKE, ended_of, went_up_and_down
from commands.watch.view.closing_words import closed_as, gone
from commands.watch.view.event_text import GREEN, RED, WHITE
from commands.watch.view.group_words import doubts
from commands.watch.view.thread_words import LEFT, RECOVERED, ending, insisted
from commands.watch.view.wording import (
    between,
    broken,
    lasted,
    link,
    person,
    places,
    seen_name,
    somebody,
    target_name,
    when,
)
from storage.entries import LOCAL

ROWS = 20
LINES = 40
"""Entries of a story in one message; a file has all of them."""

MARKS: Mapping[str, str] = {"": RED, "recovered": GREEN, "accepted": GREEN, "no longer watched": WHITE, "moved": WHITE}
ENDINGS: Mapping[str, str] = {
    "accepted": "then accepted as normal",
    "no longer watched": "then no longer watched",
    "moved": "then its watch was moved to another channel",
}
"""How it ended, where it did not recover."""

PERHAPS: Mapping[str, str] = {"unseen_before": "perhaps longer", "unseen_at_end": "perhaps shorter"}
"""Of one that nobody saw break, or work again."""

MOVED = "Its watch was moved {when} from <#{old}> to <#{new}>"
MOVED_HERE = "{entry}. Its watch was moved here from <#{old}>"
IN_ALL = "The last of {count} incidents; in all it {went}"
FORMS = (("markdown", "Markdown"), ("csv", "CSV"), ("json", "JSON"))
NONE = "No incidents"
TOTAL = ("{down} of downtime", "{down} of downtime in total across {count} hosts")
ACKED = ":eyes: Acknowledged by {who}"
OPENED, AGAIN = "Opened: {what}, since {since}", "Told again: {what}, since {since}"
INSISTED: Mapping[str, str] = {
    "escalated": ":rotating_light: Nobody had acknowledged it for {long}{again}",
    "reminded": ":alarm_clock: It had gone on for {long}, and nobody had acknowledged it{again}",
}
WORKS = "{recovered} Works since {when}."
BROKE_QUIETLY: Mapping[str, str] = {
    "snooze": "Broke during the snooze of {who}: {what}",
    "mute": "Broke during the mute of {who}: {what}",
    "maintenance": "Broke during the maintenance of {who}: {what}",
}
OF_GROUP = frozenset({"group", "part", "thread", "unnamed"})
TOGETHER = "Told in one message with other watches: {count} were down in it"
QUIETLY = "told nobody ({why})"
NOBODY_TOLD = "Nobody was told: it broke during the {why} of {who}"
TOLD = "{entry} (mentioned {who})"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: `typed` as it is typed, `said` in words, and the time.

    `zone` is the asker's: the lines of a menu have no dates that Slack would put into it. `instead` is said where none
    is found.
    """

    typed: str
    said: str
    since: datetime
    until: datetime
    whole: bool = False
    zone: tzinfo = UTC
    instead: str = ""


def listed(found: Sequence[Story], asked: Asked, down: Mapping[str, timedelta], now: datetime) -> Reply:
    """Newest first, each in a line; a menu opens one, buttons make files of all.

    `down` is for how long by host; of one incident its line says how long it lasted.
    """
    still = sum(not story.ending for story in found)
    counted = plural(len(found), "incident") if found else NONE
    head = f"*{counted} {asked.said}*" if "`" not in asked.said else f"*{counted}* {asked.said}"
    title = ", ".join([head, *([f"{still} open"] if still else []), *(_total(down) if len(found) != 1 else [])])
    shown = found if asked.whole else found[:ROWS]
    rows = [row(story, now) for story in shown]
    more = [f"and {len(found) - len(shown)} more: a file has all of them"] if len(found) > len(shown) else []
    more += [asked.instead] if asked.instead else []
    blocks: list[Block] = [section(title), *_sections(rows), *map(context, more)]
    if found:
        options = [(story.id, _label(story, asked.zone)) for story in shown[:ROWS]]
        files = [
            button(label, f"smtpwatch.incidents_{name}", f"{asked.typed} as {name}".strip()) for name, label in FORMS
        ]
        blocks.append(actions(menu("smtpwatch.incident", options, "Open an incident"), *files))
    return Reply("\n".join([title, *rows, *more]), blocks, good=not still)


def _total(down: Mapping[str, timedelta]) -> list[str]:
    """As availability counts it: what runs saw in that time, of each host once."""
    total = sum(down.values(), timedelta())
    return [by_count(len(down), TOTAL).format(down=lasted(total.total_seconds()), count=len(down))] if down else []


def _sections(lines: Sequence[str], most: int = 5) -> Iterator[Block]:
    for at in range(0, len(lines), most):
        yield section("\n".join(lines[at : at + most]))


def row(story: Story, now: datetime) -> str:
    what = _what(story)
    by = f" · acknowledged by {', '.join(person(who) for who, _ in story.acks)}" if story.acks else ""
    by += f" · {QUIETLY.format(why=story.said('broke_why'))}" if story.silent else ""
    name = _name(story)
    return f"• {MARKS[story.ending]} {when(story.since)} *{name}*: {what}, {length(story, now)}{by} · `{story.id}`"


def _long(story: Story, now: datetime) -> str:
    until = story.ended or now
    return between(story.since, until, until - story.since - story.spanned(now))


def length(story: Story, now: datetime) -> str:
    """How long it lasted, or does so far; of one that flaps that it was not down all the time; how it ended."""
    long = _flapping(story, now) if story.said("flapping") else _long(story, now)
    if not story.ending:
        perhaps = f", {PERHAPS['unseen_before']}" if story.said("unseen_before") else ""
        return f"*goes on*, {long} so far{perhaps}"
    either = [words for name, words in PERHAPS.items() if story.said(name)]
    return ", ".join(filter(None, (long, *either, ENDINGS.get(story.ending))))


def _flapping(story: Story, now: datetime) -> str:
    """Of one of many how long of its own time it was down; where that is all of it, with how many they were."""
    long, was = _long(story, now), story.was_down
    if was is None:
        return f"up and down for {long}"
    if story.spanned(now) - was >= MINUTE:
        return f"up and down for {long}, down for {lasted(was.total_seconds())} of it"
    first = story.said("first")
    if not first or not story.ending:
        return f"down for {long}"
    return f"down for {long}, the last of {story.said('flapping')} since {when(datetime.fromisoformat(str(first)))}"


def _label(story: Story, zone: tzinfo) -> str:
    return f"{story.since.astimezone(zone):%Y-%m-%d %H:%M} {story.id} {story.first.target}"


def whole(story: Story, now: datetime) -> Reply:
    """One incident: what it was, from when to when, who heard of it and who looked after it, and its thread."""
    head = f"{MARKS[story.ending]} *{headline(story)}*"
    about = [f"• {line}" for line in facts(story, now)]
    told = [f"{when(event.at)}  {said}" for event, said in entries(story)]
    shown = told if len(told) <= LINES else [*told[: LINES // 2], "...", *told[-LINES // 2 :]]
    text = "\n".join([head, *about, "", *shown])
    buttons = actions(
        button("As Markdown", "smtpwatch.incidents_markdown", f"{story.id} as markdown"),
        button("Details of the watch", "smtpwatch.show", story.first.watch),
    )
    blocks = [section("\n".join([head, *about])), *_sections(shown, 8), buttons]
    return Reply(text, blocks, good=bool(story.ending))


def _name(story: Story) -> str:
    if isinstance(story, Together):
        return plural(len({part.first.watch for part in story.parts}), "watch", "watches")
    return seen_name(story.first.target, str(story.first.facts.get("from", LOCAL)))


def headline(story: Story) -> str:
    return f"{_name(story)}: {_what(story)}"


def _what(story: Story) -> str:
    """Of several with the host of each, unless the same was broken at all."""
    if not isinstance(story, Together):
        return _broken(story)
    alike = {_broken(part) for part in story.parts}
    if len(alike) > 1:
        return broken(story.failing, "") or NOT_USABLE
    hosts = sorted({part.first.target for part in story.parts}, key=natural)
    more = f" and {len(hosts) - HOSTS} more" if len(hosts) > HOSTS else ""
    return f"{alike.pop()} at {', '.join(map(target_name, hosts[:HOSTS]))}{more}"


HOSTS = 6
"""At which the same was broken, that a line names."""


def _broken(story: Story) -> str:
    return broken(story.failing, story.first.target) or NOT_USABLE


NOT_USABLE = "not usable"


def facts(story: Story, now: datetime) -> list[str]:
    """As lines without a mark in front."""
    lines = [_how_long(story, now), *_doubts(story)]
    if count := story.said("flapping"):
        lines.append(_flaps(story, count))
    why = story.said("broke_why")
    if why and story.silent:
        lines.append(NOBODY_TOLD.format(why=why, who=person(str(story.said("broke_by") or ""))))
    elif why:
        lines.append(BROKE[str(why)].format(when=when(story.since), who=person(str(story.said("broke_by") or ""))))
    if story.acks:
        (who, at), *others = story.acks
        later = f"; later by {', '.join(person(one) for one, _ in others)}" if others else ""
        after = f", {between(story.first.at, at)} after the alert" if at >= story.first.at else ""
        lines.append(f"Acknowledged by {person(who)} {when(at)}{after}{later}")
    elif story.ending == "recovered" and not story.silent:
        lines.append("Nobody acknowledged it")
    if story.told:
        lines.append(f"Mentioned: {', '.join(somebody(one, story.handles) for one in story.told)}")
    lines += [_unposted(*times, over=story.ended is not None) for times in story.unposted]
    lines += [
        MOVED.format(when=when(one.at), old=escape(str(one.facts[MOVED_FROM]), 40), new=escape(one.channel, 40))
        for one in story.moves
    ]
    lines += _with_it(story, now)
    if runbook := story.said("runbook"):
        lines.append(f"Runbook: {link(str(runbook))}")
    return lines


def _doubts(story: Story) -> list[str]:
    """Of several the line of each says it."""
    return [] if isinstance(story, Together) else doubts({name: story.said(name) for name in PERHAPS})


def _flaps(story: Story, count: int) -> str:
    """How many incidents it is the last of; of one that is over from when to when all of them were."""
    if isinstance(story, Together) or story.ending != "recovered" or story.last.first >= story.since:
        return flaps(count, story.said("within")).partition(". ")[0]
    return IN_ALL.format(count=count, went=went_up_and_down(story.last))


def _unposted(since: datetime, until: datetime | None, *, over: bool) -> str:
    """A time in which nobody read of it in its channel: of one that is over nothing is known behind its end."""
    if until is None:
        return f"Its channel took no posts from {when(since)} " + ("until it was over" if over else "on")
    return f"Its channel took no posts from {when(since)} to {when(until)}"


def _how_long(story: Story, now: datetime) -> str:
    """From when to when, and for how long: of one that flaps it is said how long of that it was down."""
    long, since, was = _long(story, now), when(story.since), story.was_down
    down = f", down for {lasted(was.total_seconds())} of it" if was is not None else ""
    flaps = bool(story.said("flapping"))
    if story.ended is None:
        return f"{'Up and down' if flaps else 'Down'} since {since}, for {long} so far{down}"
    times = f"from {since} to {when(story.ended)}, {ENDINGS.get(story.ending, story.ending)}"
    return f"Up and down for {long}{down}: {times}" if flaps else f"Down for {long}: {times}"


def _with_it(story: Story, now: datetime) -> list[str]:
    """What else was told in its message, or of several each."""
    if isinstance(story, Together):
        more = len(story.parts) - PARTS
        return [*(part_line(part, now) for part in story.parts[:PARTS]), *([f"and {more} more"] if more > 0 else [])]
    return [TOGETHER.format(count=story.together)] if story.together > 1 else []


PARTS = 10
"""Of several told in one message so many have a line; the timeline has all."""


def part_line(part: Story, now: datetime) -> str:
    """One of several that were told in one message."""
    return f"{_name(part)}: {_what(part)}, since {when(part.since)}, {length(part, now)} ({part.id})"


def entries(story: Story) -> list[tuple[Event, str]]:
    """Its timeline; of several each with its name."""
    lines = list(_lines(story.events))
    if not isinstance(story, Together):
        return list(zip(story.events, lines, strict=True))
    counted = [int(event.facts.get("together", 1)) for event in story.events]
    names = [
        plural(count, "watch", "watches") if count > 1 else target_name(event.target)
        for event, count in zip(story.events, counted, strict=True)
    ]
    named = [f"*{name}*: {line}" for name, line in zip(names, lines, strict=True)]
    return list(zip(story.events, named, strict=True))


def _lines(events: Iterable[Event]) -> Iterator[str]:
    """Each with what was broken before it in the same incident."""
    before: dict[str, Sequence[str]] = {}
    for event in events:
        yield entry(event, before.get(event.own, ()))
        before[event.own] = event.facts.get("failing", before.get(event.own, ()))


def entry(event: Event, before: Sequence[str] = ()) -> str:
    """One line of the story: what stood in the thread, without icons' help; of a group's message its own part."""
    event = replace(event, facts={name: fact for name, fact in event.facts.items() if name not in OF_GROUP})
    if event.kind in {"opened", "refired"}:
        what = broken(event.facts.get("failing", ()), event.target) or NOT_USABLE
        said = (OPENED if event.kind == "opened" else AGAIN).format(what=what, since=when(event.since))
        if event.kind == "refired" and MOVED_FROM in event.facts:
            said = MOVED_HERE.format(entry=said, old=escape(str(event.facts[MOVED_FROM]), 40))
        return _told(f"{RED} {said}", event)
    if event.kind == "broke":
        what = broken(event.facts.get("failing", ()), event.target) or NOT_USABLE
        who = person(str(event.facts.get("broke_by") or ""))
        return f"{RED} {BROKE_QUIETLY[str(event.facts['broke_why'])].format(who=who, what=what)}"
    if event.kind == "acked":
        return ACKED.format(who=person(str(event.facts.get("who"))))
    if event.kind == "closed":
        said = closed_as(event)
        return f"{GREEN if event.facts.get('why') == ACCEPTED else WHITE} {said[:1].upper()}{said[1:]}"
    if event.kind in INSISTED:
        return _told(INSISTED[event.kind].format(**insisted(event)), event)
    if event.kind == "recovered":
        return WORKS.format(recovered=ending(event), when=when(ended_of(event)))
    if event.kind == "changed" and GONE in event.facts:
        return f"{WHITE} {gone(event)}. {LEFT.format(what=broken(event.facts.get('failing', ()), event.target))}"
    if event.kind == "changed" and not event.facts.get("new"):
        return _left(event.facts.get("failing", ()), before, event.target)
    return ending(event)


def _left(failing: Sequence[str], before: Iterable[str], target: str) -> str:
    """What is broken still, and what works again since it was told before."""
    still = set(map(endpoint_of, failing))
    back = [place for place in dict.fromkeys(map(endpoint_of, before)) if place not in still]
    if not back:
        return f"{RED} Broken now: {broken(failing, target)}"
    again, left = RECOVERED.format(what=places(back, target)), LEFT.format(what=broken(failing, target))
    return f"{GREEN} {again}. {left}"


def _told(said: str, event: Event) -> str:
    who = ", ".join(somebody(str(one), event.facts.get(HANDLES, {})) for one in event.facts.get("told", ()))
    return TOLD.format(entry=said.rstrip("."), who=who) if who else said
