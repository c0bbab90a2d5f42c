"""What a listing is narrowed down to, and how it is written: as it can be typed, and as a headline says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from commands.contract import UserError
from commands.history.times import SPAN, end_of, said, start_of
from commands.slack_text import quoted


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` are short texts of `times`: a page that is turned later still means seven days.

    `by` is a user id. `here` means the channel in which somebody asks, `all` everything that they may see; without any
    word it is what is nearest to them.
    """

    target: str = ""
    since: str = ""
    until: str = ""
    by: str = ""
    port: int | None = None
    failed: bool = False
    kind: str = ""
    mine: bool = False
    here: bool = False
    all: bool = False

    @property
    def empty(self) -> bool:
        return self == Filters()

    @property
    def text(self) -> str:
        """As `typed_filters` reads it back: buttons carry it."""
        parts = (
            self.target,
            f"since {self.since}" if self.since else "",
            f"until {self.until}" if self.until else "",
            f"by <@{self.by}>" if self.by else "",
            f"port {self.port}" if self.port is not None else "",
            "failed" if self.failed else "",
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
            raise UserError(f"`{quoted(said(self.until))}` is before `{quoted(said(self.since))}`.", hint)
        return start, end


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
    if filters.since and filters.since == filters.until:
        yield said(filters.since)
        return
    if filters.since:
        yield f"{'last' if SPAN.fullmatch(filters.since) else 'since'} {said(filters.since)}"
    if filters.until:
        yield f"until {said(filters.until)}{' ago' if SPAN.fullmatch(filters.until) else ''}"
