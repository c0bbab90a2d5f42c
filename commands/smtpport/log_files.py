"""A mail log as a file: whether a text is one, and the kinds of failures that it tells of. Pure, and total."""

import re
from collections import Counter
from dataclasses import dataclass

MOST = 512 * 1024
"""Bytes of a file that are read, from its end: what is newest tells most."""

LONGEST = 600
"""Characters of a line."""

LOOKED_AT, ENOUGH = 100, 0.6
"""Lines of which so many have to begin with a time."""


@dataclass(frozen=True, slots=True)
class MailLog:
    """How many lines were read, and of each kind of failure how often it stands there and its last line.

    The most frequent kind stands first. `is_cut`: older lines were left out.
    """

    lines: int
    failures: tuple[tuple[int, str], ...]
    is_cut: bool = False


def mail_log(content: bytes) -> MailLog | None:
    """None: it is no log."""
    is_cut = len(content) > MOST
    lines = [line[:LONGEST] for line in content[-MOST:].decode(errors="replace").splitlines() if line.strip()]
    lines = lines[1:] if is_cut else lines
    if not _is_log(lines):
        return None
    failed = {line: _kind(line) for line in lines if _FAILS.search(line)}
    kinds = Counter(failed[line] for line in lines if line in failed)
    last = {kind: line.strip() for line, kind in failed.items()}
    return MailLog(len(lines), tuple((count, last[kind]) for kind, count in kinds.most_common()), is_cut)


def _is_log(lines: list[str]) -> bool:
    looked_at = lines[:LOOKED_AT]
    dated = sum(_BEGINS.match(line) is not None for line in looked_at)
    return bool(looked_at) and dated >= ENOUGH * len(looked_at)


_BEGINS = re.compile(
    r"\s{0,4}(?:<\d{1,3}>|[a-z]{1,3},)?\"?"
    r"(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d)"
)
"""The time of syslog, of journals, of Exim, and of accounting files."""

_FAILS = re.compile(
    r"status=(?!sent|delivered)\w+|(?<![\w.:=-])[45]\d\d[ -](?!\d)|(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?![\w.])|"
    r"\b(?:error|fatal|panic|refused|timed? ?out|rejected?|unreachable|failed|failure|lost connection|"
    r"no route|bounced?|deferred)\b",
    re.IGNORECASE,
)


def _kind(line: str) -> str:
    """What is left of a line without its time, names, addresses and numbers but the codes of a reply."""
    return " ".join(word for word in _WORDS.findall(line.lower()) if _PLAIN.fullmatch(word))[:200]


_WORDS = re.compile(r"[^\s,;()]+")
_PLAIN = re.compile(r"[a-z]{2,}[:.]?|[45]\d\d|[45]\.\d{1,3}\.\d{1,3}|status=\w+")
