"""Evidence behind sentences: a number that leads to the source, and a word where it is second-hand."""

from collections.abc import Iterable

from commands.smtpport.catalogue.records import Source
from commands.smtpport.phrases import EVIDENCE

_STRENGTH = ("documented", "reported", "conflicting", "unconfirmed")


class Footnotes:
    """The sources of one answer, numbered from 1 in the order in which they are cited."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}

    def mark(self, text: str, sources: Iterable[Source], *, dated: bool = False) -> str:
        """`text (reported, 2018) [1, 2].` What is documented gets its date only where the fact may change: `dated`."""
        cited = list(sources)
        if not cited:
            return text
        numbers = {self._numbers.setdefault(source, len(self._numbers) + 1) for source in cited}
        return f"{text.removesuffix('.')}{_grade(cited, dated=dated)} [{', '.join(map(str, sorted(numbers)))}]."

    def listed(self) -> list[str]:
        """Every source that was cited: its place in the list is its number."""
        return [reference(source) for source in self._numbers]


def reference(source: Source) -> str:
    """`RFC 8314 section 3.3, 2018-01, documented: https://...`"""
    return f"{source.label}, {source.date}, {source.confidence}: {source.url}"


def _grade(sources: list[Source], *, dated: bool) -> str:
    """The strongest confidence with its newest date, in words, and newer reports; nothing for plain documentation."""
    best = min((source.confidence for source in sources), key=_STRENGTH.index)
    if best == "documented" and not dated:
        return ""
    date, report = _newest(sources, best), _newest(sources, "reported")
    newer = [EVIDENCE["reported"].format(date=report)] if best == "documented" and report > date else []
    return f" ({'; '.join([EVIDENCE[best].format(date=date), *newer])})"


def _newest(sources: list[Source], confidence: str) -> str:
    """The newest date, one that is known before any other."""
    dates = [source.date for source in sources if source.confidence == confidence]
    return max([date for date in dates if date[0].isdigit()] or dates, default="")
