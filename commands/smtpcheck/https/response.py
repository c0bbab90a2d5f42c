"""An HTTP/1.1 response from the bytes that came so far. Pure and total.

Source: RFC 9112 sections 4 (status line), 5 (fields), 6 (length of the body), 7.1 (chunks).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response. Names of `fields` are in lower case; the first of a name counts."""

    status: int
    fields: Mapping[str, str]
    body: bytes


MALFORMED: Final = Response(0, {}, b"")
"""Stands for bytes that are no HTTP response."""

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?")
_LENGTH = re.compile(r"[0-9]{1,9}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,6})[ \t]*(?:;[^\r\n]*)?")
_PROBE = b"HTTP/1."


_LINE_MOST = 256
"""Octets of the line that tells a chunk's size; RFC 9112 section 7.1.1 lets a recipient bound its extensions."""


class ResponseParser:
    """Reads a response piece by piece, each octet once: a server that drips costs no more than one that does not.

    `head_only` takes the response for whole when its head is, and its body for empty.
    """

    def __init__(self, *, head_only: bool = False) -> None:
        self._head_only = head_only
        self._unread = bytearray()
        self._searched = 0
        self._body = bytearray()
        self._status = 0
        self._fields: dict[str, str] = {}

    def feed(self, piece: bytes, *, ended: bool) -> Response | None:
        """The response, or None while more has to come; `MALFORMED` when nothing could make it one.

        `ended`: the server has closed the connection. Interim responses (1xx) are passed over.
        """
        self._unread += piece
        while not self._status:
            read = self._read_head()
            if read is not True:
                return MALFORMED if read is None or ended else None
        if self._head_only or self._status in {204, 304}:
            return self._whole()
        return self._read_body(ended=ended)

    def _read_head(self) -> bool | None:
        """Whether a head was there to be read; None for one that is none. An interim one leaves no status."""
        if not self._unread.startswith(_PROBE[: len(self._unread)]):
            return None
        end = self._unread.find(b"\r\n\r\n", self._searched)
        if end < 0:
            self._searched = max(0, len(self._unread) - 3)
            return False
        first, *lines = bytes(self._unread[:end]).split(b"\r\n")
        del self._unread[: end + 4]
        self._searched = 0
        status = _STATUS.fullmatch(first)
        if status is None:
            return None
        if not status[1].startswith(b"1"):
            self._status, self._fields = int(status[1]), _fields(lines)
        return True

    def _read_body(self, *, ended: bool) -> Response | None:
        unfinished = MALFORMED if ended else None
        if "transfer-encoding" in self._fields:
            if self._fields["transfer-encoding"].lower() != "chunked":
                return MALFORMED
            complete = self._read_chunks()
            return MALFORMED if complete is None else self._whole() if complete else unfinished
        self._body += self._unread
        self._unread.clear()
        if "content-length" not in self._fields:
            return self._whole() if ended else None
        if not _LENGTH.fullmatch(self._fields["content-length"]):
            return MALFORMED
        length = int(self._fields["content-length"])
        return self._whole(length) if len(self._body) >= length else unfinished

    def _read_chunks(self) -> bool | None:
        """Whether the last chunk was read; None when the chunks are broken. Trailers are not read."""
        while True:
            end = self._unread.find(b"\r\n", 0, _LINE_MOST)
            if end < 0:
                return None if len(self._unread) >= _LINE_MOST else False
            size = _CHUNK_SIZE.fullmatch(self._unread[:end])
            if size is None:
                return None
            length, begin = int(size[1], 16), end + 2
            if length == 0:
                return True
            if len(self._unread) < begin + length + 2:
                return False
            if self._unread[begin + length : begin + length + 2] != b"\r\n":
                return None
            self._body += self._unread[begin : begin + length]
            del self._unread[: begin + length + 2]

    def _whole(self, length: int | None = None) -> Response:
        return Response(self._status, self._fields, bytes(self._body[:length]))


def parse_response(data: bytes, *, ended: bool, head_only: bool = False) -> Response | None:
    """The response in bytes that came at once: see `ResponseParser.feed`."""
    return ResponseParser(head_only=head_only).feed(data, ended=ended)


def _fields(lines: list[bytes]) -> dict[str, str]:
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    fields: dict[str, str] = {}
    for name, _, value in pairs:
        fields.setdefault(name.lower(), value.strip(" \t"))
    return fields
