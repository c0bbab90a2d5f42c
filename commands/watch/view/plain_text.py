"""An event as plain text, for mail, webhooks and terminals: what Slack would draw becomes words. Pure.

Mail programs put one incident into one conversation by its references; some want the same subject, too. So the state
stands in the first line of the body, and the subject says what it was at first.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from commands.slack_text import clean, undo
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.view.alert_words import text_of

_DATE = re.compile(r"<!date\^\d+\^[^|<>]*\|([^<>]*)>")
_MENTION = re.compile(r"<([#@])([A-Z0-9]+)(?:\|[^<>]*)?>")
_ID = re.compile(r"(?<!\w)([@#])([UWCG][A-Z0-9]{6,40})(?!\w)")
_ICON = re.compile(r":[a-z_]+: ?")
_BOLD = re.compile(r"\*([^*\n]+)\*")


NOBODY: Mapping[str, str] = MappingProxyType({})


def plain(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """The text without icons and emphasis; times in UTC, people and channels by `names`, or by their ids."""
    text = _DATE.sub(r"\1", text)
    text = _MENTION.sub(r"\1\2", text)
    text = _BOLD.sub(r"\1", _ICON.sub("", text))
    return with_names(undo(text), names)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Ids as people type them (`@U0123ABCD`) in the names that are known."""
    return _ID.sub(lambda found: f"{found[1]}{names.get(found[2], found[2])}", text)


def mentioned(text: str) -> set[str]:
    """The ids of people and channels in a text."""
    return {found[2] for found in _ID.finditer(plain(text))}


SUBJECT = 120
STATES = {
    "opened": "DOWN",
    "refired": "STILL DOWN",
    "escalated": "NOT ACKNOWLEDGED",
    "reminded": "STILL DOWN, NOT ACKNOWLEDGED",
    "recovered": "RECOVERED",
    "closed": "NO LONGER WATCHED",
    "cannot_see": "OUTBOUND PORTS BLOCKED",
    "sees_again": "OUTBOUND PORTS OPEN AGAIN",
    "unseen": "NOT SEEN",
    "seen_again": "SEEN AGAIN",
    "certificate_ends": "CERTIFICATE ENDS",
    "certificate_renewed": "CERTIFICATES RENEWED",
    "certificate_replaced": "CERTIFICATE REPLACED BY A WRONG ONE",
    "dns_changed": "CHANGED",
    "changed_back": "AS BEFORE",
}
"""Events that are told by mail; the others only edit what stands in Slack."""


def subject(event: Event, watch: Watch | None) -> str:
    """One line without control characters."""
    return clean(f"[Portero] {plain(text_of(event, watch).headline)} ({event.watch})", SUBJECT)


def body(event: Event, watch: Watch | None, route: str = "mail") -> str:
    said = text_of(event, watch)
    lines = [f"{STATES[event.kind]}: {said.headline}", "", *said.facts, *said.details, ""]
    text = "\n".join(plain(line) for line in lines)
    stop = f"/smtpwatch edit {event.watch} {route} none"
    messages = "mails" if route == "mail" else "messages"
    return f"{text}\n-- \nWatch {event.watch} of Portero. In Slack, {stop} ends these {messages}.\n"
