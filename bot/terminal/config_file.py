"""A config file on this host: read as it is, and written only as a whole and only if nobody changed it meanwhile."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.console.files import NOT_REGULAR, UnreadableError, content_of, is_stream, read_input, reason
from commands.contract import Attachment, UserError
from commands.pmta.paste import FILE_LIMIT, decoded, from_file

STDIN = "-"
EXAMPLE = "portero pmta /etc/pmta/config"
UNWRITTEN = "Nothing was written."


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a file held when it was read. `text` keeps its line breaks; `encoding` gives the same bytes back."""

    name: str
    content: bytes
    text: str
    encoding: str
    remarks: tuple[str, ...] = ()

    @property
    def is_stream(self) -> bool:
        return is_stream(self.name)


def read(name: str) -> ConfigFile:
    """Raises UserError when it cannot be read or is no config."""
    content = read_input(name, FILE_LIMIT, EXAMPLE)
    if not content.strip() and not is_stream(name):
        return ConfigFile(name, content, content.decode("latin-1"), "latin-1")  # as a part that is still to be written
    try:
        pasted = from_file(Attachment(name, content))
    except UserError as error:
        raise UserError(f"{name}: {error.message}", error.hint) from error
    return ConfigFile(name, content, pasted.text, pasted.encoding, pasted.undone)


def text_of(name: str, most: int) -> str:
    """What an included file holds: a regular one. Raises UnreadableError, and UserError for what is no text."""
    if is_stream(name):
        raise UnreadableError(NOT_REGULAR)
    content = content_of(name, most)
    if b"\x00" in content[:8192]:
        raise UserError("The file is no text.")
    return decoded(content)[0]


def write(file: ConfigFile, text: str) -> None:
    """Put the text in the file's place at once, with its owner, mode and encoding. Raises UserError when it may not."""
    path = Path(os.path.realpath(file.name))  # a link stays a link
    content = text.encode(file.encoding)
    try:
        if not os.access(path, os.W_OK) and path.exists():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _beside(path) as (handle, made):
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
            _dress(made, path)
            if content_of(str(path), FILE_LIMIT) != file.content:
                raise UserError(f"{file.name} was changed by somebody else meanwhile.", f"{UNWRITTEN} Run it again.")
            made.replace(path)
    except UnreadableError as error:
        raise UserError(f"{file.name} cannot be written: {error}.", UNWRITTEN) from error
    except OSError as error:
        raise UserError(f"{file.name} cannot be written: {reason(error)}.", UNWRITTEN) from error


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in the same folder, gone at the end unless it took the other's place."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(number, "wb") as handle:
            yield handle, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _dress(made: Path, path: Path) -> None:
    """Owner, mode and attributes of the old file for the new one, whose time is its own."""
    old, new = path.stat(), made.stat()
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.chown(made, old.st_uid, old.st_gid)
    shutil.copystat(path, made)
    os.utime(made)
