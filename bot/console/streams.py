"""Standard output and standard error of the terminal, such that nothing printed is lost without a word.

Python loses it in three ways: a stream that the shell has closed is None, a disk that is full shows in whatever line
happens to flush, and a character that the encoding lacks is an error in the middle of a text.
"""

import codecs
import io
import os
import sys
from typing import TextIO

from bot.console.characters import escaped
from bot.console.files import reason

ESCAPED = "portero.escaped"
"""The error handler of the encoder: what the encoding lacks is written as JSON does."""


class OutputError(Exception):
    """Standard output takes nothing. No OSError: argparse swallows those, and so may others."""


class _Output(io.FileIO):
    def write(self, data: "bytes | memoryview") -> int:  # type: ignore[override]
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"The answer could not be written to standard output: {reason(error)}.") from error


class _Complaints(io.FileIO):
    def write(self, data: "bytes | memoryview") -> int:  # type: ignore[override]
        """Where nobody hears them, the exit status tells as much."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


def prepare_streams() -> None:
    """To be called once, first. Streams that somebody has put in the place of the process's own stay as they are."""
    codecs.register_error(ESCAPED, _as_numbers)
    _reserve_descriptors()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(_Output(1, "w", closefd=False), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(_Complaints(2, "w", closefd=False), sys.stderr, by_line=True)


def discard_output() -> None:
    """What still waits to be written is not tried again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_numbers(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(escaped, error.object[error.start : error.end])), error.end


def _reserve_descriptors() -> None:
    """A closed 0, 1 or 2 would be given to the next file or socket, and what is printed would go there."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest that is free; refuses what is written


def _stream(raw: io.FileIO, old: "TextIO | None", *, by_line: bool = False) -> io.TextIOWrapper:
    encoding = old.encoding if old is not None else "utf-8"
    lines = by_line or bool(old and old.line_buffering)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors=ESCAPED, line_buffering=lines)
