"""Messages that stay as they are once they were sent (mail, Teams, others): which events, and to whom."""

from commands.watch.state.notifier import Delivery
from commands.watch.state.routes import Value
from commands.watch.view.plain_text import STATES

TO = "to"
"""Of what is kept with an incident: who had a message about it."""


def recipients_of(delivery: Delivery, route: str) -> Value:
    """To whom it goes; empty where it is not told by messages, or they have one about the incidents beside it."""
    event, before = delivery.event, delivery.posted or {}
    if event.quiet or event.kind not in STATES or (event.kind == "closed" and not before):
        return ()
    recipients, told = delivery.to(route), before.get(TO, "").split(", ")
    return () if event.facts.get("part") and set(recipients) <= set(told) else recipients


def told_to(delivery: Delivery, recipients: Value) -> str:
    """All who have a message about the incident then."""
    before = (delivery.posted or {}).get(TO, "").split(", ")
    return ", ".join(dict.fromkeys([*filter(None, before), *recipients]))
