"""What stands behind `/smtphistory`: a target and filters, in any order that people type them.

`[TARGET] [since 7d] [by @ana] [port 587] [failed] [check|port|pmta]`. `Filters.text` writes them back: buttons carry
them so, and what is written is read as the same filters.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from commands.contract import UserError
from commands.slack_text import quoted, undo

MOST_DAYS = 3650
MAX_PORT = 65_535

KINDS: Mapping[str, str] = {
    "check": "check",
    "checks": "check",
    "smtpcheck": "check",
    "port": "port",
    "ports": "port",
    "advice": "port",
    "smtpport": "port",
    "pmta": "pmta",
    "config": "pmta",
    "configs": "pmta",
    "validation": "pmta",
    "validations": "pmta",
}
FAILED = frozenset({"failed", "failing", "failures", "failure", "bad", "broken"})
ME = frozenset({"me", "mine", "my"})
HERE = frozenset({"here"})
HELP = frozenset({"help", "-h", "--help", "?", "usage"})
WORDS = ("since", "by", "port", "failed", "mine", "here", "check", "pmta", "help")
"""What a misspelt word is compared with."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,5})(m|h|d|w)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^<>]*)?>")
_PERSON = re.compile(r"@?([UW][A-Z0-9]{6,})")
_NUMBER = re.compile(r":?(\d{1,5})")
_LIKE_A_TARGET = re.compile(r"[.:\[]|[^\x00-\x7f]")
_WITH_PORT = re.compile(r"([^:\[\]]+|\[[^\[\]]+\]):(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` is as it was typed (`7d`, `2026-11-01`): a page that is turned later still means seven days.

    `by` is a user id. `here` means the channel in which somebody asks.
    """

    target: str = ""
    since: str = ""
    by: str = ""
    port: int | None = None
    failed: bool = False
    kind: str = ""
    mine: bool = False
    here: bool = False

    @property
    def empty(self) -> bool:
        return self == Filters()

    @property
    def text(self) -> str:
        parts = (
            self.target,
            f"since {self.since}" if self.since else "",
            f"by <@{self.by}>" if self.by else "",
            f"port {self.port}" if self.port is not None else "",
            "failed" if self.failed else "",
            {"port": "advice"}.get(self.kind, self.kind),
            "mine" if self.mine else "",
            "here" if self.here else "",
        )
        return " ".join(part for part in parts if part)

    def start(self, now: datetime) -> datetime | None:
        """From when on; None without a limit."""
        if not self.since:
            return None
        if span := _SPAN.fullmatch(self.since):
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        return datetime.fromisoformat(self.since).replace(tzinfo=UTC)


Taken: TypeAlias = tuple[Filters, int]
"""The filters with one more, and how many words that took."""


def parse_filters(text: str) -> Filters | None:
    """The filters in a text as Slack sent it; None when it asks for help. Raises `UserError` with the nearest word."""
    words = _words(text)
    if [word.lower() for word in words[:1]] and words[0].lower() in HELP:
        return None
    found = Filters()
    at = 0
    while at < len(words):
        found, taken = _take(found, words[at:])
        at += taken
    return found


def _words(text: str) -> list[str]:
    """Mentions stay as they are: only they hold the id of a person."""
    kept = _MENTION.sub(lambda match: f" @{match[1]} ", text)
    return [word.strip("\"'`<>(),;") for word in undo(kept).split() if word.strip("\"'`<>(),;")]


def _take(found: Filters, words: list[str]) -> Taken:
    word = words[0].lower().removeprefix("--")
    following = words[1] if len(words) > 1 else ""
    for name, take in READERS.items():
        if word == name or (name == "port" and word == "ports" and _NUMBER.fullmatch(following)):
            return take(found, following)
    return _plain(found, word, words[0])


def _since(found: Filters, value: str) -> Taken:
    value = value.lower()
    if value == "yesterday":
        value = "1d"
    if span := _SPAN.fullmatch(value):
        if timedelta(**{_UNITS[span[2]]: int(span[1])}) > timedelta(days=MOST_DAYS):
            raise UserError("That is further back than any history.", "Type since 90d, for example.")
        return replace(found, since=value), 2
    if _DAY.fullmatch(value) and _is_day(value):
        return replace(found, since=value), 2
    said = f"`{quoted(value)}` is no time." if value else "Since when?"
    raise UserError(said, "Type since 24h, since 7d, since 4w or since 2026-11-01.")


def _is_day(value: str) -> bool:
    try:
        return bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _by(found: Filters, value: str) -> Taken:
    if value.lower() in ME:
        return replace(found, mine=True), 2
    if person := _PERSON.fullmatch(value):
        return replace(found, by=person[1]), 2
    said = f"`{quoted(value)}` is a name, and I know people by mention alone." if value else "By whom?"
    raise UserError(said, "Type by @ and choose the person from Slack's list, or by me.")


def _port(found: Filters, value: str) -> Taken:
    """`port 587`; `port` alone is the kind."""
    if number := _NUMBER.fullmatch(value):
        return replace(found, port=_number(number[1])), 2
    return replace(found, kind="port"), 1


def _number(text: str) -> int:
    if not 0 < int(text) <= MAX_PORT:
        raise UserError(f"`{quoted(text)}` is no port.", f"Ports are numbers from 1 to {MAX_PORT}.")
    return int(text)


READERS: Mapping[str, Callable[[Filters, str], Taken]] = {
    "since": _since,
    "last": _since,
    "by": _by,
    "from": _by,
    "port": _port,
}


def _plain(found: Filters, word: str, typed: str) -> Taken:
    if word in FAILED:
        return replace(found, failed=True), 1
    if word in KINDS:
        return replace(found, kind=KINDS[word]), 1
    if word in ME:
        return replace(found, mine=True), 1
    if word in HERE:
        return replace(found, here=True), 1
    if word in {"and", "for", "of", "on", "the", "all", "kind"}:
        return found, 1
    if number := _NUMBER.fullmatch(word):
        return replace(found, port=_number(number[1])), 1
    if _SPAN.fullmatch(word) or _DAY.fullmatch(word):
        return _since(found, word)[0], 1
    return _target(found, word, typed), 1


def _target(found: Filters, word: str, typed: str) -> Filters:
    """A word that is no filter names a target; the history knows it or not, but a misspelt filter is told."""
    near = "" if _LIKE_A_TARGET.search(word) else _near(word)
    if near:
        raise UserError(f"`{quoted(typed)}` is no filter.", f"Did you mean `{near}`?")
    if found.target:
        raise UserError("One target at a time.", f"Look at `{quoted(found.target)}` first, then `{quoted(typed)}`.")
    if pair := _WITH_PORT.fullmatch(word):
        return replace(found, target=pair[1].strip("[]"), port=_number(pair[2]))
    return replace(found, target=word.rpartition("@")[2].strip("[]").rstrip("."))


def _near(word: str) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for mistakes only, and costs 20 ms to import

    match = process.extractOne(word, WORDS, scorer=fuzz.ratio, score_cutoff=72)
    return str(match[0]) if match else ""


def described(filters: Filters) -> Iterator[str]:
    """The filters in words for a headline, the target left out; the person as a mention."""
    if filters.kind:
        yield {"check": "checks", "port": "port advice", "pmta": "PowerMTA validations"}[filters.kind]
    if filters.failed:
        yield "failed"
    if filters.port is not None:
        yield f"port {filters.port}"
    if filters.by:
        yield f"by <@{filters.by}>"
    if filters.mine:
        yield "by you"
    if filters.here:
        yield "in this channel"
    if filters.since:
        span = _SPAN.fullmatch(filters.since)
        yield f"last {span[1]} {_UNITS[span[2]]}" if span else f"since {filters.since}"
