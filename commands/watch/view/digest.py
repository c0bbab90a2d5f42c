"""The digest of a channel: when it is due, kept as a note, and what stands in it. Pure.

Exactly one for each period: its event's id is made from the channel and the time that it was due, and an id is taken
once. After a stop one digest is made up for, however many were missed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from commands.slack_text import escape
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.routes import SLACK
from commands.watch.state.windows import DAY, Digest, next_digest
from commands.watch.view.alert_lines import ends_in, record_names
from commands.watch.view.condition import PHASE_ICONS, icon, is_doubtful, quiet, state_of
from commands.watch.view.wording import lasted, name_of, when
from storage.watches import StoredEvent

PREFIX = "digest:"
KIND = "digest"
NEWS_ICON = ":white_check_mark:"
"""Stands before what is well again, or has other news."""

NEWS: Mapping[str, Callable[[Event], str]] = {
    "certificate_ends": lambda event: f"a certificate {ends_in(int(event.facts.get('days', 0)))}",
    "certificate_renewed": lambda _event: "its certificates are fresh again",
    "dns_changed": lambda event: f"{record_names(event.facts.get('changes', ()))} changed",
}
FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST = 20


def key_of(team: str, channel: str) -> str:
    return f"{PREFIX}{team}:{channel}"


def place_of(key: str) -> tuple[str, str]:
    """Team and channel of a note's key."""
    team, _, channel = key.removeprefix(PREFIX).partition(":")
    return team, channel


def to_note(digest: Digest, owner: str, now: datetime) -> dict[str, Any]:
    due = next_digest(digest, now).isoformat()
    return {"at": f"{digest.at:%H:%M}", "zone": digest.zone, "day": digest.day, "owner": owner, "due": due}


def of_note(note: Mapping[str, Any]) -> Digest:
    return Digest(time.fromisoformat(note["at"]), note["zone"], note["day"])


def due_of(note: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(note["due"])


def since_of(note: Mapping[str, Any]) -> datetime:
    """The beginning of the period that ends when this is due."""
    return due_of(note) - (DAY if note["day"] is None else 7 * DAY)


def described(digest: Digest) -> str:
    """`daily at 09:00 Europe/Madrid`."""
    often = "daily" if digest.day is None else f"every {FULL_DAYS[digest.day]}"
    return f"{often} at {digest.at:%H:%M} {escape(digest.zone, 60)}"


def to_event(key: str, note: Mapping[str, Any], lines: Sequence[str], now: datetime) -> StoredEvent:
    """The event that posts it."""
    team, channel = place_of(key)
    event_id = f"{key}:{note['due']}"
    facts = {"lines": list(lines), "owner": note["owner"]}
    document = {
        "team": team,
        "channel": channel,
        "target": "",
        "watch_kind": "",
        "since": since_of(note).isoformat(),
        "quiet": False,
        "facts": facts,
    }
    return StoredEvent(event_id, "", event_id, KIND, now, document, (SLACK,))


def summary(
    watches: Sequence[Watch], events: Mapping[str, Sequence[Event]], note: Mapping[str, Any], now: datetime
) -> list[str]:
    """The lines: what was well all the time in one of them, the rest by name. Empty when nothing is watched."""
    if not watches:
        return []
    since = since_of(note)
    told = {watch.id: _incidents(events.get(watch.id, ()), since) for watch in watches}
    rest = [watch for watch in watches if told[watch.id] or not _well(watch, now)]
    often = "Daily" if note["day"] is None else "Weekly"
    mark = ":large_green_circle:" if not rest else ":newspaper:"
    lines = [f"{mark} *{often} digest*: {_counted(len(watches), len(rest))} since {when(since)}."]
    lines += [_line(watch, told[watch.id], now) for watch in rest[:MOST]]
    return [*lines, *([f"• and {len(rest) - MOST} more: `/smtpwatch list`"] if len(rest) > MOST else [])]


def _counted(total: int, named: int) -> str:
    if not named:
        return f"{total} watches, all well" if total > 1 else "1 watch, well"
    watches = f"{total} watch{'es' if total > 1 else ''}"
    return f"{watches}, {total - named or 'none'} well all the time"


def _well(watch: Watch, now: datetime) -> bool:
    quieted = watch.paused is not None or watch.silence(now) is not None
    return watch.state.phase == "up" and not quieted and not is_doubtful(watch)


def _incidents(events: Sequence[Event], since: datetime) -> list[Event]:
    """The last event of each incident of the period."""
    last = {event.incident: event for event in events}
    return [event for event in last.values() if event.at >= since]


def _line(watch: Watch, told: Sequence[Event], now: datetime) -> str:
    """Green is kept for what needs no line: what was down and is well now has a mark of its own."""
    mark = icon(watch, now)
    mark = NEWS_ICON if mark == PHASE_ICONS["up"] else mark
    facts = [state_of(watch), *filter(None, [quiet(watch, now)]), *filter(None, [_outages(told)])]
    facts += [NEWS[event.kind](event) for event in told if event.kind in NEWS]
    return f"• {mark} *{name_of(watch)}* (`{watch.id}`): {'; '.join(facts)}"


def _outages(told: Sequence[Event]) -> str:
    ended = [event for event in told if event.kind == "recovered"]
    seconds = sum(float(event.facts.get("seconds") or 0) for event in ended)
    return f"{len(ended)} incident{'s' if len(ended) > 1 else ''}, {lasted(seconds)} down" if ended else ""
