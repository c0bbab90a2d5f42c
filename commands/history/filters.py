"""What a listing is narrowed down to, and how it is written: as it can be typed, and as a headline says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from commands.contract import UserError
from commands.history.having import in_words
from commands.past_times import EDGE, SPAN, end_of, said, start_of
from commands.slack_text import escape, quoted

KIND_WORDS: Mapping[str, str] = {
    "check": "checks",
    "network": "looks at our own network",
    "port": "port advice",
    "pmta": "PowerMTA validations",
}

ASK_WORDS: Mapping[str, str] = {
    "changes": "what changed",
    "since when": "since when",
    "certificates": "certificates that end",
    "compare": "compared",
    "who asked": "who asked",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` are short texts of `times`: a page that is turned later still means seven days.

    `by` is a user id. `watches` means what watches ran; where a person is meant (`by`, `mine`, no word at all), it is
    otherwise what they asked themselves. `here` means the channel in which somebody asks, `all` everything that they
    may see; without any word it is what is nearest to them. `ask` is what is asked beside a list of results: a word of
    `ASK_WORDS`; `having` is a short text of `having`; `tag` is one that the team gave targets,
    `provider` what a provider is called (blanks as hyphens).
    """

    target: str = ""
    since: str = ""
    until: str = ""
    by: str = ""
    port: int | None = None
    failed: bool = False
    watches: bool = False
    kind: str = ""
    mine: bool = False
    here: bool = False
    all: bool = False
    ask: str = ""
    having: str = ""
    tag: str = ""
    provider: str = ""

    @property
    def empty(self) -> bool:
        return self == Filters()

    @property
    def watched(self) -> bool | None:
        """Whether runs of watches are meant, as `storage.history.Query` has it; None: those, too."""
        if self.watches:
            return True
        return False if self.empty or self.mine or self.by else None

    def narrowed(self, **more: Any) -> "Filters":
        """These with more. `UserError` for a second port, person or limit of the time, of which there is one."""
        new = replace(self, **more)
        for name in ("since", "until"):
            _refuse_second(name, self, new)
        if self.ask not in {"", new.ask} or self.having not in {"", new.having}:
            hint = "Type `/smtphistory help` for what can be asked."
            raise UserError("One question at a time.", hint, (self.text, _second_question(new, self).text))
        if self.tag not in {"", new.tag}:
            hint = f"Type `/smtphistory tag:{self.tag}` first."
            raise UserError("One tag at a time.", hint, (self.text, new.text))
        if self.provider not in {"", new.provider}:
            hint = f"Type `/smtphistory provider {quoted(self.provider)}` first."
            raise UserError("One provider at a time.", hint, (self.text, new.text))
        if self.port not in {None, new.port}:
            hint = f"Type `port {self.port}` first, then `port {new.port}`; without a port all of them are shown."
            raise UserError("One port at a time.", hint, (self.text, new.text))
        if (new.mine and new.by) or self.by not in {"", new.by}:
            other = replace(new, by="") if more.get("mine") else replace(new, mine=False)
            hint = "Type `mine`, or `by` and one mention."
            raise UserError("One person at a time.", hint, (self.text, other.text))
        return new

    @property
    def text(self) -> str:
        """As `typed_filters` reads it back: buttons carry it."""
        parts = (
            self.target,
            self.ask,
            self.having,
            f"tag:{self.tag}" if self.tag else "",
            f"provider {self.provider}" if self.provider else "",
            _typed("since", "after", self.since),
            _typed("until", "before", self.until),
            f"by <@{self.by}>" if self.by else "",
            f"port {self.port}" if self.port is not None else "",
            "failed" if self.failed else "",
            "watches" if self.watches else "",
            {"port": "advice"}.get(self.kind, self.kind),
            "mine" if self.mine else "",
            "here" if self.here else "",
            "all" if self.all else "",
        )
        return " ".join(part for part in parts if part)

    def span(self, now: datetime, zone: tzinfo | None) -> tuple[datetime | None, datetime | None]:
        """From when on, and until when (UTC); None without a limit. Raises `UserError` for what holds no result."""
        start = start_of(self.since, now, zone) if self.since else None
        end = end_of(self.until, now, zone) if self.until else None
        if start is not None and start > now:
            raise UserError(f"`{quoted(said(self.since))}` has not come yet.", "Type since 7d, for example.")
        if start is not None and end is not None and end <= start:
            hint = "Type the earlier one behind since; a weekday is the last one that there was."
            other = replace(self, since=self.until, until=self.since)
            raise UserError(f"`{quoted(said(self.until))}` is before `{quoted(said(self.since))}`.", hint, other.text)
        return start, end


def _typed(word: str, at_edge: str, text: str) -> str:
    """A limit of the time as it is read back."""
    return f"{_limit(word, at_edge, text)} {text.removeprefix(EDGE)}" if text else ""


def _limit(word: str, at_edge: str, text: str) -> str:
    return at_edge if text.startswith(EDGE) else word


def _refuse_second(name: str, one: Filters, other: Filters) -> None:
    old, new = str(getattr(one, name)), str(getattr(other, name))
    if old not in {"", new}:
        hint = "Type a period as `nov 1 nov 5`, or `since nov 1 until nov 5`."
        message = f"One `{name}` at a time: `{quoted(said(old))}` or `{quoted(said(new))}`?"
        raise UserError(message, hint, (one.text, other.text))


def _second_question(new: Filters, old: Filters) -> Filters:
    """Without the first one: an `ask` and a `having` are each a question of its own."""
    ask = "" if new.ask == old.ask else new.ask
    return replace(new, ask=ask, having="" if new.having == old.having else new.having)


def described(filters: Filters) -> Iterator[str]:
    """The filters in words for a headline, the target left out; the person as a mention."""
    said_if: tuple[tuple[object, str], ...] = (
        (filters.tag, f"tag:{filters.tag}"),
        (filters.provider, f"provider {escape(filters.provider, 40)}"),
        (filters.having, in_words(filters.having)),
        (filters.ask, ASK_WORDS.get(filters.ask, "")),
        (filters.kind, KIND_WORDS.get(filters.kind, "")),
        (filters.watches, "runs of watches"),
        (filters.failed, "failed"),
        (filters.port is not None, f"port {filters.port}"),
        (filters.by, f"by {_person(filters.by)}"),
        (filters.mine, "by you"),
        (filters.here, "in this channel"),
    )
    yield from (words for there, words in said_if if there)
    yield from _when(filters.since, filters.until)


def _person(by: str) -> str:
    """A mention; whoever uses a terminal has a login."""
    return f"<@{by}>" if by[:1] in {"U", "W"} else escape(by, 60)


def _when(since: str, until: str) -> Iterator[str]:
    """`last 7 days`, `last day`, `since monday`, `until 2 hours ago`; `monday` alone is that day."""
    if since and since == until:
        yield said(since)
        return
    if since:
        yield (
            f"last {said(since).removeprefix('1 ')}"
            if SPAN.fullmatch(since)
            else f"{_limit('since', 'after', since)} {said(since)}"
        )
    if until:
        ago = " ago" if SPAN.fullmatch(until.removeprefix(EDGE)) else ""
        yield f"{_limit('until', 'before', until)} {said(until)}{ago}"
