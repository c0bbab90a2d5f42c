"""Files that this process reads beside SQLite, kept open as long as anybody here needs them.

Whoever closes a descriptor of a file lets go of all POSIX locks of the process on it, SQLite's own included: another
process could then take the database for one that nobody has open, and remove its WAL. So all descriptors of a file are
closed together, by the last history of this process on it, after SQLite has closed it.
"""

import os
from pathlib import Path
from threading import Lock

Identity = tuple[int, int]
"""Device and inode."""

_lock = Lock()
_open: dict[Identity, list[int]] = {}
_users: dict[Identity, int] = {}


def hold(path: Path) -> tuple[Identity, int]:
    """The file's identity and a descriptor to read it by, until `drop`. Raises OSError."""
    with _lock:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        status = os.fstat(descriptor)
        identity = status.st_dev, status.st_ino
        _open.setdefault(identity, []).append(descriptor)
        _users[identity] = _users.get(identity, 0) + 1
        return identity, descriptor


def drop(identity: Identity) -> None:
    """One user less; the last one closes."""
    with _lock:
        _users[identity] -= 1
        if not _users[identity]:
            del _users[identity]
            for descriptor in _open.pop(identity):
                os.close(descriptor)
