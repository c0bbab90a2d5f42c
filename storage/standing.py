"""Whether the files of the history are still those that were opened: a file may be deleted or replaced under SQLite.

SQLite goes on with what it holds, and nobody would find it again: what it commits then is lost with the process.
"""

from collections.abc import Callable
from pathlib import Path

from storage.errors import ReplacedError, StorageError

Identity = tuple[int, int]
"""Device and inode. What is there and cannot be looked at has none."""


def standing(path: Path) -> Callable[[], StorageError | None]:
    """Of the database at this path, which is open in WAL mode: what keeps others from finding it, if anything does.

    Three system calls, some 15 microseconds.
    """
    files = [path, Path(f"{path}-wal"), Path(f"{path}-shm")]
    opened = {file: found for file in files if (found := _identity(file))}

    def look() -> StorageError | None:
        lost = next((file for file, was in opened.items() if _identity(file) not in {was, UNKNOWN}), None)
        return ReplacedError(WORDS.format(path=path, lost=lost)) if lost else None

    return look


UNKNOWN: Identity = (-1, -1)
WORDS = (
    "The history {path} cannot keep anything: {lost} was deleted or replaced while Portero runs, and what is written "
    "now would be lost. Start Portero again; if you still have the file, put it back first."
)


def _identity(file: Path) -> Identity | None:
    """None: there is no such file."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return UNKNOWN
    return found.st_dev, found.st_ino
