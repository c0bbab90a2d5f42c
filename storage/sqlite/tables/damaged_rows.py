"""Rows of the file made into values, each by itself: one that is damaged takes no other with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from storage.entries import Entry, IsDocument
from storage.queries import Found
from storage.sqlite.tables.documents import Unvouched

T = TypeVar("T")


class DamagedRowError(Exception):
    """A row holds what nobody wrote."""

    def __init__(self) -> None:
        super().__init__("a row holds what nobody wrote")


def found(decode: Callable[[Sequence[Any]], T], rows: Iterable[Sequence[Any]]) -> Found[T]:
    """The values of all rows that can be read."""
    kept = list(rows)
    try:
        return Found(map(decode, kept))
    except Exception:  # noqa: BLE001 - one of them: each by itself
        return _each(decode, kept)


def _each(decode: Callable[[Sequence[Any]], T], rows: Iterable[Sequence[Any]]) -> Found[T]:
    values: Found[T] = Found()
    for row in rows:
        try:
            values.append(only(decode, row))
        except DamagedRowError:
            values.damaged += 1
    return values


def sound(decode: Callable[[Sequence[Any]], T], rows: Iterable[Sequence[Any]]) -> Iterator[T]:
    """The values of rows that can be read, one after another; the others are passed over."""
    for row in rows:
        yield from _each(decode, [row])


def only(decode: Callable[[Sequence[Any]], T], row: Sequence[Any]) -> T:
    """The value of one row. Raises `DamagedRowError`."""
    try:
        return decode(row)
    except DamagedRowError:
        raise
    except Exception as error:  # decoders are pure: whatever they raise comes from the row
        raise DamagedRowError from error


def shaped(rows: Found[Entry], is_document: IsDocument) -> Found[Entry]:
    """The entries whose documents are what their kind says; those with a checksum are what was written."""
    if not any(isinstance(row.document, Unvouched) for row in rows):
        return rows
    kept = Found(row for row in rows if _is_sound(row, is_document))
    kept.damaged = rows.damaged + len(rows) - len(kept)
    return kept


def only_shaped(row: Entry | None, is_document: IsDocument) -> Entry | None:
    """The entry. Raises `DamagedRowError`."""
    if row is not None and not _is_sound(row, is_document):
        raise DamagedRowError
    return row


def _is_sound(row: Entry, is_document: IsDocument) -> bool:
    return not isinstance(row.document, Unvouched) or is_document(row.kind, row.document)


def text_or_bytes(raw: bytes) -> str | bytes:
    """As `text_factory` of a connection: what is no UTF-8 comes as bytes, which no decoder of ours takes for a text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
