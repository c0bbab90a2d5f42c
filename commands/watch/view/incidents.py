"""The incidents of a watch, newest first: what broke, when, for how long. Pure."""

from collections.abc import Sequence
from datetime import datetime

from commands.blocks import context, section
from commands.contract import Reply
from commands.plural import plural
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.view.wording import broken, lasted, name_of, when

MOST = 10


def past(watch: Watch, events: Sequence[Event], at: datetime) -> Reply:
    """The last incidents with how long they lasted, and where every single result is (what DNS said is not kept)."""
    last: dict[str, list[Event]] = {}
    for event in events:
        if not event.own.startswith(f"{watch.id}."):
            continue  # a notice to its channel, of what many watches do not see
        last.setdefault(event.own, []).append(event)
    incidents = sorted(last.values(), key=lambda told: told[0].since, reverse=True)
    title = f"*{name_of(watch)}*: {plural(len(incidents), 'incident') if incidents else 'no incidents'} in 90 days"
    lines = [_line(told, watch, at) for told in incidents[:MOST]]
    text = "\n".join([title, *lines])
    kept = [] if watch.kind == "dns" else [context(f"Every single result: `/smtphistory {watch.target}`")]
    return Reply(text, [section(text), *kept])


def _line(told: Sequence[Event], watch: Watch, at: datetime) -> str:
    first, end = told[0], told[-1]
    what = WORDS.get(first.kind, "") or broken(first.facts.get("failing", ()), watch.target) or "failed"
    over = end.kind in OVER
    seconds = end.facts.get("seconds") or ((end.at if over else at) - first.since).total_seconds()
    for_how_long = f"for {lasted(float(seconds))}" if over else f"*goes on*, {lasted(float(seconds))} so far"
    if first.kind == "dns_changed":
        return f"• {when(first.since)}: {what}"
    return f"• {when(first.since)}: {what}, {for_how_long}"


OVER = frozenset({"recovered", "certificate_renewed", "closed"})
WORDS = {
    "certificate_ends": "certificate about to end",
    "dns_changed": "DNS records changed",
}
