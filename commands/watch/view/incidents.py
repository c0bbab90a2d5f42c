"""What was told of a watch, newest first: its incidents, and its news, which are none. Pure.

What we could not see (`unseen`, `cannot_see`) is told of a channel and not of a watch: it is no incident of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from commands.blocks import context, section
from commands.contract import Reply
from commands.plural import plural
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.story import Story, stories
from commands.watch.view.stories import entry, length
from commands.watch.view.wording import broken, name_of, when

MOST, MOST_NOTES = 10, 3
NEWS: Mapping[str, str] = {"certificate_ends": "certificate about to end", "dns_changed": "DNS records changed"}


def past(watch: Watch, events: Sequence[Event], at: datetime) -> Reply:
    """The last incidents with how long they lasted, and where every single result is (what DNS said is not kept)."""
    outages, news = stories(events), _news(events)
    found = [(one.since, _outage(one, watch, at)) for one in outages]
    found += [(one.since, f"• {when(one.since)}: {NEWS[one.kind]}") for one in news]
    counted = plural(len(outages), "incident") if outages else "no incidents"
    beside = f", {plural(len(news), 'other alert')}" if news else ""
    lines = [line for _, line in sorted(found, reverse=True)]
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    text = "\n".join([f"*{name_of(watch)}*: {counted} in 90 days{beside}", *lines[:MOST], *more])
    kept = [] if watch.kind == "dns" else [context(f"All results: `/smtphistory {watch.target}`")]
    return Reply(text, [section(text), *kept])


def _outage(story: Story, watch: Watch, at: datetime) -> str:
    what = broken(story.failing, watch.target) or "failed"
    return "\n".join([f"• {when(story.since)}: {what}, {length(story, at)}", *_notes(story)])


def _notes(story: Story) -> list[str]:
    """What people noted of it, the last ones."""
    return [f"      {entry(event)}" for event in story.events if event.facts.get("what") == "note"][-MOST_NOTES:]


def _news(events: Sequence[Event]) -> list[Event]:
    """The first that was told of each."""
    first = {event.own: event for event in reversed(events) if event.kind in NEWS}
    return list(first.values())
