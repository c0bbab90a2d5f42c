"""What is to be checked for `/pmta`, and what comes of it: the report, the mended text and the claims of a config.

A config of 10 MB takes seconds and hundreds of megabytes, so what comes of it is small, whatever was sent: the
weightiest findings, the rest counted, and the mended text compressed.
"""

import asyncio
import zlib
from dataclasses import dataclass

from commands.contract import Attachment
from commands.pmta.facts import Facts
from commands.pmta.fixes import Changes, edited_mask, is_fixable, listing, reflowed
from commands.pmta.kept import kept
from commands.pmta.linter import examined
from commands.pmta.masking import Mask
from commands.pmta.model import Report
from commands.pmta.paste import Pasted, from_file
from commands.pmta.remembered import forget
from commands.pmta.text import LISTED

CLAIMS = 1000
"""Claims of each kind that are kept; DNS is asked about 200."""

LONG = 200_000
"""Characters: the tree of a longer text takes memory that is worth giving back."""

CLIPPED = 400
"""Characters of a line in the list of what was mended."""


@dataclass(frozen=True, slots=True)
class Order:
    """A text, or the bytes of a file that nobody has looked at yet. `keep`: its masked text is wanted, too."""

    given: Pasted | Attachment
    version: str = "5.0"
    fragment: bool | None = None
    keep: bool = False

    @property
    def size(self) -> int:
        """Bytes of a file, characters of a text."""
        return len(self.given.content if isinstance(self.given, Attachment) else self.given.text)


@dataclass(frozen=True, slots=True)
class Studied:
    """`packed` is the mended text, empty where there is nothing to mend, with its secrets covered.

    `kept` is what may be stored of the text, "" unless a setting asks for it. `changed` lists what was mended, a line
    of text each.
    """

    report: Report
    packed: bytes
    changed: tuple[str, ...]
    claims: Facts
    kept: str = ""

    @property
    def is_checkable(self) -> bool:
        """Whether there is something to ask the world about."""
        claims = self.claims
        return bool(claims.source_hosts or claims.signing_keys or claims.relays or claims.listeners)


@dataclass(frozen=True, slots=True)
class Turn:
    """An order that was taken: how many large configs are checked `before` it, and what comes of it."""

    before: int
    answer: asyncio.Future[Studied]


def packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1) if text else b""


def unpacked(content: bytes) -> bytes:
    """The text as UTF-8."""
    return zlib.decompress(content) if content else b""


def studied(order: Order) -> Studied:
    """Takes as long as the text is long. Raises UserError for a file that is no config."""
    pasted = from_file(order.given) if isinstance(order.given, Attachment) else order.given
    version, fragment, keep = order.version, order.fragment, order.keep
    del order  # the bytes of a file may go once they are text
    text = pasted.text
    report, claims, mask = examined(text, version=version, fragment=fragment, undone=pasted.undone, most=CLAIMS)
    if len(text) > LONG:
        forget()  # with the tree its memory goes, before further texts are made
    fixed, changed = _mended(report, mask) if is_fixable(report) else (b"", ())
    return Studied(report.cut(LISTED), fixed, changed, claims, kept(text, version) if keep else "")


def _mended(report: Report, mask: Mask) -> tuple[bytes, tuple[str, ...]]:
    """The mended text and what was mended in it."""
    after = edited_mask(report, mask)
    changed = tuple(line[:CLIPPED] for line in listing(Changes(report, mask, after)))
    return packed(mask.covered(reflowed(after.text) if report.reflowed else after)), changed


class InThread:
    """Checks in a thread of this process: for what is known to be small."""

    def submit(self, order: Order) -> Turn:
        return Turn(0, asyncio.ensure_future(asyncio.to_thread(studied, order)))

    def warm_up(self) -> None:
        """There is nothing to start."""
