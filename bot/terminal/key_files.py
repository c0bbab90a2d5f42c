"""Private key files of this host, read for `portero pmta --live`: only their public half leaves this module."""

from bot.console.files import UnreadableError, content_of, is_stream
from commands.pmta.dkim import read_private
from commands.pmta.world import KeyFile

LIMIT = 64 * 1024
"""Bytes: a key of 16,384 bits has 13,000."""


class HostKeyFiles:
    """Whatever the config of a stranger names: a device and a pipe, too, which are not read."""

    def read(self, path: str) -> KeyFile:
        if not path.startswith("/") or is_stream(path):
            return KeyFile(failure="it is no absolute path of a file")
        try:
            return KeyFile(read_private(content_of(path, LIMIT)))
        except UnreadableError as error:
            return KeyFile(failure=str(error))
