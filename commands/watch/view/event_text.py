"""What an event comes to in words, and its colours."""

from dataclasses import dataclass

RED, GREEN, YELLOW, WHITE = ":red_circle:", ":large_green_circle:", ":large_yellow_circle:", ":white_circle:"


@dataclass(frozen=True, slots=True)
class EventText:
    """`headline` has no icon and no emphasis. `facts` are lines for the message, `details` for its thread."""

    icon: str
    headline: str
    facts: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
