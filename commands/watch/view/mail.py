"""An event as plain text for a mail: a subject that stays the same for one incident, and a body to read at night. Pure.

Mail programs put one incident into one conversation by its references; some want the same subject, too. So the state
stands in the first line of the body, and the subject says what it was at first.
"""

from commands.slack_text import clean
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.view.alert_words import say
from commands.watch.view.plain import plain

SUBJECT = 120
STATES = {
    "opened": "DOWN",
    "refired": "STILL DOWN",
    "recovered": "RECOVERED",
    "closed": "NOT WATCHED ANY MORE",
    "cannot_see": "WE CANNOT SEE OUT",
    "sees_again": "WE CAN SEE OUT AGAIN",
    "certificate_ends": "CERTIFICATE ENDS",
    "certificate_renewed": "CERTIFICATES RENEWED",
    "dns_changed": "DNS CHANGED",
}
"""Events that are told by mail; the others only edit what stands in Slack."""


def subject(event: Event, watch: Watch | None) -> str:
    """One line without control characters."""
    return clean(f"[Portero] {plain(say(event, watch).headline)} ({event.watch})", SUBJECT)


def body(event: Event, watch: Watch | None) -> str:
    said = say(event, watch)
    lines = [f"{STATES[event.kind]}: {said.headline}", "", *said.facts, *said.details, ""]
    text = "\n".join(plain(line) for line in lines)
    stop = f"/smtpwatch edit {event.watch} mail none"
    return f"{text}\n-- \nWatch {event.watch} of Portero. In Slack, {stop} ends these mails.\n"
