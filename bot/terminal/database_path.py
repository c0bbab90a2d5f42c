"""Whether what the settings name is a database: a path that was misspelt is told, and becomes no new file."""

from pathlib import Path

from bot.settings import DATABASE
from commands.contract import UserError


def look_for(database: str) -> None:
    """Raises `UserError` when there is no history, or something else in its place: none is made by looking."""
    from storage.databases.registry import kind_of  # noqa: PLC0415
    from storage.errors import StorageError  # noqa: PLC0415

    try:
        found = kind_of(database).is_there(database)
    except StorageError as error:
        raise UserError(str(error)) from error
    if not found:
        raise UserError(f"There is no history yet at {database}.", "Set PORTERO_DATABASE, or check something.")


def refuse_new_folder(database: str) -> None:
    """Raises `UserError` where a folder that was named is not there: only the usual place is made without asking."""
    folder = Path(database).absolute().parent
    if "://" in database or database == DATABASE or folder.exists() or folder.is_symlink():
        return
    raise UserError(
        f"There is no folder {folder} for the history.", f"Set PORTERO_DATABASE, or make it: mkdir {folder}"
    )
