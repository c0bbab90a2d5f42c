"""Key and certificate files of this host, read for `portero pmta --live`.

Only the public half of a key leaves this module, and whether a file holds a key or a certificate.
"""

import re

from bot.console.files import UnreadableError, content_of, is_stream
from commands.pmta.dkim import read_private
from commands.pmta.world import KeyFile, PemFile

LIMIT = 64 * 1024
"""Bytes: a key of 16,384 bits has 13,000."""

LARGEST = 4 * 1024 * 1024
"""Bytes of a file with certificates: the list of all public authorities has 230,000."""

NO_PATH = "it is no absolute path of a file"
CERTIFICATE = re.compile(rb"^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----", re.MULTILINE)
PRIVATE = re.compile(rb"^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----", re.MULTILINE)


class HostKeyFiles:
    """Whatever the config of a stranger names: a device and a pipe, too, which are not read."""

    def read(self, path: str) -> KeyFile:
        if not path.startswith("/") or is_stream(path):
            return KeyFile(failure=NO_PATH)
        try:
            return KeyFile(read_private(content_of(path, LIMIT)))
        except UnreadableError as error:
            return KeyFile(failure=str(error), is_absent=_is_absent(error))

    def pem(self, path: str) -> PemFile:
        if not path.startswith("/") or is_stream(path):
            return PemFile(failure=NO_PATH)
        try:
            found = content_of(path, LARGEST)
        except UnreadableError as error:
            return PemFile(failure=str(error), is_absent=_is_absent(error))
        return PemFile(CERTIFICATE.search(found) is not None, PRIVATE.search(found) is not None)


def _is_absent(error: UnreadableError) -> bool:
    return isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
