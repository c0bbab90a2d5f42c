"""Why an answer is an earlier result and not a new check, in words. Age, reason, and what can be typed instead."""

import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.blocks import date
from commands.slack_text import escape
from commands.smtpcheck.stored.pauses import AFTER_CHECK, Pause, Rest
from storage.history import Entry

REFUSALS: Mapping[str, str] = {
    "rate_limited": "turned us away for now on port {port} (421)",
    "refused_by_policy": "refused us on port {port}",
}
WORTH_TELLING = timedelta(seconds=5)
SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


def last(entry: Entry, at: datetime, pause: Pause = AFTER_CHECK) -> str:
    """The note of a result that is too young to be asked for anew. mrkdwn."""
    who = f"<@{entry.actor}>'s" if SLACK_USER.fullmatch(entry.actor) else "a"
    old = at - entry.started_at
    left = math.ceil((pause.again_after - old).total_seconds())
    how = f"a new one is made in {left} s, with `again`." if left > 0 else "add `again` for a new check."
    return f"This is {who} result of {age(old)} ago; {how}"


def as_seen(document: Mapping[str, Any], at: datetime) -> str:
    """How old the answers are that a new result stands on; nothing where they are new. mrkdwn."""
    old = at - datetime.fromisoformat(document["started_at"])
    return f"As seen {age(old)} ago." if old >= WORTH_TELLING else ""


def rest(found: Rest, at: datetime, others: Collection[int]) -> str:
    """The note of a result that stands because the server refused us; `others`: ports that may be checked. mrkdwn."""
    name, said = escape(found.host), REFUSALS[found.state].format(port=found.port)
    until, when = moment(found.until), age(at - found.since)
    sentences = [f"This is the result of {when} ago: *{name}* {said}, so that port is left alone until {until}."]
    if found.again_from <= at:
        sentences.append("Add `again` for a new check.")
    elif found.again_from < found.until:
        sentences.append(f"`again` asks anew from {moment(found.again_from)} on.")
    if others:
        sentences.append(f"Other ports can be checked: `/smtpcheck {name} {' '.join(map(str, others))}`.")
    return " ".join(sentences)


def in_terminal(found: Rest, at: datetime) -> tuple[str, str]:
    """The note of a result that stands because the server refused us, and how to connect all the same. Plain text."""
    said, rest = REFUSALS[found.state].format(port=found.port), age(found.until - at)
    since = age(at - found.since)
    note = f"This is the result of {since} ago: {found.host} {said}, which is left alone for {rest} more."
    return note, "--again connects all the same; whoever is refused and comes again at once is refused for longer."


def refusal(found: Rest, at: datetime) -> tuple[str, str]:
    """Message and hint where the result is not for whoever asks. Plain text."""
    said = REFUSALS[found.state].format(port=found.port)
    message = f"{found.host} {said} {age(at - found.since)} ago, when somebody else asked."
    return (
        message,
        f"That port is left alone for {age(found.until - at)} more, so that it does not block us for longer.",
    )


def age(span: timedelta) -> str:
    """`34 s`, `12 min` or `3 h`."""
    seconds = max(1, int(span.total_seconds()))
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{seconds} s"


def moment(at: datetime) -> str:
    """A time of day in the reader's own zone."""
    return date(at.timestamp(), at.strftime("%H:%M UTC"))
