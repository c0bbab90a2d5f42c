"""Text without what may not stand in a log: secrets by their shape, and those that the program knows. Pure."""

import re
from collections.abc import Collection, Mapping

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
    "a token of Slack": re.compile(r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[\w.-]+", re.IGNORECASE),
    "an HTTP login": re.compile(r"(?<=\bbearer )[^\s'\"]+|(?<=\bbasic )[^\s'\"]{8,}", re.IGNORECASE),
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
