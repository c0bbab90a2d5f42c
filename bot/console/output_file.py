"""Files that somebody names to be written: never one that waits for a reader."""

import os
from contextlib import suppress
from pathlib import Path

from bot.console.input_file import reason
from commands.contract import UserError


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
