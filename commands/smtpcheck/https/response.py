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


def parse_response(data: bytes, *, ended: bool, head_only: bool = False) -> Response | None:
    """The response, or None while more has to come; `MALFORMED` when nothing could make it one.

    `ended`: the server has closed the connection. Interim responses (1xx) are passed over. `head_only` takes the
    response for whole when its head is, and its body for empty.
    """
    while True:
        if not data.startswith(_PROBE[: len(data)]):
            return MALFORMED
        head, blank, rest = data.partition(b"\r\n\r\n")
        if not blank:
            return MALFORMED if ended else None
        first, *lines = head.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None:
            return MALFORMED
        if not status[1].startswith(b"1"):
            number, fields = int(status[1]), _fields(lines)
            return Response(number, fields, b"") if head_only else _with_body(number, fields, rest, ended=ended)
        data = rest


def _fields(lines: list[bytes]) -> dict[str, str]:
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    fields: dict[str, str] = {}
    for name, _, value in pairs:
        fields.setdefault(name.lower(), value.strip(" \t"))
    return fields


def _with_body(status: int, fields: Mapping[str, str], rest: bytes, *, ended: bool) -> Response | None:
    if status in {204, 304}:
        return Response(status, fields, b"")
    unfinished = MALFORMED if ended else None
    if "transfer-encoding" in fields:
        if fields["transfer-encoding"].lower() != "chunked":
            return MALFORMED
        body, complete = _unchunked(rest)
        return MALFORMED if body is None else Response(status, fields, body) if complete else unfinished
    if "content-length" in fields:
        if not _LENGTH.fullmatch(fields["content-length"]):
            return MALFORMED
        length = int(fields["content-length"])
        return Response(status, fields, rest[:length]) if len(rest) >= length else unfinished
    return Response(status, fields, rest) if ended else None


def _unchunked(data: bytes) -> tuple[bytes | None, bool]:
    """The body so far and whether it is complete; None when the chunks are broken. Trailers are not read."""
    pieces: list[bytes] = []
    while True:
        line, end, rest = data.partition(b"\r\n")
        if not end:
            return b"".join(pieces), False
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            return None, False
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces), True
        if len(rest) < length + 2:
            return b"".join(pieces), False
        if rest[length : length + 2] != b"\r\n":
            return None, False
        pieces.append(rest[:length])
        data = rest[length + 2 :]
