"""Whether the files of the history are still those that were opened, and whole: they may be deleted, replaced or cut.

SQLite goes on with what it holds, and nobody would find it again: what it commits then is lost with the process, and
what is missing shows when somebody reads.

What this process reads beside SQLite stays open as long as anybody here needs it: whoever closes a descriptor of a file
lets go of all POSIX locks of the process on it, SQLite's own included. Another process could then take the database for
one that nobody has open, and remove its WAL. So all descriptors of a file are closed together, by the last history of
this process on it, after SQLite has closed it.
"""

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from storage.errors import ReplacedError, StorageError, damaged
from storage.sqlite.file.format import (
    FRAME_HEADER,
    HEADER,
    INDEX_HEADER,
    WAL_HEADER,
    WalState,
    is_frame,
    is_last_frame,
    pages_needed,
    wal_state,
    wrong_header,
    wrong_wal_header,
)

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


UNKNOWN: Identity = (-1, -1)
"""Of what is there and cannot be looked at."""

WORDS = (
    "The history {path} cannot keep anything: {lost} was deleted or replaced while Portero runs, and what is written "
    "now would be lost. Start Portero again; if you still have the file, put it back first."
)


class Standing:
    """Of the database at this path, which is open in WAL mode: what keeps others from finding it whole, if anything.

    A call is ten system calls, some 20 microseconds. It says nothing but what is certain while other processes write,
    checkpoint or VACUUM; what it cannot see is the business of `integrity`. `close` when SQLite is closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = (str(path), f"{path}-wal", f"{path}-shm")
        self._opened = [identity for identity, _ in map(_look_at, self._names)]
        self._held = [hold(path), hold(Path(self._names[2]))]
        self._wal = hold(Path(self._names[1])) if self._opened[1] is not None else None
        self._held += [self._wal] if self._wal else []
        self._size = 0
        self._seen: WalState | None = None
        self.condemned: StorageError | None = None
        """What somebody found who looked into the file: results that are added from then on may not be kept."""

    def __call__(self) -> StorageError | None:
        index = self._index()
        found = [_look_at(name) for name in self._names]
        for name, was, (now, _) in zip(self._names, self._opened, found, strict=True):
            if was is not None and now not in {was, UNKNOWN}:
                return ReplacedError(WORDS.format(path=self._path, lost=name))
        why = (
            wrong_header(os.pread(self._held[0][1], HEADER, 0))
            or self._cut(index, found[0][1], found[1][1])
            or self._overwritten(index)
        )
        return damaged(self._path, why) if why else None

    def close(self) -> None:
        """Look no more."""
        while self._held:
            drop(self._held.pop()[0])

    def _cut(self, index: bytes, size: int, wal_size: int) -> str:
        """What is missing. Both sizes were looked at after `index`: they count if it has not changed since."""
        state = wal_state(index)
        known, self._size = self._size, size
        if state is None or (size >= known and wal_size >= state.wal_size):
            return ""
        why = self._missing(state, size, wal_size)
        if not why or self._index() != index:
            return ""
        self._size = known  # until it is whole again
        return why

    def _missing(self, state: WalState, size: int, wal_size: int) -> str:
        if wal_size < state.wal_size:
            return f"its -wal was cut to {wal_size:,} bytes of {state.wal_size:,}"
        with suppress(OSError):
            needed = pages_needed(Path(self._names[1]), state) * state.page_size
            if size < needed:
                return f"it was cut to {size:,} bytes of {needed:,}"
        return ""

    def _overwritten(self, index: bytes) -> str:
        """Whether a crash would lose what was committed, because the WAL is believed up to its first wrong byte.

        Looked at are its header and the headers of three frames: the first, the last, and what was the last one before.
        """
        state, known = wal_state(index), self._seen
        if state is None or self._wal is None or not state.frames:
            return ""
        before = known.frames if known and known.salts == state.salts and known.frames <= state.frames else 1
        why = wrong_wal_header(os.pread(self._wal[1], WAL_HEADER, 0), state)
        if not why and not (
            is_last_frame(self._frame(state, state.frames), state)
            and all(is_frame(self._frame(state, number), state) for number in (1, before))
        ):
            why = "a frame of its -wal is not the one that was written"
        if self._index() != index:
            return ""
        self._seen = known if why else state
        return why

    def _frame(self, state: WalState, number: int) -> bytes:
        """The header of a frame."""
        return os.pread(self._wal[1], FRAME_HEADER, state.place_of(number)) if self._wal else b""

    def _index(self) -> bytes:
        return os.pread(self._held[1][1], INDEX_HEADER, 0)


def _look_at(name: str) -> tuple[Identity | None, int]:
    """Identity and size in bytes; no identity: there is no such file."""
    try:
        found = os.stat(name)  # noqa: PTH116 - before every answer: half the time of a Path
    except (FileNotFoundError, NotADirectoryError):
        return None, 0
    except OSError:
        return UNKNOWN, 0
    return (found.st_dev, found.st_ino), found.st_size
