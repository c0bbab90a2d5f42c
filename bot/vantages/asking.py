"""The bot's side of an errand: it asks, hears what ports are as they are heard, and judges the record of the whole.

Id, target, vantage and time of a check are ours, and certificates are judged by our roots. A worker that falls silent
is asked once more, since its answers may have been lost with a connection; then what was heard stands as it is, and the
rest as not heard.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.vantages.abilities import Ability, lacking
from bot.vantages.errand import Errand, Lane, check_of
from bot.vantages.hearing import Hearing, RefusedError
from bot.vantages.hello import Hello
from bot.vantages.link import Exchange, Link, NobodyThereError, NotConnectedError
from bot.vantages.subjects import Subjects
from bot.vantages.wording import lost, no_record, not_able, refused, unreachable
from commands.contract import DeclinedError
from commands.sharing import new_id
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.egress.control_hosts import Attempt, Greeting
from commands.smtpcheck.places.checker import NotThereError, PlaceError
from commands.smtpcheck.probe.concurrent_connections import Heard
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.reader import Saved
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.report.model import Check, finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import DEEP, PATIENT, Limits

SILENCE_SECONDS = 1.6
"""Three beats of a worker (`worker.BEAT_SECONDS`): then it is asked once more, and after as long again it is gone."""

WAITING_SECONDS = 120.0
"""How much longer an errand may take whose worker says that it waits for its turn: no word of it holds us for ever."""

LATE_SECONDS = 5.0
"""For the way there and back."""

BACK_SECONDS = 5.0
"""How long the connection to the server may be lost before an errand is given up."""


class GoneError(Exception):
    """The worker fell silent. `code` is what a check says that has heard some ports, `lost` where it heard none."""

    code = Code.VANTAGE_GONE
    lost = "vantage_lost"

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(seconds)
        self.seconds = round(seconds)


class LateError(GoneError):
    """It goes on saying that it is there, and has not ended after so many seconds."""

    code = Code.VANTAGE_LATE
    lost = "vantage_late"


class CutError(GoneError):
    """The bot's own way to the server is lost."""

    code = Code.VANTAGE_CUT
    lost = "vantage_unreachable"


class LostError(PlaceError):
    """One of these, before anything was heard."""

    def __init__(self, vantage: str, error: GoneError) -> None:
        super().__init__(*lost(error.lost, vantage, error.seconds))
        self.code = error.lost


class UnreachableError(NotThereError):
    """The bot itself has no connection to the server."""

    code = "vantage_unreachable"


class NotTakenError(NotThereError):
    """Somebody is connected there, and did not take the errand."""

    code = "vantage_idle"


class OddAnswerError(PlaceError):
    """What it answered is no record."""

    code = "vantage_odd"


def longest(errand: Errand) -> float:
    """Seconds that an errand may take whose worker waits for nobody."""
    return (DEEP["check"] if errand.deep else PATIENT["check"] if errand.patient else Limits().check) + LATE_SECONDS


@dataclass(frozen=True, slots=True)
class ToldControl:
    """What the control hosts answered to another machine."""

    attempts: Mapping[int, tuple[Attempt, ...]]
    heard: Mapping[int, tuple[Greeting, ...]]

    async def reach(self, port: int, _within: float | None = None) -> tuple[Attempt, ...]:
        return self.attempts.get(port, ())

    async def greetings(self, port: int, _within: float | None = None) -> tuple[Greeting, ...]:
        return self.heard.get(port, ())


@dataclass(frozen=True)
class Remote:
    """Checks from one place, as `Prober` does from here. `nobody` says who is there instead.

    `workers` are those of the place, as far as it is known: what one of them is not able to do is not asked for.
    `patient`: a server that was slow is waited for longer, by workers that are able to.
    """

    link: Link
    subjects: Subjects
    source: str
    store: TrustStore
    now: Callable[[], datetime]
    nobody: Callable[[str], Awaitable[DeclinedError]]
    lane: Lane = "people"
    workers: tuple[Hello, ...] = ()
    patient: bool = False
    clock: Callable[[], float] = time.monotonic

    @property
    def vantage(self) -> str:
        return f"{self.subjects.name}/{self.source}" if self.source else self.subjects.name

    async def check(
        self, target: Target, ports: Sequence[int], *, check_id: str, heard: Heard, deep: bool = False
    ) -> Check:
        """As `Prober.check`. DeclinedError where nobody is there, or it is not done."""
        at, began = self.now(), self.clock()
        how = {"source": self.source, "lane": self.lane, "patient": self.patient and self._is_able(Ability.PATIENT)}
        errand = check_of(target, tuple(ports), id=new_id(at), deep=deep, **how)
        hearing = Hearing(errand.ports, self.store, at, heard)
        gone: GoneError | None = None
        try:
            saved = await self._done(errand, hearing)
        except GoneError as error:
            gone = error
            found = hearing.so_far()
            if found is None:
                raise LostError(self.vantage, error) from None
            saved = found
        facts = replace(
            saved.facts,
            id=check_id,
            target=target.name,
            vantage=self.vantage,
            started_at=at,
            elapsed_ms=(self.clock() - began) * 1000,
        )
        check = replay(replace(saved, facts=facts), store=self.store)
        return self._incomplete(check, hearing, gone) if gone else check

    async def asked_control(self, ports: Sequence[int]) -> "ToldControl":
        """What the control hosts answered there. DeclinedError as in `check`."""
        at = self.now()
        errand = Errand(new_id(at), "network", tuple(ports), source=self.source, lane=self.lane)
        try:
            saved = await self._done(errand, Hearing(errand.ports, self.store, at, lambda _news: None))
        except GoneError as error:
            raise LostError(self.vantage, error) from None
        return ToldControl(saved.facts.controls, saved.facts.greetings)

    def _incomplete(self, check: Check, hearing: Hearing, error: GoneError) -> Check:
        params: dict[str, str | int] = {"vantage": self.vantage, "heard": ", ".join(map(str, hearing.ports_heard()))}
        params |= {"seconds": error.seconds} if error.code is Code.VANTAGE_LATE else {}
        return replace(check, findings=(finding(error.code, params), *check.findings))

    def _is_able(self, ability: Ability) -> bool:
        """Whether all of its workers are known to be: one of them takes the errand."""
        return bool(self.workers) and lacking(self.workers, {ability}) is None

    async def _done(self, errand: Errand, hearing: Hearing) -> Saved:
        """The record of the whole. Raises `GoneError`, and `DeclinedError` with what stands against it there."""
        if (lacks := lacking(self.workers, errand.needs)) is not None:
            raise PlaceError(*not_able(self.subjects.name, *lacks))
        try:
            async with self._asked(errand) as exchange:
                return await self._heard_out(exchange, hearing, longest(errand))
        except NobodyThereError:
            raise await self.nobody(self.vantage) from None
        except NotConnectedError:
            raise UnreachableError(*unreachable(self.vantage)) from None
        except RefusedError as error:
            raise PlaceError(*refused(self.vantage, error.why, error.detail)) from None
        except RecordError as error:
            raise OddAnswerError(*no_record(self.vantage, error.message)) from error

    @asynccontextmanager
    async def _asked(self, errand: Errand) -> AsyncIterator[Exchange]:
        """The errand, under way; who leaves before its end lets the worker know."""
        async with self.link.exchange(self.subjects.errand, errand.to_bytes()) as exchange:
            try:
                yield exchange
            except BaseException:
                await self.link.publish(self.subjects.cancel, errand.id.encode())
                raise

    async def _heard_out(self, exchange: Exchange, hearing: Hearing, within: float) -> Saved:
        began, silent, answered = self.clock(), 0, False
        while self.clock() - began < within + (WAITING_SECONDS if hearing.waited else 0.0):
            try:
                data = await exchange.answer(SILENCE_SECONDS)
            except NobodyThereError:
                if not answered:
                    raise
                raise GoneError from None  # it was asked once more, and has left
            if data is not None:
                silent, answered = 0, True
                if (saved := hearing.hear(data)) is not None:
                    return saved
                continue
            silent += 1
            if silent * SILENCE_SECONDS > (SILENCE_SECONDS if self.link.is_up else BACK_SECONDS):
                raise GoneError if self.link.is_up else CutError
            await self._once_more(exchange)
        raise LateError(self.clock() - began)

    async def _once_more(self, exchange: Exchange) -> None:
        """Ask again, where there is a way to ask."""
        try:
            await exchange.ask()
        except NotConnectedError:
            return
