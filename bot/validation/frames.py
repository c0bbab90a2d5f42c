"""Frames on a pipe: how many parts, how long each is, the parts. Whoever reads refuses more than it expects."""

import os
import struct
from collections.abc import Sequence

_COUNT = struct.Struct(">B")
_LENGTH = struct.Struct(">Q")
PIECE = 1 << 20


class BrokenFrameError(Exception):
    """The other end is gone, or says what it never should."""


def write(pipe: int, parts: Sequence[bytes]) -> None:
    """Raises OSError when nobody reads any more."""
    head = _COUNT.pack(len(parts)) + b"".join(_LENGTH.pack(len(part)) for part in parts)
    for part in (head, *parts):
        left = memoryview(part)
        while left:
            left = left[os.write(pipe, left[:PIECE]) :]


def read(pipe: int, longest: int) -> list[bytes] | None:
    """The parts of the next frame, None at the end of the pipe. Raises BrokenFrameError in the middle of one."""
    first = os.read(pipe, _COUNT.size)
    if not first:
        return None
    lengths = [_LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0] for _ in range(first[0])]
    if sum(lengths) > longest:
        raise BrokenFrameError(f"a frame of {sum(lengths)} bytes")
    return [_exactly(pipe, length) for length in lengths]


def _exactly(pipe: int, length: int) -> bytes:
    pieces, left = [], length
    while left:
        piece = os.read(pipe, min(left, PIECE))
        if not piece:
            raise BrokenFrameError(f"{left} of {length} bytes are missing")
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
