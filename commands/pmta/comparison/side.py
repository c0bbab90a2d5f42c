"""One of two configurations, as the comparisons see it, and what they find."""

from dataclasses import dataclass
from typing import Any

from commands.pmta.configuration.origin import Origin
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network, seconds
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.wording import Words
from commands.secrets.masking import Mask

OPENS, CLOSES = "opens", "closes"
KINDS = (OPENS, CLOSES, "queue", "key", "certificate", "vmta", "address", "pool", "list", "setting")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Change:
    """`subject` is what it is about, `old` and `new` its values, None where there is none. All are covered.

    `old_at` and `new_at` are `file:line`, "" where nothing stands for it.
    """

    kind: str
    subject: str
    old: str | None = None
    new: str | None = None
    old_at: str = ""
    new_at: str = ""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kind", "subject", "old", "new", "old_at", "new_at")}


class Side:
    def __init__(self, text: str, origin: Origin, mask: Mask) -> None:
        self.config = Config(text, complete=origin.is_complete)
        self.stanzas = Stanzas(self.config)
        self.words = Words(text, origin, mask)

    def at(self, one: Statement | None) -> str:
        return self.words.at(one) if one else ""

    def value(self, one: Statement | None) -> str | None:
        return self.words.value(one) if one else None

    def covered(self, word: str) -> str:
        """A name out of the config as it may be shown."""
        return self.words.name(word)


_SAME = {"true": "yes", "false": "no"}


def meant(value: str) -> str:
    """A value in the one way in which it is compared: `60m` is `1h`, `true` is `yes`, blanks round commas are none."""
    items = (bare(item.strip()) for item in " ".join(value.split()).replace(" ,", ",").split(","))
    return ",".join(map(_meant, items))


def _meant(item: str) -> str:
    time = seconds(item.lower())
    return _SAME.get(item.lower(), item) if time is None else f"{time} s"


def path(block: Block) -> str:
    """The tags round a setting, in the way in which they are compared: "" at the top level."""
    made = ""
    while block.parent is not None:
        made, block = f"<{block.tag} {place(block.argument)}>{made}", block.parent
    return made


def place(argument: str) -> str:
    """What a tag names, a network in the one way in which it is compared: `10/8` is `10.0.0.0/8`."""
    found = network(bare(argument))
    return bare(argument).lower() if found is None else str(found)
