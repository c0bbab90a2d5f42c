"""Files that somebody names: read within bounds of size and time, and written without waiting for a reader.

A name may lead to a device that never ends, to a pipe that nobody writes to, to the memory of a process. Only regular
files are read, and the streams that shells name: `-`, `/dev/stdin`, and `/dev/fd/N` of `<(...)`.
"""

import errno
import os
import re
import select
import stat
import sys
from contextlib import suppress
from pathlib import Path

from commands.contract import UserError

STDIN = frozenset({"-", "/dev/stdin"})
SUBSTITUTED = re.compile(r"(?:/dev|/proc/self)/fd/[0-9]+")
SILENCE_S = 60.0
"""Seconds that what a shell puts in for `<(...)` may be silent, before its first byte and between two."""

PIECE = 1024 * 1024
NOT_REGULAR = "it is no regular file"
CHANGED = "it was changed while it was read"


class UnreadableError(Exception):
    """Why a file is not read, as half a sentence."""


def read_input(name: str, most: int, example: str) -> bytes:
    """The content of a file or stream that was named. Raises `UserError` with what to type instead."""
    try:
        return content_of(name, most)
    except UnreadableError as error:
        raise UserError(f"{name}: {error}.", example) from error


def content_of(name: str, most: int) -> bytes:
    """The content of a regular file or of a stream, at most so many bytes. Raises `UnreadableError`."""
    try:
        if name in STDIN:
            return _standard_input(most)
        handle = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            return _opened(handle, name, most)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise UnreadableError(reason(error)) from error


def is_stream(name: str) -> bool:
    """Whether a name stands for what comes in and not for a file that has a place."""
    return name in STDIN or bool(SUBSTITUTED.fullmatch(name))


def is_piped() -> bool:
    """Whether standard input is a pipe or a file, so that something stands there to be read."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):  # closed, or none at all
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def reason(error: OSError | ValueError) -> str:
    """What is wrong with a file, in the system's words."""
    said = error.strerror if isinstance(error, OSError) else "that is no path"
    return (said or "it cannot be read").rstrip(".")


def too_large(most: int) -> str:
    return f"it is larger than {most // 1024 // 1024} MB" if most >= PIECE else f"it is larger than {most // 1024} KiB"


def _opened(handle: int, name: str, most: int) -> bytes:
    state = os.fstat(handle)
    if stat.S_ISDIR(state.st_mode):
        raise UnreadableError(os.strerror(errno.EISDIR))
    if stat.S_ISREG(state.st_mode):
        return _regular(handle, state.st_size, most)
    if not is_stream(name) or not stat.S_ISFIFO(state.st_mode):
        raise UnreadableError(NOT_REGULAR)
    os.set_blocking(handle, True)
    return _all(handle, most, waits=True)


def _regular(handle: int, size: int, most: int) -> bytes:
    """Files under /proc say that they are empty and are not; of others less than there was is half a file."""
    if size > most:
        raise UnreadableError(too_large(most))
    content = _all(handle, most)
    if len(content) < size:
        raise UnreadableError(CHANGED)
    return content


def _standard_input(most: int) -> bytes:
    """Whoever types may take their time."""
    if sys.stdin is None:
        raise UnreadableError("standard input is closed")
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise UnreadableError(too_large(most))
    return content


def _all(handle: int, most: int, *, waits: bool = False) -> bytes:
    """Everything up to the end; `waits`: it may come piece by piece."""
    content, news = bytearray(), select.poll()
    news.register(handle, select.POLLIN)
    while len(content) <= most:
        if waits and not news.poll(SILENCE_S * 1000):
            raise UnreadableError(f"nothing came from it for {SILENCE_S:.0f} seconds")
        piece = os.read(handle, min(PIECE, most + 1 - len(content)))
        if not piece:
            return bytes(content)
        content += piece
    raise UnreadableError(too_large(most))


def write_output(name: str, content: bytes) -> None:
    """Write a file anew. Raises `UserError`; a pipe that nobody reads is one."""
    try:
        handle = os.open(
            name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o666
        )
        os.set_blocking(handle, True)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            _take_away(name)
            raise
    except (OSError, ValueError) as error:
        raise UserError(f"{name} cannot be written: {reason(error)}.") from error


def _take_away(name: str) -> None:
    """Half a file is worse than none. Devices stay."""
    with suppress(OSError):
        if Path(name).is_file():
            Path(name).unlink()
