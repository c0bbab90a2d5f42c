r"""What the terminal is shown: the one place through which every line, table and document of the subcommands goes.

Servers, certificates, DNS, records, configs and file names are written by strangers. A terminal obeys control
characters: they hide a line, paint another, or make a link of one (OSC 8). So what has no picture of its own is printed
as its number, `\u001b`, the way JSON has it: that holds for text, JSON and CSV alike.
"""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from bot.console.characters import visible

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 110
"""Columns of pictures that no terminal gives a width to."""


def say(*lines: str, aside: bool = False) -> None:
    """Print lines, each of which stays one; `aside`, on standard error, where the answer alone is standard output."""
    _out(aside=aside).write("\n".join(map(one_line, lines)) + "\n")


def say_text(text: str, *, aside: bool = False) -> None:
    """Print a text of several lines."""
    _out(aside=aside).write(visible(text) + "\n")


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a JSON document; every string in it is read back as it was."""
    sys.stdout.write(visible(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n")


def mention(*lines: str) -> None:
    """Say on standard error what somebody at a terminal may want to know; a script hears nothing."""
    if sys.stderr.isatty():
        say(*lines, aside=True)


def complain(*lines: str) -> None:
    """Say on standard error what is wrong, and below it what to do."""
    sys.stderr.write("\n  ".join(one_line(line) for line in lines if line) + "\n")


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a table as lines, every cell below the one above it."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def hand_on(text: str, encoding: str) -> None:
    """A file of the user's, given back: to a program byte by byte, to a terminal as it may be shown."""
    if sys.stdout.isatty():
        sys.stdout.write(visible(text))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(encoding))
    sys.stdout.buffer.flush()


class Screen:
    """Standard output for those that write to a file."""

    def write(self, text: str) -> int:
        return sys.stdout.write(visible(text))


UNWRAPPED = 10_000
"""Columns of a pipe or a file: whoever reads it wraps for himself."""


def coloured(*, width: int | None = None) -> "Console":
    """Standard output: a terminal has colours and its own width, a pipe neither. It takes what is `harmless`."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and half of the subcommands need none

    return Console(highlight=False, width=width or (None if sys.stdout.isatty() else UNWRAPPED))


def watched(*, printing: bool) -> "Console | None":
    """Standard error, where somebody watches it; not while the answer is `printing` on the same terminal."""
    if not sys.stderr.isatty() or (printing and sys.stdout.isatty()):
        return None
    from rich.console import Console  # noqa: PLC0415 - as above

    return Console(stderr=True)


def harmless(value: Any) -> Any:
    """A document with every text in it as it may be shown, each on one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {name: harmless(one) for name, one in value.items()}
    return [harmless(one) for one in value] if isinstance(value, list) else value


def one_line(text: str) -> str:
    """A text that stays on its line."""
    return visible(text).replace("\r\n", "\n").replace("\n", "\\u000a")


def _out(*, aside: bool) -> TextIO:
    return sys.stderr if aside else sys.stdout
