"""What a loop cannot do for a while, in the log: once for each kind of trouble, and once when it works again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from storage.history import StorageError

log = logging.getLogger(__name__)


@dataclass
class FaultLog:
    """`what` is a noun: `reading due watches`."""

    what: str
    _told: set[str] = field(default_factory=set)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Round what may fail. A `StorageError` passes through; its words name the database and the remedy."""
        try:
            yield
        except StorageError as error:
            if type(error).__name__ not in self._told:
                self._told.add(type(error).__name__)
                log.error("%s fails: %s", self.what, error)  # noqa: TRY400 - the words say it all
            raise
        if self._told:
            self._told.clear()
            log.warning("%s works again", self.what)
