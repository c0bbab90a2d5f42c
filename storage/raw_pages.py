"""The pages of a database file as its last commit left them, read without SQLite and without a change to anything.

What is damaged costs what stands in it: of the WAL each frame is believed that its own checksum vouches for, of a file
each page counts for itself. Source: sqlite.org, fileformat2.html.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from storage.file_format import FRAME_HEADER, HEADER, WAL_HEADER, page_size_of, wrong_header

USUAL_PAGE_SIZE = 4096
_WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""In which byte order the words of a WAL are added up."""


class RawPages:
    """Pages by number, from 1. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        wal = Path(f"{path}-wal")
        self._wal = wal.open("rb") if wal.exists() else None
        header = self._file.read(HEADER)
        sound = not wrong_header(header)
        logged = self._wal_header()
        self.size = page_size_of(header) if sound else page_size_of(b"\0" * 16 + logged[10:12]) or USUAL_PAGE_SIZE
        self.usable = self.size - (header[20] if sound else 0)
        self._frames: dict[int, int] = {}
        self.count = -(-path.stat().st_size // self.size)
        if len(logged) == WAL_HEADER:
            self._overlay(logged)

    def __getitem__(self, number: int) -> bytes:
        """The page; what is missing at the end of the file is zeros."""
        place = self._frames.get(number)
        if place is not None and self._wal:
            self._wal.seek(place)
            return self._wal.read(self.size)
        self._file.seek((number - 1) * self.size)
        return self._file.read(self.size).ljust(self.size, b"\0")

    def close(self) -> None:
        self._file.close()
        if self._wal:
            self._wal.close()

    def free(self) -> frozenset[int]:
        """The numbers of pages that are not in use: what once stood there is nobody's any more."""
        found: set[int] = set()
        trunk = int.from_bytes(self[1][32:36])
        while 0 < trunk <= self.count and trunk not in found:
            page = self[trunk]
            found.add(trunk)
            leaves = min(int.from_bytes(page[4:8]), self.size // 4 - 2)
            found.update(struct.unpack_from(f">{leaves}I", page, 8))
            trunk = int.from_bytes(page[:4])
        return frozenset(found)

    def _wal_header(self) -> bytes:
        header = self._wal.read(WAL_HEADER) if self._wal else b""
        return header if int.from_bytes(header[:4]) in _WAL_MAGIC else b""

    def _overlay(self, header: bytes) -> None:
        """What was committed stands in the WAL until it is copied into the file."""
        waiting: dict[int, int] = {}
        for page, committed, place in self._sound_frames(header):
            waiting[page] = place
            if committed:
                self._frames |= waiting
                waiting.clear()
                self.count = max(self.count, committed)

    def _sound_frames(self, header: bytes) -> Iterator[tuple[int, int, int]]:
        """Page, pages of the database if the frame ends a transaction, and where its content stands."""
        order, seed = _WAL_MAGIC[int.from_bytes(header[:4])], struct.unpack(">II", header[24:32])
        place = WAL_HEADER
        while self._wal:
            self._wal.seek(place)
            frame = self._wal.read(FRAME_HEADER + self.size)
            if len(frame) < FRAME_HEADER + self.size or frame[8:16] != header[16:24]:
                return
            page, committed = struct.unpack(">II", frame[:8])
            expected = struct.unpack(">II", frame[16:24])
            if _checksum(frame[:8] + frame[FRAME_HEADER:], seed, order) == expected and page:
                yield page, committed, place + FRAME_HEADER
            seed = expected  # so that a damaged frame costs itself alone, or itself and the next one
            place += len(frame)


def _checksum(content: bytes, seed: tuple[int, ...], order: str) -> tuple[int, int]:
    one, other = seed
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other
