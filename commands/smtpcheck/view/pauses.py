"""Why an answer is an earlier result and not a new check, in words. Age, reason, and what can be typed instead."""

import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.blocks import date
from commands.plural import plural
from commands.slack_text import escape
from commands.smtpcheck.probe.running_checks import Others
from commands.smtpcheck.stored.pauses import AFTER_CHECK, Pause, Rest
from storage.history import Entry

LAST: Mapping[tuple[str, bool], str] = {
    ("you", True): "From {age} ago, by you: *Run again* (or `again`) checks anew in {left} s.",
    ("you", False): "From {age} ago, by you: *Run again* (or `again`) checks anew.",
    ("other", True): "From {age} ago, by <@{asker}>: *Run again* (or `again`) checks anew in {left} s.",
    ("other", False): "From {age} ago, by <@{asker}>: *Run again* (or `again`) checks anew.",
    ("watch", True): "From {age} ago, by a watch: *Run again* (or `again`) checks anew in {left} s.",
    ("watch", False): "From {age} ago, by a watch: *Run again* (or `again`) checks anew.",
    ("", True): "From {age} ago: *Run again* (or `again`) checks anew in {left} s.",
    ("", False): "From {age} ago: *Run again* (or `again`) checks anew.",
}
"""Who of Slack asked, and whether `again` has to wait -> the note. mrkdwn."""

TOGETHER: Mapping[tuple[bool, bool], str] = {
    (True, False): "Asked together with <@{asker}>.",
    (True, True): "Asked together with <@{asker}> and {more}.",
    (False, True): "Asked together with {more}.",
}
"""Whether one of them may be named, and whether there are more -> the note. mrkdwn."""

LEFT_ALONE: Mapping[str, str] = {
    "rate_limited": (
        "This is the result of {age} ago: *{host}* turned us away for now on port {port} (421), so that port is left "
        "alone until {until}."
    ),
    "refused_by_policy": (
        "This is the result of {age} ago: *{host}* refused us on port {port}, so that port is left alone until {until}."
    ),
}
"""State of the port -> why its earlier result stands. mrkdwn."""

IN_TERMINAL: Mapping[str, str] = {
    "rate_limited": (
        "This is the result of {age} ago: {host} turned us away for now on port {port} (421), which is left alone for "
        "{left} more."
    ),
    "refused_by_policy": (
        "This is the result of {age} ago: {host} refused us on port {port}, which is left alone for {left} more."
    ),
}
"""The same for a terminal."""

OF_OTHERS: Mapping[str, str] = {
    "rate_limited": ("{host} turned us away for now on port {port} (421) {age} ago, when somebody else asked."),
    "refused_by_policy": "{host} refused us on port {port} {age} ago, when somebody else asked.",
}
"""The same where the result is not for whoever asks."""


WORTH_TELLING = timedelta(seconds=5)
SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


def last(entry: Entry, at: datetime, reader: str, pause: Pause = AFTER_CHECK) -> str:
    """The note for a reader (a user's id) of a result that is too young to be asked for anew. mrkdwn."""
    old = at - entry.started_at
    left = math.ceil((pause.again_after - old).total_seconds())
    return LAST[_by(entry, reader), left > 0].format(asker=entry.actor, age=age(old), left=left)


def _by(entry: Entry, reader: str) -> str:
    """Whose it is; the owner of a watch did not ask for what it ran."""
    if entry.surface == "watch":
        return "watch"
    if not SLACK_USER.fullmatch(entry.actor):
        return ""
    return "you" if entry.actor == reader else "other"


def last_not_again(entry: Entry, at: datetime, reader: str) -> str:
    """The same of one result, with whose it is where that is not the reader's. mrkdwn."""
    by = {"other": f", by <@{entry.actor}>,", "watch": ", by a watch,"}.get(_by(entry, reader), "")
    return not_again(at - entry.started_at, by)


def not_again(old: timedelta, by: str = "", pause: Pause = AFTER_CHECK) -> str:
    """What whoever asked for a new check reads first where there is none yet. mrkdwn."""
    left = math.ceil((pause.again_after - old).total_seconds())
    return NOT_AGAIN.format(age=age(old), by=by, left=left, least=age(pause.again_after))


NOT_AGAIN = (
    ":hourglass_flowing_sand: *Not checked again yet*: the last check{by} is {age} old, and a host is checked once in "
    "{least}. *Run again* (or `again`) works in {left} s. Until then:"
)


def is_too_soon(old: timedelta, pause: Pause = AFTER_CHECK) -> bool:
    """Whether a result of that age was made before it was asked for anew, and stands until that is obeyed."""
    return timedelta() < old < pause.again_after


def together(others: Others, *, logged: bool) -> str:
    """The note of a result that others asked for at the same time. mrkdwn."""
    named = bool(SLACK_USER.fullmatch(others.named))
    rest = others.all - named
    more = plural(rest, "other person", "other people")
    note = TOGETHER[named, not named or rest > 0].format(asker=others.named, more=more)
    return f"Logged. {note}" if logged else note


def as_seen(document: Mapping[str, Any], at: datetime) -> str:
    """How old the answers are that a new result stands on; nothing where they are new. mrkdwn."""
    old = at - datetime.fromisoformat(document["started_at"])
    return f"As seen {age(old)} ago." if old >= WORTH_TELLING else ""


def rest(found: Rest, at: datetime, others: Collection[int]) -> str:
    """The note of a result that stands because the server refused us; `others`: ports that may be checked. mrkdwn."""
    name, until = escape(found.host), moment(found.until)
    sentences = [LEFT_ALONE[found.state].format(age=age(at - found.since), host=name, port=found.port, until=until)]
    if found.again_from <= at:
        sentences.append("Add `again` for a new check.")
    elif found.again_from < found.until:
        sentences.append(f"`again` asks anew from {moment(found.again_from)} on.")
    if others:
        sentences.append(f"Other ports can be checked: `/smtpcheck {name} {' '.join(map(str, others))}`.")
    return " ".join(sentences)


def in_terminal(found: Rest, at: datetime) -> tuple[str, str]:
    """The note of a result that stands because the server refused us, and how to connect all the same. Plain text."""
    since, left = age(at - found.since), age(found.until - at)
    note = IN_TERMINAL[found.state].format(age=since, host=found.host, port=found.port, left=left)
    return note, "--again connects all the same; whoever is refused and comes again at once is refused for longer."


def refusal(found: Rest, at: datetime) -> tuple[str, str]:
    """Message and hint where the result is not for whoever asks. Plain text."""
    message = OF_OTHERS[found.state].format(host=found.host, port=found.port, age=age(at - found.since))
    hint = f"That port is left alone for {age(found.until - at)} more, so that it does not block us for longer."
    return message, hint


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
