"""The SQLite file itself: made private, checked, brought to the newest schema and opened.

The file and what SQLite lays beside it (`-wal`, `-shm`, same mode as the file) are readable by their owner only: they
hold what servers said and who asked.
"""

import errno
import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from storage.errors import NewerSchemaError, OlderSchemaError, ReadOnlyError, damaged
from storage.sqlite.file.errors import FILE_ERRORS, translated
from storage.sqlite.file.format import HEADER, wrong_header
from storage.sqlite.tables.damaged_rows import text_or_bytes
from storage.sqlite.tables.schema import known_steps, schema

CHECKED_WHOLE = 64 * 1024 * 1024
"""Bytes up to which the start checks the whole file (some 0.1 s); of larger ones it checks the small tables."""

_SMALL_TABLES = ("_sqlite_migrations", "claims", "tallies")


def prepare(path: Path, busy_timeout: float, named: Path | None = None) -> Database:
    """The connection that writes, on a file that is private, sound and of the newest schema.

    `busy_timeout` is in seconds. Raises `StorageError`, about `named` where the file will be given that name; a file
    of a newer schema is left untouched.
    """
    refuse_irregular(path)
    try:
        _make_private(path)
        refuse_wrong_header(path)
        db = _connect(str(path), busy_timeout)
    except OSError as error:
        raise _cannot_open(path, str(error.strerror)) from error
    try:
        _make_ready(db, path)
    except BaseException as error:
        db.close()
        told = translated(named or path)(error) if isinstance(error, Exception) else error
        if told is error:
            raise
        raise told from error
    return db


def connect_reader(path: Path, busy_timeout: float) -> Database:
    """A connection that cannot write. Raises `StorageError` for what SQLite would wait for, or have no word for."""
    refuse_irregular(path)
    how = "mode=ro&immutable=1" if _cannot_change(path) else "mode=ro"
    db = _connect(f"{path.absolute().as_uri()}?{how}", busy_timeout)
    db.conn.execute("PRAGMA query_only = ON")
    return db


def refuse_irregular(path: Path) -> None:
    """Raises `ReadOnlyError` for what cannot be looked at or is no regular file: a pipe is waited for for ever.

    What is not there yet is left to whoever opens it.
    """
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        raise _cannot_open(path, getattr(error, "strerror", None) or "that is no path") from error
    if not stat.S_ISREG(kind):
        raise _cannot_open(path, os.strerror(errno.EISDIR) if stat.S_ISDIR(kind) else "it is no regular file")


def _cannot_change(path: Path) -> bool:
    """Whether no WAL can be laid beside it, and none is there, because of its disk. Raises `ReadOnlyError`."""
    try:
        fixed = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False
    if not fixed or Path(f"{path}-shm").exists():
        return False
    wal = Path(f"{path}-wal")
    if wal.exists() and wal.stat().st_size:
        raise ReadOnlyError(
            f"The history {path} lies on a disk that cannot be written, and its newest results stand in {wal.name}: "
            "copy both to another disk and name the copy in PORTERO_DATABASE."
        )
    return True


def empty_wal(path: Path, busy_timeout: float = 5.0) -> None:
    """Fold the WAL into the file and cut it to nothing: it still holds what has been overwritten in the file.

    While somebody reads an older state for longer than the time-out, it stays until it is written over.
    """
    with suppress(*FILE_ERRORS), closing(sqlite3.connect(path, timeout=busy_timeout)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def refuse_other_schema(path: Path, busy_timeout: float) -> None:
    """Raises `StorageError` unless the file can be read as it is, without bringing it to the newest schema."""
    refuse_irregular(path)
    refuse_wrong_header(path)
    if path.exists() and not path.stat().st_size:
        raise damaged(path, "it is empty")
    try:
        db = connect_reader(path, busy_timeout)
        try:
            _refuse_newer(db, path)
            _refuse_older(db, path)
        finally:
            db.close()
    except FILE_ERRORS as error:
        raise translated(path)(error) from error


def refuse_wrong_header(path: Path) -> None:
    """Raises `CorruptError` for what SQLite would take for a file that it may not write, or for a new one.

    To be called while this process has no connection to the file (`presence` has the reason). A file that cannot be
    opened is left to SQLite.
    """
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
    except OSError:
        return
    if why := wrong_header(header) if header else _cut_to_nothing(path):
        raise damaged(path, why)


def _cut_to_nothing(path: Path) -> str:
    """A new file is empty, too, but has no WAL yet. SQLite would throw that away."""
    wal = Path(f"{path}-wal")
    return "it is empty, and its -wal is not" if wal.exists() and wal.stat().st_size else ""


def _cannot_open(path: Path, why: str) -> ReadOnlyError:
    return ReadOnlyError(f"The history {path} cannot be opened: {why}. Correct path or rights.")


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if each.exists() and each.stat().st_mode & 0o077:
            each.chmod(each.stat().st_mode & 0o700)


def _connect(name: str, busy_timeout: float) -> Database:
    # Opened in one thread, handed to another for good: sqlite3 need not watch that. No plugins: they are for the tool.
    conn = sqlite3.connect(name, timeout=busy_timeout, check_same_thread=False, uri=name.startswith("file:"))
    return Database(conn, execute_plugins=False)


def _make_ready(db: Database, path: Path) -> None:
    _refuse_newer(db, path)
    _refuse_damaged(db, path)
    db.conn.execute("PRAGMA journal_mode = WAL")
    db.conn.execute("PRAGMA synchronous = FULL")
    db.conn.execute("PRAGMA cache_size = -32768")  # 32 MiB: the ends of a dozen indexes of a million rows
    db.conn.execute("PRAGMA secure_delete = ON")  # what a person wants forgotten is overwritten, not only unlinked
    db.conn.execute("PRAGMA journal_size_limit = 67108864")  # a WAL that once grew gives its bytes back
    db.conn.execute("PRAGMA wal_autocheckpoint = 4000")  # 16 MB: a page that is written often goes to the file once
    steps = schema.pending(db)
    db.conn.execute("BEGIN IMMEDIATE")  # two processes that start at once migrate one after the other
    schema.apply(db)
    db.conn.execute(
        "DELETE FROM claims WHERE false"
    )  # changes nothing, but a read-only file, which BEGIN allows, fails
    db.conn.execute("COMMIT")
    if steps:  # what they took out still stands in the file until the WAL is folded into it
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.conn.execute("PRAGMA foreign_keys = ON")
    db.conn.text_factory = text_or_bytes  # one damaged watch must not keep all others from being leased


def _refuse_newer(db: Database, path: Path) -> None:
    unknown = {step.name for step in schema.applied(db)} - known_steps()
    if unknown:
        raise NewerSchemaError(
            f"The history {path} was written by a newer Portero (it has {', '.join(sorted(unknown))}). "
            "Run that version again, or restore a backup from before the upgrade. Nothing has been changed."
        )


def _refuse_older(db: Database, path: Path) -> None:
    if lacking := schema.pending(db):
        raise OlderSchemaError(
            f"The history {path} was written by an older Portero (it lacks {lacking[0].name}). It is brought up to "
            "date when `portero run` starts, or with the next `portero check`. Nothing has been changed."
        )


def _refuse_damaged(db: Database, path: Path) -> None:
    whole = path.stat().st_size <= CHECKED_WHOLE
    for table in ("1",) if whole else filter(lambda name: db.table(name).exists(), _SMALL_TABLES):
        verdict = db.conn.execute(f"PRAGMA quick_check({table})").fetchone()[0]
        if verdict != "ok":
            raise damaged(path, f"SQLite: {verdict}")
