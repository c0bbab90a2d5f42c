"""What mail, chat, diff, grep and shells put in front of the lines of a config: recognised, and taken away.

A prefix counts where nearly every line has it and more lines are settings without it. Lines keep their numbers: a line
that is none of the config becomes a blank one.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from commands.pmta.language.catalogue import DIRECTIVES, TAGS

MOST = 20_000
"""Lines that are looked at to know the prefix of all."""

NEARLY_ALL = 0.8
_NAME = re.compile(r"\s*(?:</?([A-Za-z][\w-]*)|([A-Za-z][\w-]*)(?=\s)|(/[^\n]*/\s*[a-z][\w-]*\s*\Z))")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("prefixes", re.compile(r"[^\S\n]{0,3}(?:[>|](?:[^\S\n]?[>|])*)(?:[^\S\n]|(?=<|\Z))")),
    ("bullets", re.compile(r"[^\S\n]*(?:[-*+\u2022\u25e6\u00b7\u2013])[^\S\n]+")),
    ("bold", re.compile(r"[^\S\n]*(\*\*|\*|__|_)(?=\S)")),
    ("numbers", re.compile(r"[^\S\n]*(?:\d{1,6}(?:[.):|]|\u2502|[^\S\n]*[|\u2502:]|(?=[^\S\n]|\Z)))[^\S\n]?")),
    ("grep", re.compile(r"(?:[\w./~-]*[/.\w~-]:)?\d{1,6}[:-]|[\w./~-]*/[\w./~-]+[:-](?:\d{1,6}[:-])?")),
    ("prompts", re.compile(r"(?:\[?[\w.-]+@[\w.-]+[^\n$#]{0,60}[$#]|\$)[^\S\n]+")),
)
_CLOSING = {"bold": re.compile(r"(?:\*\*|\*|__|_)[^\S\n]*\Z")}
_DIFF = re.compile(r"^(?:diff --git |index [0-9a-f]+\.\.|--- |\+\+\+ |@@ ).*$", re.MULTILINE)
_COMMAND = re.compile(
    r"[^\S\n]*(?:\[?[\w.-]+@[\w.-]+[^\n$#]{0,60}[$#]|[$#])[^\S\n]*(?:sudo )?"
    r"(?:cat|less|more|head|tail|grep|egrep|sed|vi|vim|nano)[^\S\n][^\n]*"
)


class Unprefixed(NamedTuple):
    """The text, and what was taken away from it by kind."""

    text: str
    kinds: tuple[str, ...]


def unprefixed(text: str) -> Unprefixed:
    """The text without what was put in front of its lines."""
    lines = text.split("\n")
    kinds: list[str] = []
    for kind, change in _CHANGES:
        changed = change(lines)
        if changed is not None:
            lines, kinds = changed, [*kinds, kind]
    return Unprefixed("\n".join(lines), tuple(kinds)) if kinds else Unprefixed(text, ())


def is_known(line: str) -> bool:
    """True for a line that begins with a tag or a setting of the guide."""
    found = _NAME.match(line)
    if found is None:
        return False
    return bool(found[3]) or (found[1] or "").lower() in TAGS or (found[2] or "").lower() in DIRECTIVES


def _said(lines: list[str]) -> list[str]:
    return [line for line in lines[:MOST] if line.strip() and not line.lstrip().startswith("#")]


def _gain(before: list[str], after: list[str]) -> bool:
    return sum(map(is_known, after[:MOST])) > sum(map(is_known, before[:MOST]))


def _without_commands(lines: list[str]) -> list[str] | None:
    """`$ cat /etc/pmta/config` in front of what it printed."""
    at = [number for number, line in enumerate(lines[:MOST]) if _COMMAND.fullmatch(line.rstrip())]
    shown = [line for line in lines[:MOST] if line.strip()]
    if not at or len(at) * 2 > len(shown) or not any(lines[number].lstrip()[0] != "#" for number in at):
        return None
    return ["" if number in {*at} else line for number, line in enumerate(lines)]


_HEREDOC = re.compile(r"[^<\n]*<<-?[^\S\n]*[\"'\\\\]?([A-Za-z_]\w*)[\"']?[^\n]*")


def _inside_heredocs(lines: list[str]) -> list[str] | None:
    """What a shell script writes into the config: `cat > /etc/pmta/config <<EOF`, and what follows up to `EOF`."""
    if not any("<<" in line for line in lines):
        return None
    inside: list[str] = []
    end = ""
    for line in lines:
        opening = None if end else _HEREDOC.fullmatch(line)
        is_edge = bool(opening) or bool(end and line.strip() == end)
        inside.append(line if end and not is_edge else "")
        end = opening[1] if opening else "" if is_edge else end
    left_out = [line for line, kept in zip(lines, inside, strict=True) if line.strip() and not kept]
    written = sum(map(is_known, inside[:MOST]))
    return inside if written and written > NEARLY_ALL * (written + sum(map(is_known, left_out[:MOST]))) else None


def _without_diff(lines: list[str]) -> list[str] | None:
    """The new side of a diff."""
    said = [line for line in lines[:MOST] if line.strip()]
    signs = {line[0] for line in said}
    if not said or not signs <= {"+", "-", " ", "@", "d", "i", "\\"}:
        return None
    heads = sum(bool(_DIFF.match(line)) for line in said)
    if not heads and not {"+", "-"} <= signs:
        return None
    made = [line[1:] if line[:1] in ("+", " ") and not _DIFF.match(line) else "" for line in lines]
    return made if _gain([], made) else None


def _without(kind: str, pattern: re.Pattern[str]) -> Callable[[list[str]], list[str] | None]:
    def change(lines: list[str]) -> list[str] | None:
        said = _said(lines)
        hits = sum(bool(pattern.match(line)) for line in said)
        if not said or hits < NEARLY_ALL * len(said) or (kind == "numbers" and hits < len(said)):
            return None
        closing = _CLOSING.get(kind)
        made = [_cut(line, pattern, closing) for line in lines]
        return made if _gain(lines, made) else None

    return change


def _cut(line: str, pattern: re.Pattern[str], closing: re.Pattern[str] | None) -> str:
    found = pattern.match(line)
    if found is None:
        return line
    rest = line[found.end() :]
    return closing.sub("", rest) if closing else rest


_CHANGES: tuple[tuple[str, Callable[[list[str]], list[str] | None]], ...] = (
    ("script", _inside_heredocs),
    ("prompts", _without_commands),
    ("diff", _without_diff),
    *((kind, _without(kind, pattern)) for kind, pattern in _KINDS),
)
