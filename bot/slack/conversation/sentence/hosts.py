"""Hosts, addresses and ports that stand in a sentence. Pure, and total."""

import re

from commands.contract import UserError
from commands.smtpcheck.address.target import MAX_PORT, Target, parse_target
from commands.smtpport.question.lexicon import is_host
from storage.entries import LOCAL

MOST, LONGEST, LONGEST_WORD = 5, 2000, 300
"""Hosts that are looked for, characters in which they are, and of one with what is glued to it."""

_WORD = re.compile(r"[^\s,;<>()\"'`*~|¿¡]+")
_TRAILING = ".:!?…"
_GLUED = re.compile(r"(?<=\w)(?=\[)")
"""`mail.example.com[192.0.2.1]`, as logs write it."""

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//([^/?#\s]+)\S*", re.IGNORECASE)
_PORT = re.compile(r":?(\d{1,5})(?:/(?:tcp|tls|ssl))?")
_BEHIND_HOST = re.compile(r"(?<=[a-z\]]):(\d{1,5})\b", re.IGNORECASE)
_PLACE = re.compile(r"\bfrom\s+((?=[a-z0-9-]*[-\d])[a-z0-9-]{1,32}|all|local)(?![\w.])", re.IGNORECASE)


def hosts_in(text: str, *, most: int = MOST, longest: int = LONGEST) -> list[Target]:
    """The targets among the words, each once. A file name, or a class of a program, is none."""
    found: dict[str, Target] = {}
    for word in _WORD.findall(_GLUED.sub(" ", text[:longest])):
        target = _target_in(word)
        if target is not None and len(found) < most:
            found.setdefault(target.name, target)
    return list(found.values())


def marked(text: str, mark: str) -> tuple[str, list[str]]:
    """The text with a mark for each host in it, and their names in that order; ports stay behind the mark.

    A link behind the first host is none of them.
    """
    names: list[str] = []

    def one(match: re.Match[str]) -> str:
        target = _target_in(match[0])
        if target is None or (names and "//" in match[0]):
            return match[0]
        names.append(target.name)
        trailing = match[0][len(match[0].rstrip(_TRAILING)) :]
        return f"{mark} {target.port}{trailing}" if target.port else f"{mark}{trailing}"

    return _WORD.sub(one, _GLUED.sub(" ", text[:LONGEST].replace(mark, " "))), names


def _target_in(word: str) -> Target | None:
    return None if len(word) > LONGEST_WORD else _target(_URL.sub(r"\1", word).rstrip(_TRAILING))


def ports_in(text: str) -> list[int]:
    """Numbers that stand alone, or behind a host, and may be ports."""
    numbers = [match[1] for word in _WORD.findall(text[:LONGEST]) if (match := _PORT.fullmatch(word.rstrip(_TRAILING)))]
    numbers += _BEHIND_HOST.findall(text[:LONGEST])
    return [port for port in dict.fromkeys(map(int, numbers)) if 0 < port <= MAX_PORT]


def place_in(text: str) -> str:
    """The place behind a `from`, if it is called as places are; this machine otherwise."""
    named = _PLACE.search(text[:LONGEST])
    return named[1].lower() if named else LOCAL


def _target(word: str) -> Target | None:
    try:
        target = parse_target(word)
    except UserError:
        return None
    return target if target.kind == "address" or is_host(target.name) else None
