"""A test alert: what one of this watch would look like. Pure."""

from datetime import datetime

from commands.watch.state.events import Event
from commands.watch.state.model import Incident, Watch
from commands.watch.state.step import event_of


def rehearsal(watch: Watch, at: datetime) -> Event:
    """What an alert of this watch would look like; it is no incident, and is never written to the outbox."""
    code = "no_answer" if watch.kind != "network" else "blocked"
    ports = watch.ports or (25,)
    facts = {
        "failing": [f"{code} {watch.target}:{port}" for port in ports],
        "summary": [],
        "verdict": "failed",
        "entry": watch.state.last_entry,
        "rehearsal": True,
    }
    return event_of(watch, Incident(f"{watch.id}.test", at), "opened", at, facts, quiet=False)
