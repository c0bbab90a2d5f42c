"""What an event says, in a headline and facts: the same in Slack, in mail and in a webhook. Mrkdwn, escaped.

An alert is read at night by somebody who was asleep: first what is broken where, then since when, then why it is not
our own network, then what stands in the way of believing it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.slack_text import code_span, escape
from commands.watch.events import Event
from commands.watch.model import Watch
from commands.watch.wording import broken, lasted, target_name, when

RED, GREEN, YELLOW, WHITE = ":red_circle:", ":large_green_circle:", ":large_yellow_circle:", ":white_circle:"
MOST = 8
RECORDS = {"mx": "MX", "ptr": "reverse DNS", "tlsa": "TLSA", "mta_sts": "MTA-STS id", "mta-sts": "MTA-STS id"}


@dataclass(frozen=True, slots=True)
class Said:
    """`headline` has no icon and no emphasis. `facts` are lines for the message, `details` for its thread."""

    icon: str
    headline: str
    facts: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


def say(event: Event, watch: Watch | None) -> Said:
    """The words of an event. `watch` is as it is now."""
    return _SAYERS[event.kind](event, watch)


def _failing(event: Event, watch: Watch | None) -> Said:
    facts = [f"Since {when(event.since)}" + _confirmed(watch)]
    if event.kind == "refired":
        facts.append(_refired(event.facts))
    if watch is not None and watch.state.phase == "recovering" and watch.state.incident is not None:
        facts.append("Answers again; waiting for confirmation.")
    summary = escape(str(event.facts.get("summary", "")), 600)
    details = [*(_each(event)), *([f"The check said: {summary}"] if summary else []), *_why(event)]
    return Said(RED, _down(event), tuple(facts), tuple(details))


def _down(event: Event) -> str:
    name = target_name(event.target)
    failing = event.facts.get("failing", ())
    if event.watch_kind == "network":
        ports = ", ".join(sorted({code.rpartition(":")[2] for code in failing}, key=int))
        return f"This network lets nothing out through port {ports}"
    return f"{name}: {broken(failing, event.target) or 'not usable'}"


def _confirmed(watch: Watch | None) -> str:
    if watch is None or watch.fail_after < 2:
        return ""
    return f", confirmed by {watch.fail_after} runs in a row"


def _refired(facts: Mapping[str, Any]) -> str:
    words = {"snooze": "The snooze is over", "mute": "The mute is over", "maintenance": "The maintenance is over"}
    return f"{words.get(str(facts.get('quiet_why')), 'The quiet is over')} and it is *still bad*."


def _each(event: Event) -> list[str]:
    """Every endpoint in its own line, when there are several."""
    failing = list(event.facts.get("failing", ()))
    lines = [f"• {broken([code], '')}" for code in failing[:MOST]]
    return [*lines, *([f"• and {len(failing) - MOST} more"] if len(failing) > MOST else [])] if len(failing) > 1 else []


def _why(event: Event) -> list[str]:
    """Whose side a silence is on: a watch alerts of it only when control hosts of others answered."""
    if any(str(code).startswith(("no_answer ", "unreachable ")) for code in event.facts.get("failing", ())):
        return ["It is not our own network: other mail hosts answer on that port from here."]
    return []


def _recovered(event: Event, _watch: Watch | None) -> Said:
    was = broken(event.facts.get("failing", ()), event.target)
    facts = [f"Down for {_for(event)}: from {when(event.since)} to {when(event.at)}", *([f"Was: {was}"] if was else [])]
    network = event.watch_kind == "network"
    headline = "This network lets mail ports out again" if network else f"{target_name(event.target)} is well again"
    return Said(GREEN, headline, tuple(facts))


def _closed(event: Event, _watch: Watch | None) -> Said:
    why = {"deleted": "its watch was deleted", "edited": "its watch looks at something else now"}
    reason = why.get(str(event.facts.get("why")), "its watch has ended")
    return Said(WHITE, f"{target_name(event.target)}: not watched any more", (f"Not recovered: {reason}.",))


def _blind(event: Event, _watch: Watch | None) -> Said:
    ports = _ports(event)
    facts = (
        f"Since {when(event.since)}. {OUR_SIDE}",
        "Watches that need it are held: they neither alert nor recover till the way is free.",
    )
    return Said(YELLOW, f"We cannot see out: nothing leaves our network through {ports}", facts)


def _sees(event: Event, _watch: Watch | None) -> Said:
    facts = (f"Blocked for {_for(event)}: from {when(event.since)} to {when(event.at)}",)
    return Said(GREEN, f"We can see out again through {_ports(event)}", facts)


OUR_SIDE = (
    "Control hosts of several operators do not answer there either, so the fault is on our side: "
    "a firewall or the provider."
)


def _ports(event: Event) -> str:
    ports = [str(port) for port in event.facts.get("ports", ())]
    return f"port{'s' if len(ports) > 1 else ''} {', '.join(ports)}"


def _ending(event: Event, _watch: Watch | None) -> Said:
    endpoints = event.facts.get("endpoints", ())
    days = int(event.facts.get("days", 0))
    left = "has ended" if days < 0 else "ends today" if days == 0 else f"ends in {days} day{'s' if days > 1 else ''}"
    icon = RED if days <= 3 else YELLOW
    return Said(icon, f"{target_name(event.target)}: a certificate {left}", tuple(_certificates(endpoints)))


def _renewed(event: Event, _watch: Watch | None) -> Said:
    lines = tuple(_certificates(event.facts.get("endpoints", ())))
    return Said(GREEN, f"{target_name(event.target)}: the certificates are fresh again", lines)


def _certificates(endpoints: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        f"• {escape(str(one['endpoint']), 120)}: valid until {escape(str(one['not_after'])[:10], 20)} "
        f"({one['days']} days), {code_span(str(one.get('subject') or '-'), 120)}"
        for one in endpoints[:MOST]
    ]
    return [*lines, *([f"• and {len(endpoints) - MOST} more"] if len(endpoints) > MOST else [])]


def _changed_records(event: Event, _watch: Watch | None) -> Said:
    changes = event.facts.get("changes", ())
    names = ", ".join(dict.fromkeys(RECORDS.get(str(one["record"]), escape(str(one["record"]), 20)) for one in changes))
    lines = [line for one in changes[:MOST] for line in _record(one)]
    return Said(YELLOW, f"{target_name(event.target)}: {names} changed", tuple(lines))


def _record(change: Mapping[str, Any]) -> list[str]:
    what = RECORDS.get(str(change["record"]), escape(str(change["record"]), 20))
    name = escape(str(change["name"]), 120)
    return [f"• {what} of {name}: {_values(change['before'])} → {_values(change['after'])}"]


def _values(values: Sequence[str]) -> str:
    shown = ", ".join(code_span(str(value), 100) for value in values[:4])
    return (shown or "none") + (f" and {len(values) - 4} more" if len(values) > 4 else "")


def _digest(event: Event, _watch: Watch | None) -> Said:
    """Its lines were made when it was due (`digest.summary`)."""
    return Said("", "The digest", tuple(str(line) for line in event.facts.get("lines", ())))


def _for(event: Event) -> str:
    return lasted(float(event.facts.get("seconds") or (event.at - event.since).total_seconds()))


def ending(event: Event) -> str:
    """The short reply in the thread when something is over, or has come nearer."""
    if event.kind == "certificate_ends":
        said = say(event, None)
        return f"{said.icon} {said.headline}."
    if event.kind == "certificate_renewed":
        return f"{GREEN} The certificates are fresh again."
    return f"{GREEN} {'We can see out' if event.kind == 'sees_again' else 'Well'} again after {_for(event)}."


_SAYERS: Mapping[str, Callable[[Event, Watch | None], Said]] = {
    "opened": _failing,
    "changed": _failing,
    "refired": _failing,
    "recovered": _recovered,
    "closed": _closed,
    "cannot_see": _blind,
    "sight_changed": _blind,
    "sees_again": _sees,
    "certificate_ends": _ending,
    "certificate_renewed": _renewed,
    "dns_changed": _changed_records,
    "digest": _digest,
}
