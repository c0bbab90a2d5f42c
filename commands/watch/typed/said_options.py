"""What was said in options, and the nearest known word to one that is not known. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.state.limits import Rules

CLOSE_ENOUGH = 70


@dataclass(slots=True)
class Options:
    """What was said, by the names of the fields of `Watch`; and the words that are left."""

    said: dict[str, Any] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


Reader = Callable[[Sequence[str], Options, Rules], int]
"""Takes what follows a keyword and says how many words it took."""


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that somebody probably meant, or nothing."""
    match = process.extractOne(word.lower(), sorted(known), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return str(match[0]) if match else ""


def refuse_unknown(words: Sequence[str], known: Sequence[str]) -> None:
    """`UserError` for the first word that is left, with the nearest one that is known."""
    for word in words:
        meant = nearest(word, known)
        hint = f"Did you mean `{meant}`?" if meant else f"I know {', '.join(f'`{each}`' for each in sorted(known))}."
        raise UserError(f"`{quoted(word)}` is no word that I know here.", hint)
