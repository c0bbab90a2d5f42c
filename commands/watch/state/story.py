"""The incidents of watches as stories: from what was told of each to what it was, from when to when. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from commands.times import to_minute
from commands.uptime import DOWN, uptimes
from commands.watch.state.events import BEHIND, HANDLES, MOVED_FROM, UNLOOKED, UNPOSTED, Event, times_unlooked, unlooked
from commands.watch.state.events import DOWN as DOWN_FOR
from storage.watches import WatchSpan

OUTAGE = frozenset(
    {"opened", "broke", "changed", "refired", "escalated", "reminded", "acked", "noted", "recovered", "closed"}
)
"""Events of an outage. What a certificate or a record has to tell is news, and no incident."""

ACCEPTED = "accepted"
OPENS = frozenset({"opened", "refired"})
OF_MESSAGE = frozenset({"moved", BEHIND})
ENDS: Mapping[str, "Ending"] = {"recovered": "recovered", "closed": "no longer watched"}
Ending: TypeAlias = Literal["", "recovered", "accepted", "no longer watched", "moved"]


@dataclass(frozen=True, slots=True)
class Story:
    """One incident. `id` is `<watch id>.<number>`, `events` what was told of it, oldest first.

    `was_down` is for how long of one that flaps runs saw it down (None: it was not asked, `measured`). `left`: when who
    may not see its watch any more, since that was moved, saw it down last; how it went on is not theirs to know.
    """

    id: str
    events: tuple[Event, ...]
    was_down: timedelta | None = None
    left: datetime | None = None

    @property
    def first(self) -> Event:
        return self.events[0]

    @property
    def since(self) -> datetime:
        """The first bad run."""
        return self.first.since

    @property
    def last(self) -> Event:
        return self.events[-1]

    @property
    def ending(self) -> Ending:
        if self.last.kind == "closed" and self.last.facts.get("why") == ACCEPTED:
            return "accepted"
        return ENDS.get(self.last.kind, "moved" if self.left is not None else "")

    @property
    def ended(self) -> datetime | None:
        """The first good run (None: it goes on); of what was accepted or is watched no longer, when that was said."""
        if self.ending == "moved":
            return self.left
        return (
            datetime.fromisoformat(str(self.last.facts.get("ended") or self.last.at.isoformat()))
            if self.ending
            else None
        )

    def lasted(self, now: datetime) -> timedelta:
        """Without the time in which nobody looked, and of one that flaps without that in which it was well."""
        return self.was_down if self.was_down is not None else self.spanned(now)

    def spanned(self, now: datetime) -> timedelta:
        """From the first bad run to the first good one that ended it."""
        return max((self.ended or now) - self.since - self.unlooked, timedelta())

    @property
    def unlooked(self) -> timedelta:
        """How long nobody looked."""
        return unlooked({UNLOOKED: self.said(UNLOOKED) or ()})

    def looked(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """From when to when it went on and somebody looked."""
        found, reached = [], self.since
        for since, until in [*times_unlooked({UNLOOKED: self.said(UNLOOKED) or ()}), (self.ended or now,) * 2]:
            found.append((reached, since))
            reached = until
        return found

    @property
    def unposted(self) -> list[tuple[datetime, datetime | None]]:
        """From when to when its channel took no posts (None: it still does not, or did not till its end)."""
        times = self.said(UNPOSTED) or ()
        return [
            (datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None) for since, until in times
        ]

    @property
    def failing(self) -> tuple[str, ...]:
        """Every code that was told to be broken in it, in the order in which that was seen."""
        told = (str(code) for event in self.events for code in event.facts.get("failing", ()))
        return tuple(dict.fromkeys(told))

    def said(self, name: str) -> Any:
        """The last that is known of a fact."""
        return next((event.facts[name] for event in reversed(self.events) if event.facts.get(name)), None)

    @property
    def acked(self) -> tuple[str, datetime] | None:
        """Who acknowledged it last, and when."""
        found = [event for event in self.events if event.kind == "acked"]
        if found:
            return str(found[-1].facts.get("who") or ""), found[-1].at
        who, at = self.said("acked_by"), self.said("acked_at")  # with others in whose message it stands
        return (str(who), datetime.fromisoformat(str(at))) if who and at else None

    @property
    def acks(self) -> tuple[tuple[str, datetime], ...]:
        """Everybody who acknowledged it, and when first; in order."""
        found = [(str(event.facts.get("who") or ""), event.at) for event in self.events if event.kind == "acked"]
        first = dict(reversed(found))
        acked = sorted(first.items(), key=lambda one: one[1])
        return tuple(acked) or tuple(filter(None, (self.acked,)))

    @property
    def together(self) -> int:
        """How many stood in one message with it, at most; 0: it stood alone."""
        return max((int(event.facts.get("group", {}).get("count", 0)) for event in self.events), default=0)

    @property
    def silent(self) -> bool:
        """Whether nobody was told: it was over before the quiet was in which it broke."""
        return not any(event.kind in OPENS for event in self.events)

    @property
    def handles(self) -> dict[str, str]:
        """The names of the user groups that it mentioned, as far as they are known."""
        return {group: name for event in self.events for group, name in event.facts.get(HANDLES, {}).items()}

    @property
    def moves(self) -> list[Event]:
        """Those that told it again where its watch was moved to."""
        return [event for event in self.events if event.kind == "refired" and event.facts.get(MOVED_FROM)]

    @property
    def channels(self) -> set[str]:
        """Where it alerted: in two, where its watch was moved meanwhile."""
        return {event.channel for event in self.events}

    @property
    def told(self) -> tuple[str, ...]:
        """Whom it mentioned."""
        return tuple(dict.fromkeys(str(who) for event in self.events for who in event.facts.get("told", ())))


@dataclass(frozen=True, slots=True)
class Together(Story):
    """Incidents that were told in one message, as one. `id` is that of the message, `events` are those of all."""

    parts: tuple[Story, ...] = ()

    @property
    def since(self) -> datetime:
        return min(part.since for part in self.parts)

    @property
    def ending(self) -> Ending:
        """As the last of them ended, of several at once as the most of those; one that goes on ends nothing."""
        last = max(part.ended or datetime.max.replace(tzinfo=UTC) for part in self.parts)
        endings = [part.ending for part in self.parts if part.ended in {None, last}]
        return max(endings, key=endings.count)

    @property
    def ended(self) -> datetime | None:
        return max(part.ended or self.since for part in self.parts) if self.ending else None

    def spanned(self, now: datetime) -> timedelta:
        """While one of them at least was seen down."""
        return _covered(time for part in self.parts for time in part.looked(now))

    @property
    def unlooked(self) -> timedelta:
        """How long nobody looked at those that went on."""
        end = self.ended or max(event.at for part in self.parts for event in part.events)
        return _covered((part.since, part.ended or end) for part in self.parts) - self.spanned(end)

    @property
    def together(self) -> int:
        return len(self.parts)


def _covered(times: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long any of these times lasted."""
    covered, reached = timedelta(), datetime.min.replace(tzinfo=UTC)
    for since, until in sorted(times):
        covered += max(until - max(since, reached), timedelta())
        reached = max(reached, until)
    return covered


def folded(found: Iterable[Story]) -> list[Story]:
    """Those that stood in one message as one; in the same order."""
    messages: dict[str, list[Story]] = {}
    for story in found:
        messages.setdefault(_message_of(story), []).append(story)
    return [parts[0] if len(parts) == 1 else _together(name, parts) for name, parts in messages.items()]


def called(name: str, found: Sequence[Story]) -> Story | None:
    """The one that a list calls so: a message of several, or one of them where a list had it alone."""
    return next((one for one in (*folded(found), *found) if one.id == name), None)


def _message_of(story: Story) -> str:
    """The one in which it was told last as news."""
    return next((event.incident for event in reversed(story.events) if event.kind in OPENS), story.id)


def _together(name: str, parts: Sequence[Story]) -> Together:
    """What was done to all at once is told by one of them."""
    said = [event for part in parts for event in part.events if event.facts.get("together") != 0]
    parts = sorted(parts, key=lambda part: (part.since, part.id))
    return Together(name, tuple(sorted(said, key=lambda event: event.at)), parts=tuple(parts))


def in_full(event: Event, events: Iterable[Event]) -> Event:
    """What a message says of several watches, where an event knows its own alone. `events` are those of the message."""
    if event.kind == "recovered" and "group" in event.facts:
        return _with_the_others(event, events)
    if event.kind == "accepted" and "endpoints" in event.facts:
        shown = [one.facts for one in events if one.kind == "certificate_ends"][-1:]
        told = {name: facts[name] for facts in shown for name in ("endpoints", "targets", "days") if name in facts}
        return replace(event, facts={**event.facts, **told})
    return event


def _with_the_others(event: Event, events: Iterable[Event]) -> Event:
    """The end of several incidents, with whom each of them mentioned and who acknowledged one last."""
    whole = Story(event.incident, tuple(events))
    acked = {"acked_by": whole.acked[0], "acked_at": whole.acked[1].isoformat()} if whole.acked else {}
    return replace(event, facts={**event.facts, "told": list(whole.told), HANDLES: whole.handles, **acked})


def stories(events: Iterable[Event]) -> list[Story]:
    """Newest first. What is of a message alone (an incident left it, its thread was behind) is no part of one."""
    found: dict[str, list[Event]] = {}
    for event in events:
        if (
            event.kind in OUTAGE
            and event.facts.get("why") not in OF_MESSAGE
            and event.own.startswith(f"{event.watch}.")
        ):
            found.setdefault(event.own, []).append(event)
    in_order = {name: sorted(told, key=_number) for name, told in found.items()}
    outages = (Story(name, tuple(told)) for name, told in in_order.items() if told[0].kind not in ENDS)
    return sorted(outages, key=lambda story: (story.since, story.id), reverse=True)


def _number(event: Event) -> int:
    """As which of its incident it was told: a clock that was set back puts an end before its beginning."""
    last = event.id.rpartition(".")[2]
    return int(last) if last.isdecimal() else 0


def within(found: Iterable[Story], since: datetime, until: datetime) -> list[Story]:
    """Those that went on in a time."""
    return [story for story in found if story.since < until and (story.ended is None or story.ended >= since)]


def measured(story: Story, spans: Iterable[WatchSpan], now: datetime) -> Story:
    """One that flaps with how long it was down; of several in one message how long any of them was."""
    spans = tuple(spans)
    if isinstance(story, Together):
        story = replace(story, parts=tuple(measured(part, spans, now) for part in story.parts))
    parts = story.parts if isinstance(story, Together) else (story,)
    targets = {part.first.watch: part.first.target for part in parts}
    mine = [span for span in spans if targets.get(span.watch) == span.place]
    if not story.said("flapping") or not mine:
        return story
    was_down = _down_between(mine, story.since, story.ended or now)
    if isinstance(story, Together) or story.ending != "recovered" or story.last.first >= story.since:
        return replace(story, was_down=was_down)
    in_all = _down_between(mine, story.last.first, story.ended or now)
    last = replace(story.last, facts={**story.last.facts, DOWN_FOR: in_all.total_seconds()})
    return replace(story, was_down=was_down, events=(*story.events[:-1], last))


def _down_between(spans: Iterable[WatchSpan], begin: datetime, end: datetime) -> timedelta:
    """As its times are shown; a time that several saw counts once."""
    reached, lasted = begin, timedelta()
    for span in sorted((one for one in spans if one.what == DOWN), key=lambda one: one.since):
        since, until = max(span.since, reached), min(span.until, end)
        if since < until:
            lasted, reached = lasted + to_minute(until) - to_minute(since), until
    return lasted


def down(
    spans: Iterable[WatchSpan], targets: Mapping[str, str], since: datetime, until: datetime
) -> dict[str, timedelta]:
    """How long each host was down, as availability counts it: what was told to nobody counts, too.

    `targets` are those of the watches, by id.
    """
    whole = [span for span in spans if targets.get(span.watch) == span.place]
    return {place: one.shown_of(DOWN) for place, one in uptimes(whole, since, until).items() if one.of(DOWN)}
