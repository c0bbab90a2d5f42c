"""Answers that are none of Slack's: a proxy's page, bytes that are no JSON, a connection that ends half-way."""

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from aiohttp import web

NO_LINGER = struct.pack("ii", 1, 0)


class End(Enum):
    """How an answer ends: whole, before its first byte, or after a part of its body."""

    WHOLE = "whole"
    RESET = "reset"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Raw:
    """What is sent in place of an answer, as it is. `done`: the call is carried out before."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    end: End = End.WHOLE
    done: bool = False


class OddAnswer(Exception):  # noqa: N818 - no error: the test asked for it
    """Raised where a call would have been carried out."""

    def __init__(self, raw: Raw) -> None:
        super().__init__(raw.end.value)
        self.raw = raw


async def play(raw: Raw, request: web.Request) -> web.StreamResponse:
    """Send it; a reset connection gets nothing, and what is cut promises more than it sends."""
    if raw.end is End.RESET:
        _reset(request)
        return web.Response()
    response = web.StreamResponse(status=raw.status, headers={**raw.headers, "Content-Type": raw.content_type})
    if raw.end is End.CUT:
        response.content_length = len(raw.body) + 100
    await response.prepare(request)
    await response.write(raw.body)
    if raw.end is End.CUT:
        _reset(request)
    else:
        await response.write_eof()
    return response


def _reset(request: web.Request) -> None:
    """End the connection with RST instead of FIN: what is not read yet is lost."""
    if request.transport is None:
        return
    sock = request.transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    request.transport.abort()
