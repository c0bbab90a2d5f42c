"""Checks that run, and who reads along: whoever asks for the same while one runs joins it.

One check for all of them: each hears all of its news, and it ends early only when the last of them has gone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias, TypeVar
from weakref import WeakValueDictionary

from commands.contract import Reply
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.probe.concurrent_connections import Heard, News
from commands.smtpcheck.report.model import Check
from storage.entries import LOCAL, Asker, Entry
from storage.queries import Viewer


class Asked(NamedTuple):
    """What is the same for all who join: the target, its ports, whether deeply, from which vantage, whether kept."""

    name: str
    kind: str
    ports: frozenset[int]
    deep: bool
    vantage: str
    kept: bool

    @classmethod
    def of(
        cls, target: Target, ports: Sequence[int], *, deep: bool, vantage: str = LOCAL, kept: bool = True
    ) -> "Asked":
        return cls(target.name, target.kind, frozenset(ports), deep, vantage, kept)


class Others(NamedTuple):
    """Who else asked: a user who may be named ("": nobody), and how many there are."""

    named: str
    all: int


Known = TypeVar("Known")
Begin: TypeAlias = Callable[[Heard], Coroutine[Any, Any, Check]]
Told: TypeAlias = "asyncio.Queue[News | None]"
"""The news of a check in their order; None is the end."""


class RunningCheck:
    """`askers`: all who asked and have stayed, by team, in their order. `rows`: those of the history, by team.

    `answers` are in words already: nearly all who asked read the same.
    """

    def __init__(self, begin: Begin) -> None:
        self.askers: dict[str, list[Asker]] = {}
        self.rows: dict[str, Entry] = {}
        self.answers: dict[tuple[str, bool, str], Reply] = {}
        self.keeping = asyncio.Lock()
        self.kept = asyncio.Event()
        self._news: list[News | None] = []
        self._readers: dict[Told, tuple[str, Asker]] = {}
        self._probing = asyncio.ensure_future(begin(self._hear))
        self._probing.add_done_callback(lambda _: self._hear(None))

    def result(self) -> Check:
        """What came of it, when it is over; raises what ended it."""
        return self._probing.result()

    @property
    def is_over(self) -> bool:
        return self._probing.done()

    def others(self, team: str, who: str, viewer: Viewer) -> Others:
        """Who of the team asked beside `who` (a user's id); `viewer` learns names only of those whom they may see."""
        others = [asker for asker in self.askers[team] if asker.actor != who]
        known = (asker.actor for asker in viewer.known(team, others))
        return Others(next(known, ""), len({asker.actor for asker in others}))

    def join(self, team: str, asker: Asker) -> Told:
        reader: Told = asyncio.Queue()
        for news in self._news:
            reader.put_nowait(news)
        self.askers.setdefault(team, []).append(asker)
        self._readers[reader] = team, asker
        return reader

    def leave(self, reader: Told) -> bool:
        """True: nobody may join any more, for it is over, or the last has gone, and with them the check."""
        team, asker = self._readers.pop(reader)
        if not self.is_over:
            self.askers[team].remove(asker)  # and has no answer
        if not self._readers:
            self._probing.cancel()
        if self.is_over or not self._readers:
            self.kept.set()
        return self.kept.is_set()

    def _hear(self, news: News | None) -> None:
        self._news.append(news)
        for reader in self._readers:
            reader.put_nowait(news)


class SaidElsewhere:
    """What another place said of results (mrkdwn, by their ids): beside them, and so not in the history."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, str] = OrderedDict()

    def keep(self, id: str, said: str) -> None:  # noqa: A002
        if said:
            self._said[id] = said
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)

    def of(self, id: str) -> str:  # noqa: A002
        return self._said.get(id, "")


REMEMBERED = 1000
"""Results, the newest: who shares one does so soon."""


class RunningChecks:
    """Those of a process, and what was `said_elsewhere` of their results."""

    def __init__(self) -> None:
        self.said_elsewhere = SaidElsewhere()
        self._running: dict[Asked, RunningCheck] = {}
        self._looking: WeakValueDictionary[Asked, asyncio.Lock] = WeakValueDictionary()

    async def unless_one_runs(self, asked: Asked, look: Callable[[], Awaitable[Known | None]]) -> Known | None:
        """What `look` finds in the history, where no check may be joined. None: join, before anything is awaited.

        Those who ask for the same look one after another: whoever finds nothing has begun a check when the next one's
        turn comes, so that nobody looks before a result is written and begins another check after it was.
        """
        async with self._looking.setdefault(asked, asyncio.Lock()):
            return None if await self._runs(asked) else await look()

    async def _runs(self, asked: Asked) -> bool:
        """Whether it may be joined. What is over is waited for until it is in the history, where it is found."""
        while (check := self._running.get(asked)) is not None and check.is_over:
            await check.kept.wait()
        return check is not None

    @contextmanager
    def joined(self, asked: Asked, team: str, asker: Asker, begin: Begin) -> Iterator[tuple[RunningCheck, Told]]:
        """The check, which is begun where none runs, and its news."""
        check = self._running.get(asked)
        if check is None or check.is_over:
            check = self._running[asked] = RunningCheck(begin)
        reader = check.join(team, asker)
        try:
            yield check, reader
        finally:
            if check.leave(reader) and self._running.get(asked) is check:
                del self._running[asked]
