"""Why an incident was closed that did not recover, in words. Mrkdwn, escaped."""

from collections.abc import Mapping

from commands.plural import by_count
from commands.slack_text import escape
from commands.watch.state.events import GONE, Event
from commands.watch.view.wording import person

CLOSED: Mapping[str, str] = {
    "deleted": "its watch was deleted{by}",
    "edited": "its watch was changed{by} and looks at something else now",
}
NO_LONGER: Mapping[str, tuple[str, str]] = {
    "mx": ("{which} is no longer one of its MX hosts", "{which} are no longer its MX hosts"),
    "address": ("{which} is no longer one of its addresses", "{which} are no longer its addresses"),
}


def closed_as(event: Event) -> str:
    """`no longer watched: its watch was deleted by @ana`: what became of an incident that did not recover, by whom."""
    if event.facts.get("why") == "accepted":
        return f"accepted as the new normal{_by(event)}"
    return f"no longer watched: {closed_why(event)}"


def closed_why(event: Event) -> str:
    if event.facts.get("why") == GONE:
        return gone(event)
    return CLOSED.get(str(event.facts.get("why")), "its watch has ended").format(by=_by(event))


def gone(event: Event) -> str:
    """`mx2.example.com is no longer one of its MX hosts`."""
    return "; ".join(_gone(kind, event) for kind in NO_LONGER if _of_kind(kind, event))


def _gone(kind: str, event: Event) -> str:
    which = _of_kind(kind, event)
    return by_count(len(which), NO_LONGER[kind]).format(which=escape(", ".join(which), 200))


def _of_kind(kind: str, event: Event) -> list[str]:
    return [str(which) for each, which in event.facts[GONE] if each == kind]


def _by(event: Event) -> str:
    return f" by {person(str(event.facts['who']))}" if event.facts.get("who") else ""
