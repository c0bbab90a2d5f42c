"""Secrets in a PowerMTA config, covered in every notation before anything else sees it.

Which settings hold one is said by the column `secret` of `language/directives.py`. What people call passwords
otherwise, and what looks like one, is `commands.secrets`, which serves questions, too.
"""

import re

from commands.pmta.harmless_words import is_plain
from commands.pmta.language.settings import Catalogue
from commands.pmta.unread import Unread
from commands.secrets import masking
from commands.secrets.free_text import is_name
from commands.secrets.masking import STARS
from commands.secrets.names import call_of, end_of_name
from commands.secrets.shapes import Span, is_random
from commands.secrets.spans import Found, joined
from commands.secrets.statements import NoSettings, Settings

__all__ = ["STARS", "Mask", "asked", "masked", "masked_name", "spans"]

_NAME_PARTS = re.compile(r"([\s_.,=:?&@/-]+)")
_OF_PAIRS = re.compile(r"\w[:=](?!\\)")
_NAME = re.compile(r"<?[A-Za-z][A-Za-z\d-]{1,40}>?")
LEAST = 3
"""Letters of a part of a name that may be a secret."""


class Mask(masking.Mask):
    """The secrets of one config, and pieces of it without them and without what nobody understands."""

    def __init__(self, text: str, settings: Settings | None = None, found: Found | None = None) -> None:
        super().__init__(text, settings or Catalogue(), found)
        self._unread = Unread(text, self.settings)

    def hidden(self, start: int, stop: int) -> list[Span]:
        found = self.within(start, stop)
        more = self._unread.within(start, stop)
        return joined(sorted([*found, *more])) if more else found


def masked(text: str) -> str:
    """The config with every secret covered by eight stars, whatever its length."""
    return masking.masked(text, Catalogue())


def spans(text: str) -> list[Span]:
    """Where the secrets stand, in order and without overlap."""
    return masking.spans(text, Catalogue())


def masked_name(name: str, settings: Settings | None = None) -> str:
    """The name of a file without the secrets in it: of one that speaks of one or is a pair what evidently is none."""
    name = masking.masked(name, settings or Catalogue())
    parts = _NAME_PARTS.split(name)
    ends = [end_of_name(part) for part in parts]
    if not any(ends) and not any(call_of(part) for part in parts) and not _OF_PAIRS.search(name):
        return name
    return "".join(_part_of_name(part, end) for part, end in zip(parts, ends, strict=True))


def _part_of_name(part: str, end: int) -> str:
    if end:
        return f"{part[:end]}{STARS}"
    return part if len(part) < LEAST or is_name(part, is_plain) or is_plain(part) else STARS


def asked(name: str) -> str:
    """What somebody asked the manual of, to be repeated: a name, or nothing."""
    is_named = _NAME.fullmatch(name) and not is_random(name, wary=True)
    return name if is_named and masked_name(name, NoSettings()) == name else ""
