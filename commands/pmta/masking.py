"""Secrets in a PowerMTA config, covered in every notation before anything else sees it.

Which settings hold one is said by the column `secret` of `language/directives.py`. What people call passwords
otherwise, and what looks like one, is `commands.secrets`, which serves questions, too.
"""

from commands.pmta.language.settings import Catalogue
from commands.pmta.unread import Unread, file_name
from commands.secrets import masking
from commands.secrets.masking import STARS
from commands.secrets.shapes import Span
from commands.secrets.spans import Found, joined
from commands.secrets.statements import Settings

__all__ = ["STARS", "Mask", "masked", "masked_name", "spans"]


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


def masked_name(name: str) -> str:
    """The name of a file, its secrets covered."""
    return file_name(name, Catalogue())


def spans(text: str) -> list[Span]:
    """Where the secrets stand, in order and without overlap."""
    return masking.spans(text, Catalogue())
