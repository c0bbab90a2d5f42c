"""What is known of an incident as a short text for those who do not read along. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.watch.state.model import Watch
from commands.watch.view.wording import broken, target_name

MOST = 5
"""Hosts that are named."""


def for_others(alert: Sequence[Watch]) -> Reply:
    """Without the names of people, and with times that mean the same to everybody."""
    lines = [line for watch in alert if (line := _known_of(watch))]
    text = "\n".join(lines[:MOST]) + (f"\nand {len(lines) - MOST} more hosts." if len(lines) > MOST else "")
    said = f"For those who do not read along:\n```{text}```"
    incident = alert[0].state.incident
    row = [button("Whole story", "smtpwatch.instead", f"incidents {incident.id} as markdown")] if incident else []
    return Reply(said, [section(said), *([actions(*row)] if row else [])])


def _known_of(watch: Watch) -> str:
    incident = watch.state.incident
    if incident is None:
        return ""
    what = broken(incident.failing, watch.target)
    told = f"{target_name(watch.target)} has had a problem since {_clock(incident.since)}: {what}."
    return f"{told} We have been working on it since {_clock(incident.acked_at)}." if incident.acked_at else told


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%b %d, %H:%M} UTC"
