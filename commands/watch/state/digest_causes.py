"""Why a digest has something as not seen: what the notices of its period had for a cause. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.uptime import DOWN, MINUTE, UNSEEN, Parts
from commands.watch.state.condition import Condition
from commands.watch.state.events import Event
from commands.watch.state.unseen import cause_of

BEGINS, ENDS = "unseen", "seen_again"


@dataclass(frozen=True, slots=True)
class Notice:
    """From when to when watches of the channel were not seen for one cause."""

    cause: str
    since: datetime
    until: datetime

    def explains(self, since: datetime, until: datetime) -> bool:
        return self.since - MINUTE <= since and until <= self.until + MINUTE


def notices_of(events: Iterable[Event], now: datetime) -> list[Notice]:
    """One that is not over lasts until now."""
    told = {event.incident: event for event in sorted(events, key=lambda one: one.at) if event.kind in {BEGINS, ENDS}}
    return [
        Notice(str(last.facts.get("cause")), last.since, last.at if last.kind == ENDS else now)
        for last in told.values()
    ]


def hidden(condition: Condition, parts: Parts, notices: Iterable[Notice]) -> dict[str, Any]:
    """The one cause for which nothing was seen of it, and from when on; `beside`: it was down in the period, too."""
    beside = {"beside": True} if any(what == DOWN for *_, what in parts) else {}
    if condition.unseen_since is not None and condition.since is None:
        return {"cause": cause_of(condition.unseen_why), **beside}
    gaps = [(since, until) for since, until, what in parts if what == UNSEEN]
    known = list(notices)
    causes = {next((one.cause for one in known if one.explains(*gap)), "") for gap in gaps}
    if (
        condition.unseen_since is not None
        or condition.standing not in {"healthy", "down"}
        or len(causes) != 1
        or "" in causes
    ):
        return {}
    return {"cause": causes.pop(), "since": gaps[0][0].isoformat(), **beside}


def same_cause(row: Mapping[str, Any]) -> str:
    """What rows have in common that are one line for their cause, whatever their watches look at; "" for any other."""
    why = row.get("hidden", {})
    cause = why.get("cause", "")
    if not cause or "beside" in why or row["incidents"] or row["messages"] or row["news"]:
        return ""
    condition = row["condition"]
    known = [condition["phase"], condition.get("differs", ()), *(condition.get(name) for name in ("quieted", "who"))]
    return f"{cause} {'now' if 'unseen_since' in condition else 'then'} {known}"
