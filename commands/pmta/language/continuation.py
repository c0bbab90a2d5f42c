"""Lines that go on with the one above: lists of `domain-macro`, and patterns that a terminal wrapped.

The guide documents neither; configs in use rely on the first (a list whose line ends in a comma, or a macro name alone
with its list below), and pasted text brings the second.
"""

import re
from bisect import bisect_right

from commands.pmta.language.catalogue import DIRECTIVES, REGEX_NAME
from commands.pmta.language.settings import key_spans
from commands.pmta.language.tree import DIRECTIVE, KEY, MORE, TRIVIA, Statement

_OPEN_PATTERN = re.compile(r"(?<!\S)/(?:[^/\\]|\\.?)*+(/?)")
_DOMAINS = re.compile(r"[^\s,]*[.$][^\s,]*\s*(?:,.*)?")


def set_keys_apart(text: str, statements: list[Statement]) -> None:
    """Mark the lines of private keys, which are no settings."""
    keys = key_spans(text)
    ends = [stop for _, stop in keys]
    for one in statements if keys else ():
        at = bisect_right(ends, one.at)
        if at < len(keys) and keys[at][0] <= one.at and one.kind != TRIVIA:
            one.kind, one.key = KEY, ""


def join_continued(statements: list[Statement]) -> None:
    """Append continuing lines to the value of their directive and mark them as MORE."""
    owner: Statement | None = None
    for one in statements:
        if one.kind == TRIVIA:
            continue
        if owner and one.kind == DIRECTIVE and _goes_on(owner, one):
            written = " ".join(part for part in (one.name, one.value) if part) if one.key != REGEX_NAME else one.value
            owner.value = f"{owner.value} {written}".strip()
            one.kind, one.key, one.value = MORE, "", written
            continue
        owner = one if one.kind == DIRECTIVE and one.key in _MAY_GO_ON else None


_MAY_GO_ON = frozenset({"domain-macro", "reply", REGEX_NAME})


def _goes_on(owner: Statement, one: Statement) -> bool:
    if owner.key == "domain-macro":
        return _wants_domains(owner.value) and one.key not in DIRECTIVES and _is_domains(one)
    found = _OPEN_PATTERN.search(owner.value)
    if not found or found[1] or owner.comment_at >= 0 or (one.key in DIRECTIVES and one.key != REGEX_NAME):
        return False
    return _closes_pattern(one)


def _wants_domains(value: str) -> bool:
    return value.endswith(",") or len(value.split()) == 1


def _is_domains(one: Statement) -> bool:
    return one.key != REGEX_NAME and bool(_DOMAINS.fullmatch(f"{one.name} {one.value}".strip()))


def _closes_pattern(one: Statement) -> bool:
    """True when the line holds the slash that was missing and no pattern of its own."""
    written = one.value if one.key == REGEX_NAME else f"{one.name} {one.value}"
    return len(re.findall(r"(?<!\\)/", written)) == 1 and not written.startswith("/")
