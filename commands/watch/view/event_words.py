"""What an event comes to in words, for every route."""

from dataclasses import dataclass

from commands.watch.state.events import Event
from commands.watch.view.wording import lasted

RED, GREEN, YELLOW, WHITE = ":red_circle:", ":large_green_circle:", ":large_yellow_circle:", ":white_circle:"


@dataclass(frozen=True, slots=True)
class Said:
    """`headline` has no icon and no emphasis. `facts` are lines for the message, `details` for its thread."""

    icon: str
    headline: str
    facts: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


def lasted_for(event: Event) -> str:
    """How long what is over went on."""
    return lasted(float(event.facts.get("seconds") or (event.at - event.since).total_seconds()))
