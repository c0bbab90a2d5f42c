"""The files of a configuration on this host: what an include names, relative to the file it stands in, with wildcards.

Bounded: a wildcard in every folder of a path would have the whole disk read.
"""

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.console.files import UnreadableError, is_stream
from bot.terminal import config_file
from commands.contract import UserError
from commands.pmta.configuration.assembly import MOST_FILES, UnreadError
from commands.pmta.configuration.candidates import is_config
from commands.pmta.paste import FILE_LIMIT

MOST_LOOKED_AT = 20_000
"""Entries of folders for one include."""
WILD = frozenset("*?[")
NONE_THERE = "there is no such file"
NO_CONFIG = "it is no PowerMTA configuration"


class Disk:
    """Keeps what it read, so that a stream is read once. `given` are the files that were named."""

    def __init__(self) -> None:
        self.given: dict[str, config_file.ConfigFile] = {}

    def given_text(self, name: str) -> config_file.ConfigFile:
        """A file that was named. Raises UserError."""
        if name not in self.given:
            self.given[name] = config_file.read(name)
        return self.given[name]

    def found(self, pattern: str, includer: str) -> Sequence[str]:
        folder = "" if is_stream(includer) else os.path.dirname(includer)  # noqa: PTH120 - names stay as they are
        wanted = os.path.join(folder, pattern)  # noqa: PTH118
        if not WILD & {*wanted}:
            return [wanted]
        names = sorted(_matching(wanted))
        if not names:
            raise UnreadError(NONE_THERE)
        return names

    def identity(self, name: str) -> str:
        return name if is_stream(name) else os.path.realpath(name)

    def text(self, name: str, *, included: bool) -> str:
        if not included:
            return self.given_text(name).text
        try:
            text = config_file.text_of(name, FILE_LIMIT)
        except UnreadableError as error:
            raise UnreadError(str(error)[:1].lower() + str(error)[1:]) from error
        except UserError as error:
            raise UnreadError(NO_CONFIG) from error
        if not is_config(text):
            raise UnreadError(NO_CONFIG)
        return text


def _matching(pattern: str) -> list[str]:
    """The regular files that a pattern names. Raises UnreadError for one that would have too much read."""
    top, *parts = Path(pattern).parts
    left = iter(range(MOST_LOOKED_AT))
    found = [top] if top == os.sep else list(_step("", top, left))
    for part in parts:
        found = [name for folder in found for name in _step(folder, part, left)]
    if len(found) > MOST_FILES:
        raise UnreadError(f"it names more than {MOST_FILES:,} files")
    return [name for name in found if _is_file(name)]


def _step(folder: str, part: str, left: Iterator[int]) -> Iterator[str]:
    """What of a folder fits one part of a pattern. A wildcard matches no name that begins with a dot."""
    if not WILD & {*part}:
        yield os.path.join(folder, part)  # noqa: PTH118
        return
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                if next(left, None) is None:
                    raise UnreadError(f"it takes more than {MOST_LOOKED_AT:,} files to find out what it names")
                if fnmatch.fnmatchcase(entry.name, part) and (part[0] == "." or entry.name[0] != "."):
                    yield os.path.join(folder, entry.name)  # noqa: PTH118
    except PermissionError:  # the name stands for what cannot be seen: reading it says why
        yield os.path.join(folder, part)  # noqa: PTH118
    except OSError:
        return


def _is_file(name: str) -> bool:
    """Also what may not be looked at: reading it says why."""
    try:
        return stat.S_ISREG(os.stat(name).st_mode)  # noqa: PTH116
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
