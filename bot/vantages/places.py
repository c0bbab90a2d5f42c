"""The other machines as the bot sees them: who is registered, who is connected, who may use which."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version

from bot.vantages.asking import NotTakenError, Remote, UnreachableError
from bot.vantages.claims import Claims, Doubt, Doubted, weighed
from bot.vantages.hello import Hello
from bot.vantages.link import Link, NobodyThereError, NotConnectedError
from bot.vantages.registry import SEEN, Notes, Registered, registered
from bot.vantages.rights import NotForThemError, Rights
from bot.vantages.subjects import NO_SPACE, Subjects
from bot.vantages.wording import (
    absent_line,
    not_connected,
    not_its_own,
    present_line,
    unknown_name,
    unreachable,
)
from commands.audited import Deed
from commands.contract import DeclinedError, UserError
from commands.smtpcheck.places.checker import NotThereError, PlaceError
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.tls.trust import TrustStore
from commands.words import nearest
from storage.audit import AuditEntry
from storage.errors import StorageError
from storage.queries import Viewer

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
CONNECTING_SECONDS = 1.0
"""How soon it is looked again while there is no connection."""

SURE = timedelta(seconds=30)
"""Who has not been seen for so long is not there: a worker whose server was away comes back sooner."""

ANSWER_SECONDS = 0.4
"""How long a worker has to say that it is there."""

LOOKED_SECONDS = 3 * ANSWER_SECONDS
"""For all answers of one machine together: whoever waits for the others waits for no more of it."""

MOST_WORKERS = 16
"""Answers that are read to the question who is there; of one machine few run."""

MOST_DOUBTS = 8
"""Addresses of one machine that a look writes into the log: whoever has its key may announce others each time."""

NOTED_SECONDS = 60.0
"""How often it is written down that a machine is still there: a bot that is killed knows it to the minute."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A machine that is, or was, connected: its workers, since when, and when it was seen last."""

    workers: tuple[Hello, ...]
    since: datetime
    seen: datetime
    noted: datetime


@dataclass
class Looking:
    """Since when it is looked again and again who is there, and when it was last."""

    since: datetime | None = None
    last: datetime | None = None

    def looked(self, now: datetime) -> None:
        if not self._goes_on(now):
            self.since = now
        self.last = now

    def is_sure(self, now: datetime) -> bool:
        """Whether it was for long enough, without a gap: this process or its machine may have slept."""
        return self.since is not None and self._goes_on(now) and now - self.since >= SURE

    def _goes_on(self, now: datetime) -> bool:
        return self.last is not None and timedelta() <= now - self.last <= SURE


@dataclass
class Places:
    """Those of one workspace. `rights` says who may use which."""

    notes: Notes
    space: Callable[[], Awaitable[str]]
    store: TrustStore
    now: Callable[[], datetime]
    rights: Rights = field(default_factory=Rights)
    version: str = field(default_factory=partial(version, "portero"))
    link: Link | None = None
    present: dict[str, Presence] = field(default_factory=dict)
    looking: Looking = field(default_factory=Looking)
    _doubts: set[tuple[str, Doubted]] = field(default_factory=set)

    def know_groups(self, is_in: Callable[[str, str], Awaitable[bool]]) -> None:
        """From now on it can be asked who is in a user group."""
        self.rights.is_in = is_in

    def seen(self) -> Collection[str]:
        """The names of those that are connected, as far as this process sees."""
        return frozenset(self.present) if self.link is not None and self.link.is_up else frozenset()

    @property
    def is_sure(self) -> bool:
        """Whether it has looked for long enough to say of the others that they are not there."""
        return self.looking.is_sure(self.now())

    async def checker(self, vantage: str, viewer: Viewer, channel: str) -> Remote:
        """What checks from there. DeclinedError where it is not for this channel, or cannot be asked."""
        try:
            return await self._checker(vantage, viewer, channel)
        except NotForThemError:
            await self._note_refused(vantage, viewer, channel)
            raise

    async def _checker(self, vantage: str, viewer: Viewer, channel: str) -> Remote:
        name, _, source = vantage.partition("/")
        known = await self._registered()
        if name not in known:
            raise await self.nobody(vantage)
        if refusal := await self.rights.refusal(name, viewer, channel):
            raise refusal
        await self._refuse_doubted(known, name, source)
        return await self.remote(known[name], source)

    async def _refuse_doubted(self, known: Mapping[str, Registered], name: str, source: str) -> None:
        """PlaceError for an address that is not this machine's, as far as that is known."""
        if not source:
            return
        if not self.present:  # a terminal has not asked yet
            await self.look()
        doubt = self._weighed(known).doubt(name, source)
        pinned = [one.address for one in known[name].sources]
        if doubt is None and pinned and source not in pinned:
            doubt = Doubted(source, Doubt.NOT_PINNED)
        if doubt is not None:
            raise PlaceError(*not_its_own(name, doubt, pinned))

    async def for_watch(self, vantage: str, viewer: Viewer, channel: str, *, patient: bool = False) -> Remote:
        """As `checker`, behind what people ask for; `patient`: waits longer for a word, where it can."""
        return replace(await self._checker(vantage, viewer, channel), lane="watch", patient=patient)

    async def sources(self, viewer: Viewer, channel: str) -> dict[str, tuple[str, str]]:
        """The addresses that those check from, as far as they are theirs: `NAME/ADDRESS` and the EHLO name of each."""
        names = await self.connected(viewer, channel)
        owned = self._weighed(await self._registered()).owned
        found = ((name, one) for name in names for one in owned.get(name, ()))
        return {one.address: (f"{name}/{one.address}", one.ehlo_name) for name, one in found}

    def _weighed(self, known: Mapping[str, Registered]) -> Claims:
        return weighed(known, {name: each.workers for name, each in self.present.items()})

    async def connected(self, viewer: Viewer, channel: str) -> list[str]:
        """The names of those that are there now and may be used, in their order."""
        await self.look()
        return await self.rights.usable(self.present, viewer, channel)

    async def told(self) -> list[tuple[str, str]]:
        """The name of each machine that may connect, and a line of mrkdwn about it."""
        await self.look()
        known = await self._registered()
        claims = self._weighed(known)
        return [(name, await self._line(known[name], claims)) for name in sorted(known)]

    async def _line(self, known: Registered, claims: Claims) -> str:
        here = self.present.get(known.name)
        if here is None:
            return absent_line(known.name, await self._last_seen(known.name))
        doubts = claims.doubted.get(known.name, ())
        return present_line(known.name, here.workers, here.since, doubts, ours=self.version)

    async def remote(self, known: Registered, source: str = "") -> Remote:
        if self.link is None or not self.link.is_up:
            raise UnreachableError(*unreachable(known.name))
        subjects, here = Subjects(known.space, known.name), self.present.get(known.name)
        workers = here.workers if here else ()
        return Remote(self.link, subjects, source, self.store, self.now, self.nobody, workers=workers)

    async def check_name(self, vantage: str, viewer: Viewer, channel: str) -> None:
        """UserError where no machine of this name may connect, DeclinedError where it is not for this channel."""
        name, known = vantage.partition("/")[0], await self._registered()
        if name not in known:
            usable = await self.rights.usable(known, viewer, channel)
            raise UserError(*unknown_name(name, nearest(name, usable), usable))
        if refusal := await self.rights.refusal(name, viewer, channel):
            await self._note_refused(vantage, viewer, channel)
            raise refusal

    async def _note_refused(self, vantage: str, viewer: Viewer, channel: str) -> None:
        """Write into the log of changes who wanted what, and where; a log that cannot be written lets nobody in."""
        name = vantage.partition("/")[0]
        log.info("refused: %s is not for everybody", name)
        entry = AuditEntry(
            self.now(), Deed.VANTAGE_REFUSED, name, str(viewer.team), viewer.user, document={"asked_in": channel}
        )
        with suppress(StorageError):
            await self.notes.keep_audit([entry])

    async def absence(self, vantage: str) -> DeclinedError | None:
        """What is said where nobody is connected; None where somebody is."""
        error = await self.nobody(vantage)
        return None if isinstance(error, NotTakenError) else error

    async def nobody(self, vantage: str) -> DeclinedError:
        """Nobody is connected there; who is, is asked now."""
        await self.look()
        name = vantage.partition("/")[0]
        if self.link is None or not self.link.is_up:
            return UnreachableError(*unreachable(name))
        kind = NotTakenError if name in self.present else NotThereError
        return kind(*not_connected(vantage, await self._last_seen(name), self.now(), sorted(self.present)))

    async def look(self) -> None:
        """Ask every machine whether it is there."""
        known = await self._registered()
        link = self.link
        if link is None or not link.is_up:
            self.present.clear()
            return
        found = await asyncio.gather(*(greeted(link, one) for one in known.values()))
        for one, workers in zip(known.values(), found, strict=True):
            await self._note(one, workers)
        for name in self.present.keys() - known.keys():
            del self.present[name]
        self._note_doubts(known)

    def _note_doubts(self, known: Mapping[str, Registered]) -> None:
        """Write each once into the log."""
        doubts = {
            (name, one) for name, each in self._weighed(known).doubted.items() for one in sorted(each)[:MOST_DOUBTS]
        }
        for name, one in sorted(doubts - self._doubts):
            why, address, other = str(one.why), one.address, one.other
            log.warning("vantage %s announces %s, which is not taken for its own (%s %s)", name, address, why, other)
        self._doubts = doubts

    async def keep_looking(self) -> None:
        """Ask for ever."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("who is connected could not be asked")
            self.looking.looked(self.now())
            await asyncio.sleep(LOOK_SECONDS if self.link is not None and self.link.is_up else CONNECTING_SECONDS)

    async def _registered(self) -> dict[str, Registered]:
        return {one.name: one for one in await registered(self.notes, await self.space())}

    async def _note(self, known: Registered, workers: tuple[Hello, ...]) -> None:
        """Keep in mind, and now and then in the database, who is there."""
        name, now, before = known.name, self.now(), self.present.get(known.name)
        if not workers:
            if before is not None:
                del self.present[name]
                await self._write_seen(known, before.seen)
                log.info("vantage %s is gone", name)
            return
        if before is None:
            log.info("vantage %s is connected", name)
        noted = before.noted if before else None
        if noted is None or (now - noted).total_seconds() >= NOTED_SECONDS:
            await self._write_seen(known, now)
            noted = now
        self.present[name] = Presence(workers, before.since if before else now, now, noted)

    async def _write_seen(self, known: Registered, at: datetime) -> None:
        """When it was seen last, and first."""
        before = (await self.notes.notes(known.seen_note)).get(known.seen_note, {})
        await self.notes.note(known.seen_note, {"first": before.get("first") or at.isoformat(), "at": at.isoformat()})

    async def _last_seen(self, name: str) -> datetime | None:
        spaces = {await self.space(), NO_SPACE}
        for key, document in (await self.notes.notes(SEEN)).items():
            if key in {f"{SEEN}{space}:{name}" for space in spaces}:
                with suppress(KeyError, ValueError):
                    return datetime.fromisoformat(str(document["at"]))
        return None


async def greeted(link: Link, known: Registered, clock: Callable[[], float] = time.monotonic) -> tuple[Hello, ...]:
    """The workers of a machine that say they are there."""
    found: dict[str, Hello] = {}
    end = clock() + LOOKED_SECONDS
    try:
        async with link.exchange(Subjects(known.space, known.name).hello, b"") as exchange:
            for _ in range(MOST_WORKERS):
                data = await exchange.answer(ANSWER_SECONDS if not found else ANSWER_SECONDS / 8)
                if data is None or clock() > end:
                    break
                with suppress(RecordError):
                    hello = Hello.read(data)
                    found[hello.worker] = hello
    except (NobodyThereError, NotConnectedError):
        return ()
    return tuple(found.values())


@asynccontextmanager
async def looking(places: Places) -> AsyncIterator[Places]:
    """The places, who is there of which is asked again and again."""
    task = asyncio.ensure_future(places.keep_looking())
    try:
        yield places
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
