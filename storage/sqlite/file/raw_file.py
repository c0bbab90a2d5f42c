"""The pages of a database file as its last commit left them, and the rows on them, read without SQLite.

Nothing is changed, and any bytes will do: what is damaged costs what stands in it. Of the WAL each frame is believed
that its own checksum vouches for, of a file each page counts for itself. Source: sqlite.org, fileformat2.html, sections
1.6 (b-tree pages), 2.1 (records) and 4 (the WAL).
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from storage.sqlite.file.format import (
    FRAME_HEADER,
    HEADER,
    WAL_HEADER,
    WAL_MAGIC,
    page_size_of,
    wal_checksum,
    wrong_header,
)

USUAL_PAGE_SIZE = 4096
PAGE_SIZES = tuple(512 << power for power in range(8))
_TRIED = 8 * 1024 * 1024
"""Bytes that are looked at to tell the size of a page."""


class RawPages:
    """Pages by number, from 1; `size` in bytes, where the header is not to be believed. Raises OSError."""

    def __init__(self, path: Path, size: int = 0) -> None:
        self._file = path.open("rb")
        wal = Path(f"{path}-wal")
        self._wal = wal.open("rb") if wal.exists() else None
        header = self._file.read(HEADER)
        sound = not wrong_header(header)
        logged = self._wal_header()
        by_wal = int.from_bytes(logged[8:12])
        by_header = page_size_of(header) if sound else 0
        self.size = size or by_header or (by_wal if by_wal in PAGE_SIZES else USUAL_PAGE_SIZE)
        self.usable = self.size - (header[20] if sound else 0)
        self._frames: dict[int, int] = {}
        length = path.stat().st_size
        self.count = -(-length // self.size)
        self.vouched = by_wal == self.size or length == self.size * int.from_bytes(header[28:32])
        """Whether the size of a page is told by more than one place."""
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
        return header if int.from_bytes(header[:4]) in WAL_MAGIC else b""

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
        order, seed = WAL_MAGIC[int.from_bytes(header[:4])], struct.unpack(">II", header[24:32])
        place = WAL_HEADER
        while self._wal:
            self._wal.seek(place)
            frame = self._wal.read(FRAME_HEADER + self.size)
            if len(frame) < FRAME_HEADER + self.size or frame[8:16] != header[16:24]:
                return
            page, committed = struct.unpack(">II", frame[:8])
            expected = struct.unpack(">II", frame[16:24])
            if wal_checksum(frame[:8] + frame[FRAME_HEADER:], seed, order) == expected and page:
                yield page, committed, place + FRAME_HEADER
            seed = expected  # so that a damaged frame costs itself alone, or itself and the next one
            place += len(frame)


INTERIOR_INDEX, LEAF_INDEX, LEAF_TABLE = 0x02, 0x0A, 0x0D
_FIXED: Sequence[int] = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of the values whose serial type is below ten."""


class RawRow(NamedTuple):
    """`rowid` is None on the page of an index, or of a table without rowid."""

    rowid: int | None
    values: tuple[Any, ...]


class _Payload(NamedTuple):
    rowid: int | None
    length: int
    start: int


def rows_on(pages: RawPages, number: int) -> Iterator[RawRow | None]:
    """Each row that begins on this page; None for one that cannot be read. Nothing for a page of another kind."""
    page = pages[number]
    head = 100 if number == 1 else 0
    kind = page[head]
    if kind not in {INTERIOR_INDEX, LEAF_INDEX, LEAF_TABLE}:
        return
    (cells,) = struct.unpack_from(">H", page, head + 3)
    begin = head + (12 if kind == INTERIOR_INDEX else 8)
    for pointer in range(begin, min(begin + 2 * cells, len(page) - 1), 2):
        (place,) = struct.unpack_from(">H", page, pointer)
        try:
            yield _row(pages, page, kind, place)
        except (IndexError, ValueError, struct.error, OverflowError):
            yield None


def pages_of(path: Path) -> RawPages:
    """The pages, of the size that most rows can be read with where the header's is in doubt."""
    pages = RawPages(path)
    if pages.vouched:
        return pages
    best, most = pages.size, -1
    for size in (pages.size, *PAGE_SIZES):
        with closing(RawPages(path, size)) as tried:
            found = _readable(tried)
        if found > most:
            best, most = size, found
    pages.close()
    return RawPages(path, best)


def _readable(pages: RawPages) -> int:
    numbers = range(1, min(pages.count, _TRIED // pages.size) + 1)
    return sum(row is not None for number in numbers for row in rows_on(pages, number))


def _row(pages: RawPages, page: bytes, kind: int, place: int) -> RawRow:
    cell = _payload(page, kind, place)
    return RawRow(cell.rowid, _record(_content(pages, page, kind, cell)))


def _payload(page: bytes, kind: int, place: int) -> _Payload:
    length, place = _varint(page, place + (4 if kind == INTERIOR_INDEX else 0))
    if kind != LEAF_TABLE:
        return _Payload(None, length, place)
    rowid, place = _varint(page, place)
    return _Payload(rowid - (1 << 64) if rowid >> 63 else rowid, length, place)


def _content(pages: RawPages, page: bytes, kind: int, cell: _Payload) -> bytes:
    """The record, with what of it stands on overflow pages."""
    usable = pages.usable
    if cell.length > pages.count * usable:
        raise ValueError("longer than the file")
    most = usable - 35 if kind == LEAF_TABLE else (usable - 12) * 64 // 255 - 23
    local = cell.length
    if local > most:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (cell.length - least) % (usable - 4)
        local = least if local > most else local
    content = [page[cell.start : cell.start + local]]
    missing, following = cell.length - local, page[cell.start + local : cell.start + local + 4]
    while missing > 0:
        number = int.from_bytes(following)
        if not 0 < number <= pages.count:
            raise ValueError("no such page")
        more = pages[number]
        content.append(more[4 : min(usable, missing + 4)])
        missing, following = missing - (usable - 4), more[:4]
    return b"".join(content)


def _record(content: bytes) -> tuple[Any, ...]:
    length, place = _varint(content, 0)
    values, at = [], length
    while place < length:
        kind, place = _varint(content, place)
        value, at = _value(content, kind, at)
        values.append(value)
    if place != length or at != len(content):
        raise ValueError("not all of the record is there")
    return tuple(values)


def _value(content: bytes, kind: int, at: int) -> tuple[Any, int]:
    if kind in {10, 11}:
        raise ValueError("no such type")
    size = _FIXED[kind] if kind < 10 else (kind - 12) // 2
    raw = content[at : at + size]
    if len(raw) != size:
        raise ValueError("the value is cut")
    return _made(kind, raw), at + size


def _made(kind: int, raw: bytes) -> Any:
    if kind == 0:
        return None
    if kind == 7:
        return struct.unpack(">d", raw)[0]
    if kind in {8, 9}:
        return kind - 8
    if kind < 7:
        return int.from_bytes(raw, signed=True)
    return raw.decode() if kind % 2 else raw


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """A number of up to nine bytes, and where it ends."""
    number = 0
    for count in range(8):
        byte = content[place + count]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + count + 1
    return number << 8 | content[place + 8], place + 9
