"""Checks that run, and who reads along: whoever asks for the same while one runs joins it.

One check for all of them: each hears all of its news, and it ends early only when the last of them has gone.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

from commands.smtpcheck.address.target import Target
from commands.smtpcheck.probe.concurrent_connections import Heard, News
from commands.smtpcheck.report.model import Check
from storage.entries import LOCAL, Entry
from storage.queries import Viewer


class Asked(NamedTuple):
    """What is the same for all who join: the target, its ports, whether deeply, and from which vantage."""

    name: str
    kind: str
    ports: frozenset[int]
    deep: bool
    vantage: str

    @classmethod
    def of(cls, target: Target, ports: Sequence[int], *, deep: bool, vantage: str = LOCAL) -> "Asked":
        return cls(target.name, target.kind, frozenset(ports), deep, vantage)


class Asker(NamedTuple):
    """Who asked, and in which channel."""

    team: str
    user: str
    channel: str


class Others(NamedTuple):
    """Who else asked: a user who may be named ("": nobody), and how many there are."""

    named: str
    all: int


Begin: TypeAlias = Callable[[Heard], Coroutine[Any, Any, Check]]
Told: TypeAlias = "asyncio.Queue[News | None]"
"""The news of a check in their order; None is the end."""


class RunningCheck:
    """`askers` are all who asked, in their order. `rows` are those of the history, written one after another."""

    def __init__(self, begin: Begin) -> None:
        self.askers: list[Asker] = []
        self.rows: list[Entry] = []
        self.keeping = asyncio.Lock()
        self._news: list[News | None] = []
        self._readers: list[Told] = []
        self._probing = asyncio.ensure_future(begin(self._hear))
        self._probing.add_done_callback(lambda _: self._hear(None))

    def result(self) -> Check:
        """What came of it, when it is over; raises what ended it."""
        return self._probing.result()

    def row_for(self, viewer: Viewer) -> Entry | None:
        """The row of the history that this person sees, if one was written."""
        return next((row for row in self.rows if viewer.sees(row.team, row.actor, row.channel)), None)

    def others(self, viewer: Viewer) -> Others:
        """Who else of the team asked. This person learns the name only of who asked where they may see it."""
        others = [asker for asker in self.askers if viewer.is_of(asker.team) and asker.user != viewer.user]
        known = (asker.user for asker in others if viewer.sees(asker.team, asker.user, asker.channel))
        return Others(next(known, ""), len({asker.user for asker in others}))

    def join(self, asker: Asker) -> Told:
        reader: Told = asyncio.Queue()
        for news in self._news:
            reader.put_nowait(news)
        self.askers.append(asker)
        self._readers.append(reader)
        return reader

    def leave(self, reader: Told) -> bool:
        """True: nobody may join any more, for it is over, or the last has gone, and with them the check."""
        self._readers.remove(reader)
        if not self._readers:
            self._probing.cancel()
        return self._probing.done() or not self._readers

    def _hear(self, news: News | None) -> None:
        self._news.append(news)
        for reader in self._readers:
            reader.put_nowait(news)


class RunningChecks:
    """Those of a process."""

    def __init__(self) -> None:
        self._running: dict[Asked, RunningCheck] = {}

    def __contains__(self, asked: Asked) -> bool:
        return asked in self._running

    @contextmanager
    def joined(self, asked: Asked, asker: Asker, begin: Begin) -> Iterator[tuple[RunningCheck, Told]]:
        """The check, which is begun where none runs, and its news. It may be joined until somebody has kept it."""
        check = self._running.get(asked)
        if check is None:
            check = self._running[asked] = RunningCheck(begin)
        reader = check.join(asker)
        try:
            yield check, reader
        finally:
            if check.leave(reader) and self._running.get(asked) is check:
                del self._running[asked]
