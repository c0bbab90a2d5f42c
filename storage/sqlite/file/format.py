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

WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""In which byte order the words of a WAL are added up."""

_MAGIC = b"SQLite format 3\x00"
_FRACTIONS = b"\x40\x20\x20"
_INDEX_VERSION = 3007000
_WAL_VERSION = 3007000
_INDEX = struct.Struct("=IIIBBHII2I8s")
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
    """How a database and its WAL stand: `pages` of the database, `frames` of the WAL, of which `copied` are in it.

    `sums` is the checksum of the last frame, `salts` what every frame repeats of the WAL's header.
    """

    page_size: int
    frames: int
    pages: int
    copied: int
    sums: tuple[int, int]
    salts: bytes

    @property
    def wal_size(self) -> int:
        """The bytes that the WAL has at least."""
        return self.place_of(self.frames + 1) if self.frames else 0

    def place_of(self, frame: int) -> int:
        """Where a frame begins in the WAL; they are counted from 1."""
        return WAL_HEADER + (frame - 1) * (FRAME_HEADER + self.page_size)


def wal_state(index: bytes) -> WalState | None:
    """From the beginning of the WAL index; None while somebody writes it, or if it is of another make."""
    first, second = index[:48], index[48:96]
    if len(index) < INDEX_HEADER or first != second:
        return None
    version, _, _, initialised, _, size, frames, pages, *sums, salts = _INDEX.unpack_from(first)
    if version != _INDEX_VERSION or not initialised:
        return None
    (copied,) = _BACKFILLED.unpack_from(index, 96)
    return WalState((size & 0xFE00) + ((size & 1) << 16), frames, pages, copied, (sums[0], sums[1]), salts)


def wrong_wal_header(header: bytes, state: WalState) -> str:
    """What in the header of the WAL would make SQLite throw all of it away after a crash; "" for nothing."""
    order = WAL_MAGIC.get(int.from_bytes(header[:4]))
    if order is None or len(header) < WAL_HEADER:
        return "its -wal does not begin as one does"
    version, size, _ = struct.unpack(">3I", header[4:16])
    sound = (
        version == _WAL_VERSION and size == state.page_size and header[16:24] == state.salts,
        wal_checksum(header[:24], (0, 0), order) == struct.unpack(">2I", header[24:32]),
    )
    return "" if all(sound) else "the header of its -wal is not the one that was written"


def is_frame(header: bytes, state: WalState) -> bool:
    """Whether these bytes can be the header of a frame of this WAL."""
    return len(header) == FRAME_HEADER and header[:4] != bytes(4) and header[8:16] == state.salts


def is_last_frame(header: bytes, state: WalState) -> bool:
    """Whether these bytes are the header of the frame that ends the last commit."""
    _, pages, *sums = struct.unpack(">2I8x2I", header) if len(header) == FRAME_HEADER else (0, 0, 0, 0)
    return is_frame(header, state) and pages == state.pages and tuple(sums) == state.sums


def wal_checksum(content: bytes, seed: tuple[int, ...], order: str) -> tuple[int, int]:
    """The sums of words of this byte order that a header or a frame of the WAL ends with."""
    one, other = seed
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other


def pages_needed(wal: Path, state: WalState) -> int:
    """How many pages the database file must have by itself: up to the last one that does not stand in the WAL."""
    logged = set(_pages_logged(wal, state))
    return next((page for page in range(state.pages, 0, -1) if page not in logged), 0)


def _pages_logged(wal: Path, state: WalState) -> Iterator[int]:
    with wal.open("rb") as file:  # SQLite has no locks on this one
        for frame in range(state.copied, state.frames):
            file.seek(WAL_HEADER + frame * (FRAME_HEADER + state.page_size))
            yield int.from_bytes(file.read(4))
