"""A file that grows by whole lines: each is written at once and outlives the process, whichever way that ends.

One process at a time writes to it. What a killed one left of a line is cut off by the next.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from bot.console.files import NOT_REGULAR, reason
from commands.contract import UserError

LONGEST_LINE = 16 * 1024 * 1024


class AppendedFile:
    """Opened, and made where there is none. Every method raises `UserError` for what the disk or the file refuses."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            self._file = os.fdopen(_regular(name, flags), "r+b")
        except (OSError, ValueError) as error:
            raise UserError(f"{name} cannot be written: {reason(error)}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise UserError(f"{name}: another process writes to it.", "Let it end, or name another file.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def lines(self) -> Iterator[bytes]:
        """The whole lines that stand there. To be read to the end before anything is written."""
        whole = 0
        while (line := self._file.readline(LONGEST_LINE)).endswith(b"\n"):
            whole += len(line)
            yield line
        if len(line) == LONGEST_LINE:
            raise UserError(f"{self.name} holds a line that is longer than any of ours.", "Name another file.")
        os.ftruncate(self._file.fileno(), whole)

    def write(self, line: str) -> None:
        """Append a line, whole or not at all."""
        handle, rest = self._file.fileno(), line.encode()
        end = os.fstat(handle).st_size
        try:
            while rest:
                rest = rest[os.write(handle, rest) :]
        except OSError as error:
            os.ftruncate(handle, end)
            raise UserError(f"{self.name} cannot be written: {reason(error)}.") from error


def _regular(name: str, flags: int) -> int:
    handle = os.open(name, flags, 0o666)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise OSError(0, NOT_REGULAR)
