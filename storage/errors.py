"""What can go wrong with the history, as a tree of exceptions whose words say what to do."""

from pathlib import Path


class StorageError(Exception):
    """A result could not be kept or read. The text names the database and the remedy; it is made to be shown.

    StorageError
    |-- ReadOnlyError     the file or its folder may not be written
    |-- DiskFullError     no space left; what was acknowledged is safe
    |-- LockedError       another process held the write lock longer than the busy timeout
    |-- NewerSchemaError  the file was written by a newer Portero; nothing has been touched
    |-- OlderSchemaError  the file was written by an older Portero and is only to be read; nothing has been touched
    |-- ReplacedError     the file was deleted or replaced while it was open; what is written is not found again
    `-- CorruptError      the file is damaged or is no database at all

    StorageError itself is raised for an id that is stored already, for a closed history and for input/output errors.
    After ReadOnlyError, DiskFullError and LockedError the same call may be made again once the cause is gone.
    """


class ReadOnlyError(StorageError):
    """The database may be read but not written."""


class DiskFullError(StorageError):
    """The file system, a quota or the page limit of the database is used up."""


class LockedError(StorageError):
    """Another process kept the write lock for longer than the busy timeout."""


class NewerSchemaError(StorageError):
    """The database holds migrations that this version does not know."""


class OlderSchemaError(StorageError):
    """The database lacks migrations, and whoever opened it wants to read only."""


class ReplacedError(StorageError):
    """The file is not under its name any more."""


class CorruptError(StorageError):
    """The file is damaged, or is something else than a SQLite database. `why` is the reason alone."""

    why = ""


REMEDY = (
    "Move it away and restore the newest backup; `portero history rescue NEW` copies what can still be read into a new "
    "file."
)
_MOST = 200
"""Letters of a reason: it may quote the damaged file."""


def damaged(path: Path, why: str) -> CorruptError:
    """The one sentence for a damaged file, whoever found it and however."""
    said = "".join(letter if letter.isprintable() else "?" for letter in why[:_MOST])
    error = CorruptError(f"The history {path} is damaged ({said}). {REMEDY}")
    error.why = said
    return error
