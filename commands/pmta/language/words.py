"""How a value falls into arguments: blanks separate, double quotes and /patterns/ hold together."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from commands.pmta.language.remembered import remembered

_QUOTED = r'"(?:[^"\\]++|\\.?)*+"?'
_PATTERN = r"/(?:[^/\\]++|\\.?)*+/?"
_PLAIN = re.compile(rf'(?:[^\s"]++|{_QUOTED})++')
_WITH_PATTERN = re.compile(rf'(?<!\S){_PATTERN}|(?:[^\s"]++|{_QUOTED})++')

PATTERN_DIRECTIVES = frozenset(
    {"/regex/", "reply", "mail-from", "rcpt-to", "header", "relay-address", "address", "dkim-headers"}
    | {"second-dkim-headers"}
)


class Word(NamedTuple):
    """An argument as written, and where it stands in the text."""

    text: str
    at: int

    @property
    def stop(self) -> int:
        return self.at + len(self.text)


SHORT = 200
"""Characters: the arguments of shorter values are remembered, since a config says the same thing over and over."""


def split_words(key: str, value: str, at: int) -> tuple[Word, ...]:
    """The arguments of a directive; only directives that take patterns keep the blanks inside /.../."""
    return tuple(Word(word.text, at + word.at) for word in _words(key in PATTERN_DIRECTIVES, value))


def first_words(key: str, value: str, count: int) -> tuple[Word, ...]:
    """At most so many arguments, counted from the beginning of the value; the rest is not looked at."""
    if len(value) <= SHORT:
        return _remembered(key in PATTERN_DIRECTIVES, value)[:count]
    return tuple(islice(_cut(key in PATTERN_DIRECTIVES, value), count))


def texts(key: str, value: str) -> list[str]:
    """The arguments as written."""
    if '"' not in value and key not in PATTERN_DIRECTIVES:
        return value.split()
    return [word.text for word in _words(key in PATTERN_DIRECTIVES, value)]


def text(key: str, value: str, index: int) -> str:
    """One argument as written, or "" where there is none."""
    if len(value) <= SHORT and '"' not in value and key not in PATTERN_DIRECTIVES:
        found = value.split(None, index + 1)
        return found[index] if index < len(found) else ""
    words = first_words(key, value, index + 1)
    return words[index].text if index < len(words) else ""


def _words(patterns: bool, value: str) -> tuple[Word, ...]:
    return _remembered(patterns, value) if len(value) <= SHORT else tuple(_cut(patterns, value))


@remembered(8192)
def _remembered(patterns: bool, value: str) -> tuple[Word, ...]:
    return tuple(_cut(patterns, value))


def _cut(patterns: bool, value: str) -> Iterator[Word]:
    return (Word(found[0], found.start()) for found in (_WITH_PATTERN if patterns else _PLAIN).finditer(value))


def bare(word: str) -> str:
    """A word without the double quotes around it."""
    if len(word) >= 2 and word[0] == word[-1] == '"':
        return word[1:-1].replace('\\"', '"')
    return word


def is_pattern(word: str) -> bool:
    return len(word) >= 2 and word[0] == "/" and word[-1] == "/"
