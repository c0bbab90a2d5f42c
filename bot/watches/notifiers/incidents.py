"""What an event is to a system that keeps incidents of its own (PagerDuty, Alertmanager). Data, and what they share.

They know an incident by its id and are told when it begins, that somebody looks after it, and when it is over. An
incident that is told in the message of another one is one of its own there (`Event.own`).
"""

from collections.abc import Mapping, Sequence
from enum import Enum

from commands.contract import UserError
from commands.slack_text import clean, quoted
from commands.watch.state.events import Event, EventKind
from commands.watch.state.grouping import MOVED, UNDELETED
from commands.watch.state.notifier import Delivery
from commands.watch.view.alert_words import text_of
from commands.watch.view.plain_text import plain


class Deed(Enum):
    """What is done to an incident elsewhere."""

    BEGIN = "begin"
    ACKNOWLEDGE = "acknowledge"
    END = "end"


DEEDS: Mapping[EventKind, Deed] = {
    "opened": Deed.BEGIN,
    "refired": Deed.BEGIN,
    "changed": Deed.BEGIN,
    "escalated": Deed.BEGIN,
    "reminded": Deed.BEGIN,
    "acked": Deed.ACKNOWLEDGE,
    "recovered": Deed.END,
    "closed": Deed.END,
}
"""What begins again while it goes on says what is new.

Not told: what has days left and wakes nobody (certificates; that one has ended is an incident), what has no end (a
change of DNS), and what is about us and nobody's host (ports that our network blocks, what is not seen).
"""

SEVERITIES = ("critical", "error", "warning", "info")


def deed_of(delivery: Delivery) -> Deed | None:
    """None for what is not told: what happens quietly, unless it ends what was told, and what only left a message."""
    event = delivery.event
    deed = Deed.BEGIN if event.facts.get("what") == UNDELETED else DEEDS.get(event.kind)
    if event.facts.get("why") == MOVED or (event.quiet and not (deed is Deed.END and delivery.posted)):
        return None
    return deed


def headline(delivery: Delivery, most: int) -> str:
    """The first line, as plain text."""
    return clean(plain(text_of(delivery.event, delivery.watch).headline), most)


def lines(delivery: Delivery, most: int) -> str:
    """What stands below it."""
    said = text_of(delivery.event, delivery.watch)
    return "\n".join(clean(plain(line), most) for line in (*said.facts, *said.details))[:most]


def host_of(event: Event) -> str:
    """What it is about."""
    return clean(event.target, 255)


def read_severity(words: Sequence[str], name: str) -> tuple[tuple[str, ...], int]:
    """How urgent an alert of a watch is there."""
    word = words[0].lower()
    if word not in SEVERITIES:
        known = ", ".join(SEVERITIES)
        raise UserError(f"`{quoted(words[0])}` is not a severity: they are {known}.", f"Type `{name} critical`.")
    return (word,), 1
