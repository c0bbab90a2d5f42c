"""What we cannot see, in words: ports that our network blocks, and what runs told nothing of. Mrkdwn, escaped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.plural import by_count
from commands.slack_text import code_span, escape
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.observation import NO_CONTROL
from commands.watch.state.unseen import DNS, FROM, ONE_PATH
from commands.watch.view.event_text import GREEN, YELLOW, EventText
from commands.watch.view.wording import between, by_ports, called, places, target_name, when, why_unseen
from storage.entries import LOCAL


def blind(event: Event, _watch: Watch | None) -> EventText:
    facts = (f"Since {when(event.since)}. {OUR_SIDE}", HELD)
    return EventText(YELLOW, by_ports(event.facts.get("ports", ()), BLOCKED), facts)


def sees(event: Event, _watch: Watch | None) -> EventText:
    facts = (f"Blocked for {between(event.since, event.at)}: from {when(event.since)} to {when(event.at)}",)
    return EventText(GREEN, by_ports(event.facts.get("ports", ()), OPEN_AGAIN), facts)


def unseen(event: Event, _watch: Watch | None) -> EventText:
    """One watch by name; several by what they have in common."""
    rows, count = event.facts.get("watches", ()), int(event.facts.get("count", 1))
    one, ever = rows[0] if rows else {}, int(event.facts.get("ever", count))
    headline, since = _unseen_headline(str(event.facts.get("cause")), one, count), event.since
    if count == 1 and rows:
        headline += OTHERS_SEEN.format(ever=ever) if ever > 1 else ""
        since = _since_of(one)
    names = [_unseen_place(row) for row in rows]
    names = [_in_full(row) if names.count(name) > 1 else name for name, row in zip(names, rows, strict=True)]
    lines = [
        UNSEEN_LINE.format(place=name, since=when(_since_of(row))) + _reply(row, ": {said}")
        for name, row in zip(names, rows, strict=True)
    ]
    more = [f"• and {count - len(rows)} more"] if count > len(rows) else []
    said = [_reply(one, SAID)] if count == 1 and one.get("said") else []
    return EventText(YELLOW, headline, (f"Since {when(since)}. {NEITHER}", *said, *(lines if count > 1 else ()), *more))


def _unseen_headline(cause: str, one: Mapping[str, Any], count: int) -> str:
    """`one` is the first of so many."""
    why = why_unseen(str(one["why"])) if one else ""
    machine = escape(cause.removeprefix(FROM)) if cause.startswith(FROM) else ""
    several = UNSEEN_FROM if machine else UNSEEN_CAUSES.get(cause, UNSEEN_MANY)
    if count > 1 or not one:
        return several.format(count=count, why=why, machine=machine)
    alone = UNSEEN_ONE_FROM if machine else UNSEEN_ONE
    return alone.format(place=_unseen_place(one), why=why, machine=machine)


def seen_again(event: Event, _watch: Watch | None) -> EventText:
    rows = event.facts.get("watches", ())
    ever = int(event.facts.get("ever", len(rows)))
    place = _unseen_place(rows[0]) if ever == 1 and rows else by_count(ever, ALL_SEEN)
    facts = (f"Not seen for {between(event.since, event.at)}: from {when(event.since)} to {when(event.at)}",)
    return EventText(GREEN, SEEN_AGAIN.format(place=place), facts)


def _unseen_place(row: Mapping[str, Any]) -> str:
    ports = places(row["places"] or row.get("held", ()), str(row["target"]))
    return " ".join(filter(None, (target_name(str(row["target"])), ports)))


def _in_full(row: Mapping[str, Any]) -> str:
    """Where several watches look at one target."""
    return called(str(row["target"]), LOCAL, str(row.get("kind") or "check"), row.get("ports") or (), "")


def _reply(row: Mapping[str, Any], words: str) -> str:
    """What the server said itself."""
    return words.format(said=code_span(str(row["said"]))) if row.get("said") else ""


SAID = "The server says: {said}"


def _since_of(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(row["since"]))


NEITHER = "Nobody knows whether it works: this is neither healthy nor down, and counts as neither."
UNSEEN_ONE = "{place}: not seen ({why})"
UNSEEN_ONE_FROM = "Cannot see from {machine}: {place} is not seen ({why})"
UNSEEN_FROM = "Cannot see from {machine}: {count} watches are not seen ({why})"
OTHERS_SEEN = "; the others of {ever} are seen again"
ALL_SEEN = ("The watch", "All {count} watches")
UNSEEN_MANY = "{count} watches are not seen ({why})"
UNSEEN_CAUSES: Mapping[str, str] = {
    DNS: "Names cannot be resolved from here: {count} watches are not seen",
    NO_CONTROL: "No control host answers from here: {count} watches are not seen",
    ONE_PATH: "{count} watches are down from one place and fine from another",
}
UNSEEN_LINE = "• {place} since {since}"
SEEN_AGAIN = "{place}: seen again"

BLOCKED = (
    "Outbound port {ports} is blocked on our network",
    "Outbound ports {ports} are blocked on our network",
)
OPEN_AGAIN = (
    "Outbound port {ports} is open again on our network",
    "Outbound ports {ports} are open again on our network",
)
HELD = "Watches that need it are on hold: they neither alert nor recover until mail can leave again."
OUR_SIDE = (
    "Control hosts of several operators do not answer there either, so the fault is on our side: "
    "a firewall or the provider."
)
