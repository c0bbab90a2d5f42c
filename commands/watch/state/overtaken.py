"""What differs and changes once more: the message of the change before it says that another one has it. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.watch.state.dns_changes import DIFFERS, LEFT, differing, said, told_in
from commands.watch.state.events import Step
from commands.watch.state.model import Watch


def with_overtaken(before: Watch, step: Step, at: datetime) -> Step:
    """`step` is what a run changed in the watch: each message of which something is told elsewhere now is edited."""
    watch, events = step.watch, [*step.events]
    was, now = _messages(before), _messages(watch)
    gone = {key: was[key] for key in was.keys() & now.keys() if was[key] and was[key] != now[key]}
    shown, left = differing(before), differing(watch)
    for message in dict.fromkeys(gone[key] for key in sorted(gone)):
        facts: dict[str, Any] = {
            "changes": [shown[key] for key in sorted(gone) if gone[key] == message],
            LEFT: [left[key] for key in sorted(now) if now[key] == message],
        }
        watch, event = said(watch, "overtaken", facts, at, message)
        events.append(replace(event, quiet=True))
    return Step(watch, tuple(events))


def _messages(watch: Watch) -> Mapping[str, str]:
    """In which message each of what differs is told."""
    return {key: told_in(watch.state.baseline, key) for key in watch.state.baseline.get(DIFFERS, {})}
