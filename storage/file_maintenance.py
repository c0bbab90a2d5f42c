"""What only a history in a file has, apart from the questions: a server of databases has its own tools for these."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Protocol


class HistoryFile(Protocol):
    """May raise `StorageError` or one of its children; neither blocks the event loop."""

    @property
    def path(self) -> Path: ...

    async def backup(self, path: Path | str) -> None:
        """Write a copy that is whole and consistent while others go on writing. The file must not exist yet.

        It appears under its name only when it is complete. StorageError: it exists, or cannot be written.
        """

    async def verify(self, *, seconds: float, clock: Callable[[], float] = monotonic) -> bool:
        """Look whether all that is kept is whole, without hindering anybody. False: there was not enough time.

        CorruptError: it is not, and from then on nothing is acknowledged.
        """
