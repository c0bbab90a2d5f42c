"""What SQLite documents of its files, as far as it is certain whoever writes them.

Sources: sqlite.org, fileformat2.html (the header, the WAL) and walformat.html (the WAL index, for one machine, in its
own byte order).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HEADER = 100
WAL_HEADER = 32
FRAME_HEADER = 24
INDEX_HEADER = 120
"""Bytes of the WAL index that are read: its header, twice, and how far the WAL was copied into the file."""

_MAGIC = b"SQLite format 3\x00"
_FRACTIONS = b"\x40\x20\x20"
_INDEX_VERSION = 3007000
_INDEX = struct.Struct("=IIIBBHII")
_BACKFILLED = struct.Struct("=I")


def wrong_header(header: bytes) -> str:
    """What can be in no database, in a few words; "" for a header that can be.

    Only what nobody ever changes: neither a checkpoint nor VACUUM nor another schema.
    """
    size = page_size_of(header)
    if len(header) < HEADER:
        return f"it has only {len(header)} bytes"
    if not header.startswith(_MAGIC):
        return "it does not begin as a database does"
    sound = (
        512 <= size <= 65536 and size & (size - 1) == 0,
        header[18] in {1, 2} and header[19] in {1, 2},
        header[21:24] == _FRACTIONS,
        int.from_bytes(header[44:48]) <= 4 and int.from_bytes(header[56:60]) <= 3,
        header[72:92] == bytes(20),
    )
    return "" if all(sound) else "its header holds impossible values"


def page_size_of(header: bytes) -> int:
    """Bytes of a page; 1 stands for 65,536."""
    size = int.from_bytes(header[16:18])
    return 65536 if size == 1 else size


class WalState(NamedTuple):
    """How a database and its WAL stand: `pages` of the database, `frames` of the WAL, of which `copied` are in it."""

    page_size: int
    frames: int
    pages: int
    copied: int

    @property
    def wal_size(self) -> int:
        """The bytes that the WAL has at least."""
        return WAL_HEADER + self.frames * (FRAME_HEADER + self.page_size) if self.frames else 0


def wal_state(index: bytes) -> WalState | None:
    """From the beginning of the WAL index; None while somebody writes it, or if it is of another make."""
    first, second = index[:48], index[48:96]
    if len(index) < INDEX_HEADER or first != second:
        return None
    version, _, _, initialised, _, size, frames, pages = _INDEX.unpack_from(first)
    if version != _INDEX_VERSION or not initialised:
        return None
    (copied,) = _BACKFILLED.unpack_from(index, 96)
    return WalState((size & 0xFE00) + ((size & 1) << 16), frames, pages, copied)


def pages_needed(wal: Path, state: WalState) -> int:
    """How many pages the database file must have by itself: up to the last one that does not stand in the WAL."""
    logged = set(_pages_logged(wal, state))
    return next((page for page in range(state.pages, 0, -1) if page not in logged), 0)


def _pages_logged(wal: Path, state: WalState) -> Iterator[int]:
    with wal.open("rb") as file:  # SQLite has no locks on this one
        for frame in range(state.copied, state.frames):
            file.seek(WAL_HEADER + frame * (FRAME_HEADER + state.page_size))
            yield int.from_bytes(file.read(4))
