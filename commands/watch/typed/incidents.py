"""What stands behind `/smtpwatch incidents`: whose, of what time, as what. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from commands.contract import UserError
from commands.past_times import PERIODS, SPAN, end_of, read_time, start_of
from commands.past_times import said as said_time
from commands.slack_text import quoted
from commands.watch.typed.asked import Context, Incidents
from commands.watch.typed.selectors import read_selector
from commands.words import nearest

FORMS = {"markdown": "markdown", "md": "markdown", "postmortem": "markdown", "text": ""}
FORMS |= {"csv": "csv", "json": "json", "jsonl": "jsonl"}
NEWEST = timedelta(days=7)
"""The time that is asked about when none is named."""

NEWEST_SAID = "in the last 7 days"
_FILLERS = frozenset({"as", "of", "on", "for", "in", "the", "outage", "outages", "incident", "incidents"})
_FILLERS |= {"de", "del", "el", "la", "en", "incidente", "incidencia"}
_EXPORT = frozenset({"export", "download", "file"})
FILES = ("csv", "markdown", "json")
HINT = "Type `/smtpwatch incidents mail.example.com since nov 1 as markdown`."


def read_incidents(words: Sequence[str], context: Context) -> Incidents:
    """`UserError` for a word that says nothing."""
    asked = Incidents(since=context.now - NEWEST, until=context.now, when=NEWEST_SAID)
    at = 0
    while at < len(words):
        asked, used = _taken(asked, words[at:], context)
        at += used
    export = next((word for word in words if word.lower() in _EXPORT), "")
    if export and not asked.form:
        raise UserError("As which kind of file?", "There are `markdown`, `csv` and `json`.", FILES, wrong=export)
    if asked.since >= asked.until:
        raise UserError("That time ends before it begins.", HINT)
    return asked


def _taken(asked: Incidents, words: Sequence[str], context: Context) -> tuple[Incidents, int]:
    word, zone = words[0].lower(), ZoneInfo(context.zone)
    if word in _FILLERS | _EXPORT:
        return asked, 1
    if word in FORMS:
        return replace(asked, form=FORMS[word]), 1
    if word in {"since", "until", "before", "till"}:
        text, used = read_time(words[1:])
        if word == "since":
            begins = start_of(text, context.now, zone)
            return replace(asked, since=begins, when=_since(text)), 1 + used
        ends = min(context.now, (start_of if word == "before" else end_of)(text, context.now, zone))
        since = asked.since if asked.when != NEWEST_SAID else ends - NEWEST
        return replace(
            asked, until=ends, since=since, when=f"{asked.when} until {said_time(text)}".removeprefix(f"{NEWEST_SAID} ")
        ), 1 + used
    chosen, used = read_selector(words, freely=True, found=asked.chosen)
    if chosen is not None and used:
        return replace(asked, chosen=chosen), used
    return _named(asked, words, context)


def _since(text: str) -> str:
    if text in PERIODS:
        return said_time(text)
    return f"in the last {said_time(text).removeprefix('1 ')}" if SPAN.fullmatch(text) else f"since {said_time(text)}"


def _on(day: str) -> str:
    """`yesterday`, `last week`, `on monday`."""
    return day if day.partition(" ")[0] in {"yesterday", "this", "last"} else f"on {day}"


def _named(asked: Incidents, words: Sequence[str], context: Context) -> tuple[Incidents, int]:
    """A time without a word before it, or what a watch or an incident is called."""
    try:
        text, used = read_time(words)
    except UserError:
        pass
    else:
        zone = ZoneInfo(context.zone)
        begins, ends = start_of(text, context.now, zone), min(context.now, end_of(text, context.now, zone))
        ends = context.now if ends <= begins else ends
        return replace(
            asked, since=begins, until=ends, when=_on(said_time(text)) if ends < context.now else _since(text)
        ), used
    if asked.ref:
        meant = nearest(words[0], [*FORMS, "since", "until"])
        hint = f"Did you mean `{meant}`?" if meant else HINT
        raise UserError(f"`{quoted(words[0])}` is one word too many.", hint, meant or (), wrong=words[0])
    return replace(asked, ref=words[0]), 1
