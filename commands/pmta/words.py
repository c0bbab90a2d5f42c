"""How a value falls into arguments: blanks separate, double quotes and /patterns/ hold together."""

import re
from typing import NamedTuple

_QUOTED = r'"(?:[^"\\]|\\.?)*+"?'
_PATTERN = r"/(?:[^/\\]|\\.?)*+/?"
_PLAIN = re.compile(rf'(?:[^\s"]|{_QUOTED})++')
_WITH_PATTERN = re.compile(rf'(?<!\S){_PATTERN}|(?:[^\s"]|{_QUOTED})++')

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


def split_words(key: str, value: str, at: int) -> tuple[Word, ...]:
    """The arguments of a directive; only directives that take patterns keep the blanks inside /.../."""
    pattern = _WITH_PATTERN if key in PATTERN_DIRECTIVES else _PLAIN
    return tuple(Word(found[0], at + found.start()) for found in pattern.finditer(value))


def bare(word: str) -> str:
    """A word without the double quotes around it."""
    if len(word) >= 2 and word[0] == word[-1] == '"':
        return word[1:-1].replace('\\"', '"')
    return word


def is_pattern(word: str) -> bool:
    return len(word) >= 2 and word[0] == "/" and word[-1] == "/"
