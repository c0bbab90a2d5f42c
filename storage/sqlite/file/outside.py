"""What can be seen of a database file without SQLite: where it lies, whose it is, what is free beside it.

`seen` opens the file, and so may only be called where this process has no connection to it (`presence` has the reason);
`room` never does.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.sqlite.file.format import HEADER

REMOTE = frozenset({"9p", "afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"})
"""File systems of other machines, where locks and shared memory may not hold (sqlite.org, wal.html)."""

MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True)
class Outside:
    """Of a file that is there. `journal` is wal, delete, or empty where the header cannot be read."""

    size: int
    owner: int
    journal: str


def seen(path: Path) -> Outside | None:
    """The file as it lies there; None without one. Raises OSError where it may not be looked at."""
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Outside(state.st_size, state.st_uid, _journal(path))


def _journal(path: Path) -> str:
    """Bytes 18 and 19 of the header are 2 for a write-ahead log, else 1 (sqlite.org, fileformat2.html)."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
    except OSError:
        return ""
    return "" if len(header) < HEADER else "wal" if header[18:20] == b"\x02\x02" else "delete"


def room(path: Path) -> tuple[Path, int | None]:
    """The folder of a file, or the first above it that is there, and the bytes free on its disk, where that is told."""
    folder = next((one for one in path.absolute().parents if one.is_dir()), Path("/"))
    with suppress(OSError):
        return folder, shutil.disk_usage(folder).free
    return folder, None


def file_system(path: Path) -> str:
    """The kind of the file system that a path lies on, as Linux calls it; empty where that is not told."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    mounts = [line.split()[1:3] for line in lines if len(line.split()) > 2]
    above = [
        (place.replace("\\040", " "), kind) for place, kind in mounts if _is_below(real, place.replace("\\040", " "))
    ]
    return max(above, key=lambda one: len(one[0]), default=("", ""))[1]


def _is_below(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/") + "/")
