"""What somebody took for the new normal of a watch: when, who, and what it was before. Mrkdwn, escaped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commands.plural import plural
from commands.slack_text import escape
from commands.watch.state.events import Event
from commands.watch.view.alert_lines import record_line
from commands.watch.view.wording import broken, person, places, when

MOST = 5
ACCEPTED = "Accepted as normal by {who} {when}: {what}"
ENDS = "certificate of {places}, until {day}"


def accepted_lines(events: Iterable[Event]) -> list[str]:
    """Newest first. `events` are those of the watch."""
    found = [event for event in events if event.kind == "accepted" or event.facts.get("why") == "accepted"]
    found.sort(key=lambda event: event.at, reverse=True)
    more = [f"{plural(len(found) - MOST, 'acceptance')} before: `/portero log watches`"] if len(found) > MOST else []
    return [f"• {line}" for line in (*map(_line, found[:MOST]), *more)]


def _line(event: Event) -> str:
    who, what = person(str(event.facts.get("who") or "")), "; ".join(_what(event)) or "what was different"
    return ACCEPTED.format(who=who, when=when(event.at), what=what)


def _what(event: Event) -> list[str]:
    if "changes" in event.facts:
        return [record_line(one).removeprefix("• ") for one in event.facts["changes"]]
    if "endpoints" in event.facts:
        return _certificates(event.facts["endpoints"], event.target)
    what = broken(event.facts.get("failing", ()), event.target)
    return [f"{what}, since {when(event.since)}"] if what else []


def _certificates(rows: Sequence[Mapping[str, Any]], target: str) -> list[str]:
    by_day: dict[str, list[str]] = {}
    for row in rows:
        by_day.setdefault(str(row["not_after"])[:10], []).append(str(row["endpoint"]))
    return [ENDS.format(places=places(of, target), day=escape(day, 10)) for day, of in sorted(by_day.items())]
