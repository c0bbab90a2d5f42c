"""Which database a command works on: told where somebody reads it; a path that was misspelt becomes no new file."""

import os
import pwd
from pathlib import Path

from bot.console.screen import mention, say
from bot.settings import DATABASE
from commands.contract import UserError

SERVICE = "/var/lib/portero/portero.db"
"""Where docs/portero.service keeps it."""


def look_for(database: str, instead: str = "check something") -> None:
    """Raises `UserError` when there is no history, or something else in its place: none is made by looking.

    `instead` is what else whoever finds none may do.
    """
    from storage.databases.registry import kind_of  # noqa: PLC0415
    from storage.errors import StorageError  # noqa: PLC0415

    try:
        found = kind_of(database).is_there(database)
    except StorageError as error:
        raise UserError(str(error), as_owner(database)) from error
    if not found:
        hint = f"Set PORTERO_DATABASE, or {instead}. {elsewhere(database)}"
        raise UserError(f"There is no history yet at {database}.", hint.strip())
    if "://" not in database and not os.access(database, os.R_OK):
        raise UserError(f"{database} may not be read by this user.", as_owner(database))


def tell_which(database: str) -> None:
    """Say on a terminal which history was read: another user has another one."""
    mention(f"History: {database}")


def is_new(database: str) -> bool:
    """Whether opening it would begin one."""
    from storage.databases.registry import kind_of  # noqa: PLC0415
    from storage.errors import StorageError  # noqa: PLC0415

    try:
        return not kind_of(database).is_there(database)
    except StorageError:
        return False  # whoever opens it says why


def tell_new(database: str) -> None:
    """Say that a history began: a path may be misspelt, and another user has another one."""
    say(f"A new history begins at {database}.", aside=True)


def elsewhere(database: str) -> str:
    """How the history of the service is asked, where there is one and it is another's."""
    return as_owner(SERVICE) if database != SERVICE and Path(SERVICE).parent.is_dir() else ""


def as_owner(database: str) -> str:
    """How whoever owns it, or the nearest folder above that can be seen, asks it; empty for what is ours or root's."""
    owner = _owner(Path(database).absolute())
    if owner in {None, 0, os.geteuid()}:
        return ""
    try:
        name = pwd.getpwuid(owner or 0).pw_name
    except KeyError:
        return ""
    return f"That of {name}: sudo -u {name} env PORTERO_DATABASE={database} portero ..."


def _owner(path: Path) -> int | None:
    for one in (path, *path.parents):
        try:
            return one.stat().st_uid
        except OSError:
            continue
    return None


def refuse_new_folder(database: str) -> None:
    """Raises `UserError` where a folder that was named is not there: only the usual place is made without asking."""
    folder = Path(database).absolute().parent
    if "://" in database or database == DATABASE or folder.exists() or folder.is_symlink():
        return
    raise UserError(
        f"There is no folder {folder} for the history.", f"Set PORTERO_DATABASE, or make it: mkdir {folder}"
    )
