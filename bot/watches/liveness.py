"""Which processes are alive: each holds a lock on a file of its own beside the database for as long as it lives.

The system frees a lock when its process ends, in whatever way. So what a killed process had leased is taken over within
seconds, although a lease is good for two minutes. Where there are no such locks (Windows, some network file systems)
nobody is known to be dead, and leases run out.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.watches.fault_log import FaultLog
from storage.history import StorageError
from storage.watches import Watches

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment] # Windows

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at who has died."""


@dataclass
class ProcessLock:
    """One process among those that share a database file (None: it has none). `owner` names it in leases."""

    database: Path | None
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _lock: int | None = None

    def acquire(self) -> None:
        """Be alive from now on. Does nothing where that cannot be shown."""
        if fcntl is None or self.database is None:
            return
        try:
            self._lock = os.open(self._file(self.owner), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError as error:
            log.info("no lock beside the database (%s): after a kill leases run out by themselves", error.strerror)
            self.release()

    def release(self) -> None:
        """The file goes first: without it nobody is taken for dead."""
        if self._lock is not None:
            self.forget(self.owner)
            os.close(self._lock)
            self._lock = None

    def dead(self) -> list[str]:
        """The owners whose locks are free."""
        if self._lock is None or self.database is None:
            return []
        try:
            return [owner for owner in self._others(self.database) if self._is_free(owner)]
        except OSError:
            return []

    def forget(self, owner: str) -> None:
        with suppress(OSError):
            self._file(owner).unlink(missing_ok=True)

    def _others(self, database: Path) -> Iterator[str]:
        start = f"{database.name}-process-"
        names = (file.name for file in database.parent.iterdir() if file.name.startswith(start))
        yield from (owner for name in names if (owner := name.removeprefix(start)) != self.owner)

    def _is_free(self, owner: str) -> bool:
        try:
            lock = os.open(self._file(owner), os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(lock)
        return True

    def _file(self, owner: str) -> Path:
        return Path(f"{self.database}-process-{owner}")


@dataclass
class Takeover:
    """Takes over what processes had leased that have died. `told` is called when there is something to do."""

    process: ProcessLock
    watches: Watches
    told: Callable[[], None] = lambda: None
    _faults: FaultLog = field(default_factory=lambda: FaultLog("taking over from processes that died"))

    async def run(self) -> None:
        while True:
            with suppress(StorageError), self._faults.noted():
                await self.take_over()
            await asyncio.sleep(LOOK_EVERY)

    async def take_over(self) -> int:
        """How many had died."""
        dead = self.process.dead()
        for owner in dead:
            await self.watches.bury(owner)
            self.process.forget(owner)
        if dead:
            log.warning("processes that died: %d; what they had begun is begun anew", len(dead))
            self.told()
        return len(dead)
