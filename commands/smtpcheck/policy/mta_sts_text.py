"""The two texts of MTA-STS, read strictly: the TXT record and the policy file. Pure and total.

Source: RFC 8461 sections 3.1 (record), 3.2 (policy), 4.1 (MX patterns).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["enforce", "testing", "none"]

MAX_AGE = 31_557_600
"""Seconds; RFC 8461 section 3.2 allows no more."""

_RECORD_BEGINS = re.compile(r"v=STSv1[ \t]*;")
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_FIELD = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*(.*?)[ \t]*")
_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_PATTERN = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")
_AGE = re.compile(r"[0-9]{1,10}")
_MODES: dict[str, Mode] = {"enforce": "enforce", "testing": "testing", "none": "none"}


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """A policy that keeps the rules. `mx` are the patterns as they stand, in lower case; `max_age` is in seconds."""

    mode: Mode
    mx: tuple[str, ...]
    max_age: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that breaks the rules: the field that does (`version`, `mode`, `mx`, `max_age`, `line`, `encoding`)."""

    field: str


def is_record(text: str) -> bool:
    """Whether a TXT record says that it is for MTA-STS; the others at the name do not count."""
    return _RECORD_BEGINS.match(text) is not None


def parse_record(text: str) -> str:
    """The id of an MTA-STS record, or an empty string when it has none or a wrong one."""
    fields = [field.strip(" \t").partition("=") for field in text.split(";")[1:]]
    ids = [value for name, _, value in fields if name == "id"]
    return ids[0] if is_record(text) and ids and _ID.fullmatch(ids[0]) else ""


def parse_policy(body: bytes) -> StsPolicy | Broken:
    """The policy in a file, or what is wrong with it first. Of a field that stands twice the first counts, but `mx`."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Broken("encoding")
    lines = [line.removesuffix("\r").rstrip(" \t") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    fields = [_FIELD.fullmatch(line) for line in lines]
    pairs = [(field[1], field[2]) for field in fields if field]
    if len(pairs) < len(fields):
        return Broken("line")
    first: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
    return _policy(first, [value for name, value in pairs if name == "mx"])


def _policy(first: dict[str, str], patterns: Sequence[str]) -> StsPolicy | Broken:
    if first.get("version") != "STSv1":
        return Broken("version")
    mode = _MODES.get(first.get("mode", ""))
    if mode is None:
        return Broken("mode")
    age = first.get("max_age", "")
    if not _AGE.fullmatch(age) or int(age) > MAX_AGE:
        return Broken("max_age")
    if not all(map(_PATTERN.fullmatch, patterns)) or (not patterns and mode != "none"):
        return Broken("mx")
    return StsPolicy(mode, tuple(pattern.lower() for pattern in patterns), int(age))


def covers(patterns: Sequence[str], host: str) -> bool:
    """Whether an MX host is among the patterns; `*` stands for exactly one label, the first."""
    host = host.rstrip(".").lower()
    return host in patterns or f"*.{host.partition('.')[2]}" in patterns
