"""Words of a line that know how it goes on: a reason and a URL keep their commas, which part words elsewhere. Pure."""

import re

_WORD = re.compile(r"[^\s,;]+")


class Word(str):
    """A word that was typed, and the text from it on; `marked`: a comma or a colon stands before it."""

    __slots__ = ("marked", "onward")
    onward: str
    marked: bool


def split(text: str) -> list[Word]:
    return [_word(match) for match in _WORD.finditer(text)]


def _word(match: re.Match[str]) -> Word:
    word = Word(match[0])
    word.onward = match.string[match.start() :]
    word.marked = match.string[: match.start()].rstrip().endswith((",", ":", ";"))
    return word


def whole(word: str) -> tuple[str, int]:
    """What was typed up to the next blank, without a comma at its end, and how many words of the line that is."""
    text = word.onward.split(None, 1)[0].rstrip(",;") if isinstance(word, Word) else word
    return text, len(_WORD.findall(text))
