"""Text without what may not stand in a log: secrets by their shape, and those that the program knows. Pure.

An error is shown without its message, which may repeat what somebody pasted, a password for instance. Those of the
storage are ours, made to be shown, and say what to do.
"""

import re
import traceback
from collections.abc import Collection, Iterator, Mapping

HIDDEN = "[hidden]"
SHORTEST = 4
"""Characters of a known secret; a shorter one would cover half of every line."""

HARMLESS_PATHS = frozenset({"", "/", "/healthz", "/readyz", "/metrics", "/api/"})
"""Paths that stay: those of our own pages and the root of the Web API."""

_URL = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://)(?P<login>[^\s/?#@'\"<>]*@)?(?P<host>[^\s/?#@'\"<>,)]*)"
    r"(?P<rest>[^\s'\"<>)\]},;]*)",
    re.IGNORECASE,
)
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "a token of Slack": re.compile(r"\bx(?:ox[a-z](?:\.xox[a-z])?|app|wfp)-[\w.-]+", re.IGNORECASE),
    "an HTTP login": re.compile(r"(?<=\bbearer )[^\s'\"]+|(?<=\bbasic )(?!information\b)[^\s'\"]{8,}", re.IGNORECASE),
    "a signature": re.compile(r"\bv[01]=[0-9a-f]{16,}", re.IGNORECASE),
    "a trigger_id": re.compile(r"\b\d{5,}\.\d{5,}\.[0-9a-f]{16,}", re.IGNORECASE),
    "the path of a webhook or a response_url": re.compile(
        r"/(?:commands|actions|app|services|workflows|triggers|files-pri)/[TE][A-Z0-9]{2,}[^\s'\"<>)\]},;]+"
    ),
    "a parameter": re.compile(
        r"(?<=[?&\s'\"])(?:ticket|token|secret|key|sig|signature|password)=[^\s&'\"]+", re.IGNORECASE
    ),
}


def redacted(text: str, secrets: Collection[str] = ()) -> str:
    """The text with known secrets and what looks like one covered; of a URL scheme and host remain."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN)
    text = _URL.sub(_place_of, text)
    for shape in _SHAPES.values():
        text = shape.sub(HIDDEN, text)
    return text


def _place_of(url: re.Match[str]) -> str:
    rest = url["rest"] if url["rest"].rstrip(".") in HARMLESS_PATHS else f"/{HIDDEN}"
    return f"{url['scheme']}{HIDDEN + '@' if url['login'] else ''}{url['host']}{rest}"


def trace_of(error: BaseException) -> str:
    """Where an error and its causes came from, the last one last; types and source lines only."""
    parts = [f"{''.join(traceback.format_tb(one.__traceback__))}{_named(one)}" for one in _chain(error)]
    return "\nwhich led to\n".join(reversed(parts))


def _named(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if has_own_words(error) else name


OURS = "storage.errors"
"""A module whose errors have words that are ours. By its name: a worker comes without storage."""


def has_own_words(value: object) -> bool:
    """Whether it is an error of the storage, whose words are made to be shown."""
    return any(kind.__module__ == OURS for kind in type(value).__mro__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
