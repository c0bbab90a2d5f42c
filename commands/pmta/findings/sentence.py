"""What rules say: templates beside each rule, filled with parameters when a finding is shown.

What is stored of a finding are its code, the name of the sentence and parameters, never the sentence.

`{name}` is a parameter. `{name|This setting}` has words to stand in its place where it is not known: a word of the
config is quoted while the config is in memory, and never stored.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from commands.pmta.language.catalogue import DIRECTIVES, TAGS
from commands.pmta.language.lists import ACTIONS, TIMED_ACTIONS
from commands.secrets.masking import STARS

Params: TypeAlias = Mapping[str, str | int]

_PLACE = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")
_COUNT = re.compile(r"[0-9]{1,9}")
_CLOSING = '">'
_NO_WORD = "*\"'<>$/ "


class Own(str):
    """A text that is ours (of the catalogue, of a closed set, a quantity that was read): it may be stored.

    Every other text is taken for words of the config.
    """

    __slots__ = ()


class Saying(NamedTuple):
    """A finding's sentence and what to write instead, as templates. Without one of its words nothing is suggested."""

    message: str
    suggestion: str = ""


Sayings: TypeAlias = Mapping[str, Saying]


LONGEST = 80
"""Characters of a word of the config in a sentence: rules give words whole, since a part of a secret is one."""

LONGEST_COVERED = 300
"""Characters: nobody writes a longer word anew, so it is left out."""


def shown(params: Params, cover: Callable[[str], str], most: int = LONGEST) -> Params:
    """The parameters as sentences may say them: words of the config covered first, and cut then."""
    return {name: _shown(value, cover, most) for name, value in params.items()}


def _shown(value: str | int, cover: Callable[[str], str], most: int) -> str | int:
    if isinstance(value, int | Own):
        return value
    covered = cover(value) if len(value) <= LONGEST_COVERED else STARS
    if STARS in covered and not covered.strip(_NO_WORD):
        return ""
    if len(covered) <= most:
        return covered
    return f"{covered[:most]}…{covered[-1] if covered[-1] in _CLOSING else ''}"


def filled(template: str, params: Params) -> str:
    """The sentence, or "" when a parameter is missing for which nothing can stand. An empty one is missing."""
    missing = [found for found in _PLACE.finditer(template) if params.get(found[1], "") == "" and found[2] is None]
    return "" if missing else _PLACE.sub(lambda found: _word(found, params), template)


def _word(found: re.Match[str], params: Params) -> str:
    said = params.get(found[1], "")
    return (found[2] or "") if said == "" else str(said)


def count(digits: str) -> str:
    """Digits of a config as a number, which may be stored; what is none, or too long for one, stays a word."""
    return Own(digits) if _COUNT.fullmatch(digits) else digits


def harmless(params: Params) -> dict[str, str | int]:
    """The parameters that may be stored: numbers, our own words, and names that stand in the catalogue, as it spells

    them.
    """
    kept = {name: _harmless(value) for name, value in params.items()}
    return {name: value for name, value in kept.items() if value is not None}


def _harmless(value: str | int) -> str | int | None:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Own):
        return str(value)
    return value.lower() if _is_named(value.lower()) else None


def _is_named(word: str) -> bool:
    tag = word.removeprefix("<").removeprefix("/").removesuffix(">")
    return word in DIRECTIVES or tag in TAGS or word in ACTIONS or word in TIMED_ACTIONS
