"""Private key files of this host, read for `portero pmta --live`: only their public half leaves this module."""

import os
import stat
from pathlib import Path

from commands.pmta.dkim import read_private
from commands.pmta.world import KeyFile

LIMIT = 64 * 1024
"""Bytes: a key of 16,384 bits has 13,000."""


class HostKeyFiles:
    """What is no ordinary file is not opened: a config may name a pipe."""

    def read(self, path: str) -> KeyFile:
        if not path.startswith("/"):
            return KeyFile(failure="it is no absolute path")
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - one call, for files of other people
                return KeyFile(failure="it is no ordinary file")
            with Path(path).open("rb") as file:
                return KeyFile(read_private(file.read(LIMIT)))
        except (OSError, ValueError) as error:
            return KeyFile(failure=getattr(error, "strerror", None) or "it cannot be opened")
