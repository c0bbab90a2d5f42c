"""Lines that go on with the one above: lists of `domain-macro`, and patterns that a terminal wrapped.

The guide documents neither; configs in use rely on the first (a list whose line ends in a comma, or a macro name alone
with its list below), and pasted text brings the second.
"""

import re
from bisect import bisect_right

from commands.pmta.language.catalogue import DIRECTIVES, REGEX_NAME
from commands.pmta.language.lists import ACTIONS, CATEGORIES
from commands.pmta.language.settings import key_spans
from commands.pmta.language.tree import DIRECTIVE, KEY, MORE, TRIVIA, Statement

_OPEN_PATTERN = re.compile(r"(?<!\S)/(?:[^/\\]|\\.?)*+(/?)")
_SLASH = re.compile(r"(?<!\\)/")
_REST = re.compile(
    rf"/\s*(?:(?:{'|'.join(CATEGORIES)})|mode=.*|(?:{'|'.join(sorted(ACTIONS))}).*|virtual-mta=.*)", re.IGNORECASE
)
"""What may follow a pattern whose closing slash begins a line."""
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
    wrapped = 0
    for at, one in enumerate(statements):
        if one.kind == TRIVIA:
            continue
        if owner and one.kind == DIRECTIVE and (wrapped or _goes_on(owner, one)):
            _join(owner, one)
            wrapped = max(0, wrapped - 1)
            continue
        owner = one if one.kind == DIRECTIVE and one.key in _MAY_GO_ON else None
        wrapped = _lines_of_pattern(statements, at) if owner and owner.key != "domain-macro" else 0


def _join(owner: Statement, one: Statement) -> None:
    written = _written(one)
    joint = _between(owner.value, written) if owner.key != "domain-macro" else " "
    owner.value = f"{owner.value}{joint}{written}".strip()
    one.kind, one.key, one.value = MORE, "", written


def _written(one: Statement) -> str:
    return one.value if one.key == REGEX_NAME else " ".join(part for part in (one.name, one.value) if part)


def _between(before: str, after: str) -> str:
    """What makes the joined pattern match whether or not a blank stood where it was broken."""
    if before.endswith(("/", "(", "|")) or after.startswith(("/", ")", "|", "?", "*", "+")):
        return ""
    return " *"


def _lines_of_pattern(statements: list[Statement], at: int) -> int:
    """How many of the next lines belong to a pattern that is open at the end of this one; 0 for none."""
    one = statements[at]
    found = _OPEN_PATTERN.search(one.value)
    if not found or found[1] or one.comment_at >= 0:
        return 0
    for count, line in enumerate(statements[at + 1 : at + 1 + MOST_WRAPPED], 1):
        if line.kind != DIRECTIVE or (line.key in DIRECTIVES and line.key != REGEX_NAME):
            return 0
        if _closes_pattern(line):
            return count
        if "/" in _written(line).replace("\\/", ""):
            return 0
    return 0


MOST_WRAPPED = 5
"""Lines over which a pattern may be broken."""


_MAY_GO_ON = frozenset({"domain-macro", "reply", REGEX_NAME})


def _goes_on(owner: Statement, one: Statement) -> bool:
    return (
        owner.key == "domain-macro" and _wants_domains(owner.value) and one.key not in DIRECTIVES and _is_domains(one)
    )


def _wants_domains(value: str) -> bool:
    return value.endswith(",") or len(value.split()) == 1


def _is_domains(one: Statement) -> bool:
    return one.key != REGEX_NAME and bool(_DOMAINS.fullmatch(f"{one.name} {one.value}".strip()))


def _closes_pattern(one: Statement) -> bool:
    """True when the line holds the slash that was missing and no pattern of its own."""
    written = _written(one)
    if len(_SLASH.findall(written)) != 1:
        return False
    return not written.startswith("/") or bool(_REST.fullmatch(written))
