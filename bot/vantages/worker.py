"""The worker: it hears errands, looks, and answers with records. It judges nothing, and knows no Slack and no history.

Rule 1: what this machine allows (ports, networks, deny list, addresses, rates) wins over whatever it is asked.
Rule 2: an errand that is asked again, since answers were lost on the way, is not done again: its answers are repeated.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.rate_limits import PER_PORT, PER_TARGET, Limiter, Rate
from bot.vantages.errand import Answer, Errand, NotAbleError, Refusal, Word, parts
from bot.vantages.hello import Hello, Source
from bot.vantages.subjects import Subjects
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.egress.control_hosts import Attempt, Control, Greeting
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.network.probe import examine
from commands.smtpcheck.probe.concurrent_connections import LookedUp, News, Waiting
from commands.smtpcheck.probe.prober import Prober, with_patience
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.record_file.writer import as_answer
from commands.smtpcheck.report.model import Check, EndpointReport, Facts
from commands.smtpcheck.wire.connection import Endpoint, SourceError

log = logging.getLogger(__name__)

BEAT_SECONDS = 0.5
"""How often an errand says that it goes on."""

MOST_AT_ONCE = 400
WATCHES_AT_ONCE = 32
"""Errands of watches that are done at once; more of them wait, so that there is room for people."""

MOST_KEPT = 16 * 1024 * 1024
"""Bytes of answers that are kept to be repeated."""

Say: TypeAlias = Callable[[Word, tuple[str, ...], bytes], None]


class Link(Protocol):
    """What a worker needs of a connection (`link.Link`)."""

    async def publish(self, subject: str, data: bytes) -> None: ...

    async def serve(self, subject: str, hear: Callable[[bytes, str], Awaitable[None]], queue: str = "") -> None: ...


class RefusedError(Exception):
    """An errand that is not done, and why."""

    def __init__(self, why: Refusal, *details: str) -> None:
        super().__init__(why)
        self.words = (str(why), *details)


@dataclass
class Running:
    """One errand: where its answers go, and all of them so far."""

    reply: str
    said: list[bytes] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        return sum(map(len, self.said))


@dataclass
class Worker:
    """One process of a vantage. `probers` are by the address that they connect from, the machine's choice under "" ."""

    subjects: Subjects
    probers: Mapping[str, Prober]
    ports: frozenset[int]
    limiter: Limiter
    version: str
    now: Callable[[], datetime]
    id: str = field(default_factory=lambda: secrets.token_hex(4))

    def __post_init__(self) -> None:
        self._errands: OrderedDict[str, Running] = OrderedDict()
        self._watches = asyncio.Semaphore(WATCHES_AT_ONCE)
        self._last: datetime | None = None
        self._since = self.now()

    async def serve(self, link: Link) -> None:
        """Answer on this connection from now on."""
        self._link = link
        await link.serve(self.subjects.errand, self._heard, self.subjects.name)
        await link.serve(self.subjects.hello, self._greet)
        await link.serve(self.subjects.cancel, self._cancelled)

    async def close(self) -> None:
        """Break off what runs."""
        tasks = [errand.task for errand in self._errands.values() if errand.task and not errand.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for prober in self.probers.values():
            await prober.close()

    async def _greet(self, _data: bytes, reply: str) -> None:
        sources = tuple(Source(address, one.ehlo_name) for address, one in self.probers.items())
        hello = Hello(self.id, self.version, self._since, sources, tuple(sorted(self.ports)), self._last)
        await self._link.publish(reply, hello.to_bytes())

    async def _cancelled(self, data: bytes, _reply: str) -> None:
        errand = self._errands.get(data[:64].decode("ascii", "replace"))
        if errand is not None and errand.task is not None:
            errand.task.cancel()

    async def _heard(self, data: bytes, reply: str) -> None:
        """Begin an errand, or repeat what was answered to it."""
        if not reply:
            return
        try:
            errand = Errand.read(data)
        except RecordError:
            await self._link.publish(reply, self._answer(Word.REFUSED, (str(Refusal.NOT_UNDERSTOOD),)))
            return
        except NotAbleError as error:
            await self._link.publish(reply, self._answer(Word.REFUSED, (str(Refusal.NOT_ABLE), error.name)))
            return
        known = self._errands.get(errand.id)
        if known is None:
            known = self._errands[errand.id] = Running(reply)
            known.task = asyncio.ensure_future(self._do(errand, known))
            return
        known.reply = reply
        for said in list(known.said):
            await self._link.publish(reply, said)

    async def _do(self, errand: Errand, running: Running) -> None:
        """Answer an errand to its end, whatever comes of it."""
        waiting: asyncio.Queue[bytes] = asyncio.Queue()

        def say(word: Word, arguments: tuple[str, ...] = (), body: bytes = b"") -> None:
            waiting.put_nowait(self._answer(word, arguments, body))

        work = asyncio.ensure_future(self._looked(errand, say))
        try:
            while not (work.done() and waiting.empty()):
                message = await self._next(waiting, work)
                if message is not None:
                    running.said.append(message)
                await self._link.publish(running.reply, message or self._answer(Word.ALIVE))
        finally:
            work.cancel()
            self._forget()

    async def _next(self, waiting: "asyncio.Queue[bytes]", work: "asyncio.Future[None]") -> bytes | None:
        """What is to be said next; None when nothing was for a while."""
        if not waiting.empty():
            return waiting.get_nowait()
        getting = asyncio.ensure_future(waiting.get())
        both: set[asyncio.Future[Any]] = {getting, work}
        await asyncio.wait(both, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        getting.cancel()
        return None

    async def _looked(self, errand: Errand, say: Say) -> None:
        """Do what is asked, or say why not."""
        try:
            prober = self._allowed(errand)
            self._last = self.now()
            if errand.lane == "watch":
                async with self._watches:
                    record = await self._record(errand, prober, say)
            else:
                record = await self._record(errand, prober, say)
        except RefusedError as refused:
            say(Word.REFUSED, refused.words, b"")
        except SourceError as missing:
            say(Word.REFUSED, (str(Refusal.SOURCE_MISSING), str(missing)), b"")
        except Exception:
            log.exception("an errand went wrong")
            say(Word.REFUSED, (str(Refusal.BROKEN),), b"")
        else:
            for number, of, piece in parts(record):
                say(Word.PART, (number, of), piece)

    def _allowed(self, errand: Errand) -> Prober:
        """Who does it; raises `RefusedError` for what this machine does not do."""
        for port in errand.ports:
            if port not in self.ports:
                raise RefusedError(Refusal.PORT_NOT_ALLOWED, str(port))
        if errand.source not in self.probers:
            raise RefusedError(Refusal.SOURCE_NOT_SET, errand.source)
        running = sum(1 for one in self._errands.values() if one.task is not None and not one.task.done())
        if running > MOST_AT_ONCE:
            raise RefusedError(Refusal.BUSY)
        self._mind_the_target(errand)
        prober = self.probers[errand.source]
        return with_patience(prober) if errand.patient else prober

    def _mind_the_target(self, errand: Errand) -> None:
        """Watches come at the interval that they were given: for them the rate of a port within an hour is none."""
        uses: list[tuple[Hashable, Rate]] = [((errand.source, errand.target), PER_TARGET)]
        if errand.lane == "people":
            uses += [((errand.source, errand.target, port), PER_PORT) for port in errand.ports]
        seconds = self.limiter.wait_for_all(uses)
        if seconds > 0:
            raise RefusedError(Refusal.TOO_OFTEN, f"{seconds:.0f}")

    async def _record(self, errand: Errand, prober: Prober, say: Say) -> bytes:
        if errand.kind == "network":
            return as_answer(await self._network(errand, prober.control))
        telling = Telling(errand.id, errand.target, self.now(), say)
        target = Target(errand.target, errand.target_kind, errand.target)  # type: ignore[arg-type]
        check = await prober.check(target, errand.ports, check_id=errand.id, heard=telling, deep=errand.deep)
        return as_answer(check)

    async def _network(self, errand: Errand, control: Control) -> Check:
        """What the control hosts answered: a check of nothing else."""
        at, overheard = self.now(), Overheard(control)
        await examine(overheard, errand.ports)
        facts = Facts(errand.id, "network", "local", at, 0.0, Dns("network", "host"), controls=overheard.attempts)
        return Check(replace(facts, greetings=overheard.heard), "unknown", None, (), ())

    def _answer(self, word: Word, arguments: tuple[str, ...] = (), body: bytes = b"") -> bytes:
        return Answer(self.id, word, arguments, body).to_bytes()

    def _forget(self) -> None:
        """Keep what may have to be repeated, the newest first, within bounds."""
        size = sum(errand.size for errand in self._errands.values())
        for id_, errand in list(self._errands.items()):
            if size <= MOST_KEPT and len(self._errands) <= MOST_AT_ONCE:
                return
            if errand.task is None or errand.task.done():
                size -= errand.size
                del self._errands[id_]


@dataclass
class Overheard:
    """Control hosts, and what they answered."""

    control: Control
    attempts: dict[int, tuple[Attempt, ...]] = field(default_factory=dict)
    heard: dict[int, tuple[Greeting, ...]] = field(default_factory=dict)

    async def reach(self, port: int, within: float | None = None) -> tuple[Attempt, ...]:
        self.attempts[port] = await self.control.reach(port, within)
        return self.attempts[port]

    async def greetings(self, port: int, within: float | None = None) -> tuple[Greeting, ...]:
        self.heard[port] = await self.control.greetings(port, within)
        return self.heard[port]


@dataclass
class Telling:
    """What a check hears, told as it comes: of each connection a record that a reader can judge by itself."""

    id: str
    target: str
    at: datetime
    say: Say
    seen: LookedUp = field(default_factory=lambda: LookedUp(Dns("", "host"), ()))

    def __call__(self, news: News) -> None:
        if isinstance(news, LookedUp):
            self.seen = news
        elif isinstance(news, Waiting):
            self.say(Word.WAITING, (str(news.endpoint[1]), str(news.ahead)), b"")
        elif isinstance(news, Endpoint):
            self.say(Word.DEEPER, (str(news.port), news.purpose), b"")
        else:
            with suppress(ValueError):  # too large to be told beforehand: the whole has what fits
                self.say(Word.HEARD, (), as_answer(self._alone(news)))

    def _alone(self, report: EndpointReport) -> Check:
        facts = Facts(self.id, self.target, "local", self.at, 0.0, self.seen.dns, self.seen.denied)
        return Check(facts, "unknown", None, (report,), ())
