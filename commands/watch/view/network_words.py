"""The words of notices about our own network. Mrkdwn, escaped."""

from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.view.event_words import GREEN, YELLOW, Said, lasted_for
from commands.watch.view.wording import named_ports, when


def blind(event: Event, _watch: Watch | None) -> Said:
    ports = named_ports(event.facts.get("ports", ()))
    facts = (f"Since {when(event.since)}. {OUR_SIDE}", HELD)
    return Said(YELLOW, f"We cannot see out: nothing leaves our network through {ports}", facts)


def sees(event: Event, _watch: Watch | None) -> Said:
    ports = named_ports(event.facts.get("ports", ()))
    facts = (f"Blocked for {lasted_for(event)}: from {when(event.since)} to {when(event.at)}",)
    return Said(GREEN, f"We can see out again through {ports}", facts)


HELD = "Watches that need it are held: they neither alert nor recover till the way is free."
OUR_SIDE = (
    "Control hosts of several operators do not answer there either, so the fault is on our side: "
    "a firewall or the provider."
)
