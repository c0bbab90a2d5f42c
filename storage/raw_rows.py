"""The rows that stand on a page of a SQLite file, read without SQLite: total over any bytes.

Source: sqlite.org, fileformat2.html, sections 1.6 (b-tree pages), 2.1 (records).
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from storage.raw_pages import RawPages

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
