"""Who hears of what the questions to a file came to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError, damaged
from storage.history import Failure, Found

LEFT_OUT = "it holds rows that nobody wrote so; they were left out of a list"


class Failures:
    """Every question passes here, whoever asks it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.listeners: list[Callable[[Failure], None]] = []

    @contextmanager
    def told(self, *, lost: bool = False) -> Iterator[None]:
        try:
            yield
        except StorageError as error:
            self.tell(error, lost=lost)
            raise

    def look_at(self, answer: object) -> None:
        if isinstance(answer, Found) and answer.damaged:
            self.tell(damaged(self._path, LEFT_OUT))

    def tell(self, error: StorageError, *, lost: bool = False) -> None:
        for listener in self.listeners:
            listener(Failure(error, lost))
