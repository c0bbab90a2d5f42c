"""What a question asks results to have: a finding or a state by its code, a TLS version, no STARTTLS. Pure.

`Filters.having` is the short text: `refused`, `certificate_expired`, `tls 1.0`, `without starttls`, `421`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from commands.smtpcheck.result.findings import Code, code_named
from commands.smtpcheck.result.health import WITHOUT_TLS
from commands.smtpcheck.result.scales import Severity, Side
from commands.smtpcheck.result.states import BY_NAME, State, TlsState

Document: TypeAlias = Mapping[str, Any]

REPLY_CODE = re.compile(r"[2-5][0-5]\d")
"""As RFC 5321, 4.2, has them: 465 and 587 are none."""
WITHOUT_STARTTLS = "without starttls"
DOWN = "down"
"""Any state but open that is not our own network's."""
UP = "up"
"""A port that is open; a host of which something is usable."""
TLS = "tls "
_VERSIONS = {"1.0": "TLSv1", "1": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
_CODES = frozenset(map(str, Code)) | frozenset(map(str, State))
_WORDS = {"closed": "refused", "timeout": "no_answer", "silent": "no_answer", "expired": str(Code.CERT_EXPIRED)}
_WORDS |= dict.fromkeys(
    ("up", "work", "works", "working", "usable", "healthy", "reachable", "fine", "respond", "responds", "responding"),
    UP,
)
_SHORT = {"certificate": "cert"}
_LACKING = dict.fromkeys(("starttls", "tls"), WITHOUT_STARTTLS) | dict.fromkeys(
    ("login", "logins", "auth"), str(Code.AUTH_NOT_OFFERED)
)
"""By what is missing."""
_NO_STARTTLS = frozenset(map(str, WITHOUT_TLS - {TlsState.OK}))


def read_having(words: Sequence[str]) -> tuple[str, int]:
    """What the first words ask for, and how many they are; ("", 0) where they ask for nothing of the kind."""
    first, second = [*(word.lower() for word in words[:2]), ""][:2]
    if first in {"without", "no"} and second in _LACKING:
        return _LACKING[second], 2
    if first == "no" and second == "answer":
        return "no_answer", 2
    if first in {"not", "no"} and _WORDS.get(second) == UP:
        return DOWN, 2
    if first == "tls" and second.removeprefix("v") in _VERSIONS:
        return f"{TLS}{second.removeprefix('v')}", 2
    if first.startswith("tls") and first.removeprefix("tls").removeprefix("v") in _VERSIONS:
        return f"{TLS}{first.removeprefix('tls').removeprefix('v')}", 1
    if (together := f"{_SHORT.get(first, first)}_{second}") in _CODES:
        return together, 2
    code = _WORDS.get(first, first.replace("-", "_"))
    return (code, 1) if code in {*_CODES, DOWN, UP} else ("", 0)


def has(document: Document, having: str, port: int | None = None) -> bool:
    """Whether a check (its endpoints on this port) shows what is asked for."""
    if having == UP and port is None:
        return document.get("verdict") in _USABLE
    endpoints = [each for each in document.get("endpoints", ()) if port in {None, each.get("port")}]
    if any(_shows(endpoint, having) for endpoint in endpoints):
        return True
    return port is None and having in set(_codes(document))


def _shows(endpoint: Document, having: str) -> bool:
    tls = endpoint.get("tls") or {}
    if having == WITHOUT_STARTTLS:
        return tls.get("mode") == "starttls" and tls.get("state") in _NO_STARTTLS
    if having == UP:
        return endpoint.get("state") == State.OPEN
    if having == DOWN:
        return endpoint.get("state") in _DOWN
    if REPLY_CODE.fullmatch(having):
        return any(re.match(rf"{having}(?:[ -]|$)", text) for text in _said(endpoint))
    if having.startswith(TLS):
        return _VERSIONS[having.removeprefix(TLS)] in set(_versions(tls))
    return having == endpoint.get("state") or having in set(_codes(endpoint))


def _versions(tls: Document) -> Iterator[str]:
    """What was agreed on, and what a deep check saw accepted."""
    yield str(tls.get("version"))
    yield from (name for name, state in (tls.get("versions") or {}).items() if state == "yes")


def _said(endpoint: Document) -> Iterator[str]:
    """What the server said; of a run of a watch that was like the one before its greeting alone is kept."""
    yield str((endpoint.get("greeting") or {}).get("code"))
    yield from (str(line.get("text")) for line in endpoint.get("transcript") or () if line.get("from") == "server")


def _codes(part: Document) -> Iterator[str]:
    yield from (str(finding.get("code")) for finding in part.get("findings", ()))


def in_words(having: str) -> str:
    """`no answer`, `reply 421`: as a headline has it."""
    return f"reply {having}" if REPLY_CODE.fullmatch(having) else having.replace("_", " ")


def is_bad(having: str, port: int | None = None) -> bool:
    """Whether it is nothing to wish for: all but an open port, a version of TLS of today, what is only to be known."""
    if having in BY_NAME:
        return having != State.OPEN
    if REPLY_CODE.fullmatch(having):
        return having[0] in "45"
    code = code_named(having)
    return having not in _GOOD if code is None else code.severity(port) > Severity.info


_DOWN = frozenset(state for state in State if state != State.OPEN and state.side is not Side.OURS)
_GOOD = frozenset({UP, f"{TLS}1.2", f"{TLS}1.3"})
_USABLE = frozenset({"ok", "degraded"})


def is_pattern(target: str) -> bool:
    """`*.example.com`, of many."""
    return "*" in target


def matches(target: str, pattern: str) -> bool:
    """`*.example.com` is every name below it; other signs of shells mean themselves."""
    return not pattern or fnmatchcase(target, pattern.replace("[", "[[]").replace("?", "[?]"))
