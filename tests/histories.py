"""Histories for tests of what stands on one: a new file is a copy of an empty one.

The steps of the schema take 20 ms of a test that is about something else, and as many waits for the disk. Tests of how
a file is made and opened call `open_history` itself.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.sqlite.file.opening import prepare
from storage.sqlite.history import open_history


async def history_at(path, **options):
    """The history in this file, opened as always."""
    return await open_history(begun(path), **options)


def begun(path):
    """The path, where there is a history: the one that was there, else an empty one of the newest schema."""
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_empty())
    return path


@cache
def _empty():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        prepare(path, 5.0).close()
        return path.read_bytes()
