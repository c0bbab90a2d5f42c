"""Words that choose watches. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spanish import folded
from commands.watch.state.selector import STANDINGS, TAG, Selector
from commands.words import channel_of

SCOPES = {"mine": "mine", "my": "mine", "all": "all", "everything": "all", "here": "here"}
STATES = {**{word: word for word in STANDINGS}, "failing": "down", "open": "down", "up": "healthy", "silent": "quiet"}
_CHANNEL = re.compile(r"#.+|[CG][A-Z0-9]{7,39}")
_NAME = re.compile(r"w-[a-z0-9]{5,20}|(?=.*[a-z:])[a-z0-9_-]+(?:[.][a-z0-9_-]+)+", re.IGNORECASE)
"""An id, or a host: what a reason begins with is none of them, or stands behind `because`."""
_AND = frozenset({"and", "&", "y"})
_BEFORE_TAG = frozenset({"with", "tagged", "having", "of", "con", "de"})
"""`mute all with tag:prod 2h` is about those of the tag, and never about all."""

_PATTERN = re.compile(r"[a-z0-9*._-]*\*[a-z0-9*._-]*")


def read_selector(
    words: Sequence[str], *, freely: bool = False, found: Selector | None = None
) -> tuple[Selector | None, int]:
    """What the first words choose, and how many they are; (None, 0) where the first one chooses nothing.

    Behind the first one only `tag:` and `*` are taken, unless `freely`: a reason may begin with `all` or `down`.
    `found` is what words further in front chose.
    """
    names, taken = names_of(words)
    if found is None and len(names) > 1:
        return Selector(named=names), taken
    found, used = found or Selector(), 0
    while used < len(words):
        if used and words[used].lower() in _BEFORE_TAG and words[used + 1 : used + 2] and _is_tag(words[used + 1]):
            used += 1
        more, taken = _taken(found, words[used:])
        if more is None or (used and not freely and not _is_plain(words[used])):
            break
        found, used = more, used + taken
    return (found, used) if used else (None, 0)


def names_of(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The watches that are named in front, each once, and how many words that is."""
    names: list[str] = []
    taken = 0
    for at, word in enumerate(words):
        if _NAME.fullmatch(word):
            names.append(word.lower())
            taken = at + 1
        elif word.lower() not in _AND:
            break
    return tuple(dict.fromkeys(names)), taken


def _is_plain(word: str) -> bool:
    return _is_tag(word) or "*" in word


def _is_tag(word: str) -> bool:
    return word.lower().startswith("tag:")


def _taken(found: Selector, words: Sequence[str]) -> tuple[Selector | None, int]:
    word = words[0].lower()
    if word == "not" and words[1:2] == ["seen"]:
        return _once(found, "standing", "unseen"), 2
    if word in SCOPES:
        return _once(found, "scope", SCOPES[word]), 1
    if word in STATES:
        return _once(found, "standing", STATES[word]), 1
    if word.startswith("tag:"):
        return replace(found, tags=(*found.tags, tag_of(word.removeprefix("tag:")))), 1
    if _PATTERN.fullmatch(word):
        return _once(found, "pattern", word), 1
    if _CHANNEL.fullmatch(words[0]):
        return _once(found, "scope", channel_of(words[0])), 1
    return None, 0


def _once(found: Selector, name: str, value: str) -> Selector:
    said, more = getattr(found, name), _with(found, name, value)
    if said not in {"", value}:
        lines = [f"list {one.text}" for one in (found, more)]
        raise UserError(f"`{said}` or `{value}`: which?", "Say one of them.", lines)
    return more


def _with(found: Selector, name: str, value: str) -> Selector:
    fields: dict[str, Any] = {name: value}
    return replace(found, **fields)


def tag_of(word: str) -> str:
    """Without accents, as it is typed later. `UserError` for what is no tag."""
    tag = folded(word).removeprefix("tag:")
    if not TAG.fullmatch(tag):
        raise UserError(
            f"`{quoted(word)}` is not a tag.", "A tag has letters, digits, `-` and `_`, at most 30: `prod`, `eu-west`."
        )
    return tag
