"""The connections of a check: which it makes, one at a time to each (address, port), so many at once in all.

At most six a check, one address a host (IPv4 first): the best host gets every port, the next ones port 25 alone, or
the ports that were asked for. What a deep check adds is for `deep`. Which they are is decided by pure functions.

Rule: never two connections to one (address, port) at a time, also across checks; one that still says QUIT counts. Who
wants to speak to an endpoint waits until the one before has gone, first come, first served. QUIT is said behind the
answer's back.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from commands.smtpcheck.address.public_addresses import DENIED_BY_OWNER, Guard
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.states import REFUSING, NotSeen, State, TlsState
from commands.smtpcheck.wire.connection import CONNECTION_LIMIT, AddressPort, Endpoint, Limits, mode_of
from commands.smtpcheck.wire.record import Record
from commands.smtpcheck.wire.session import Session


def plan(dns: Dns, ports: Sequence[int]) -> list[Endpoint]:
    """The endpoints to speak to, most important first."""
    return list(islice(_wishes(dns, ports), CONNECTION_LIMIT))


def _wishes(dns: Dns, ports: Sequence[int]) -> Iterator[Endpoint]:
    hosts = [host for host in dns.hosts if host.addresses]
    for number, host in enumerate(hosts):
        address = min(host.addresses, key=lambda literal: ":" in literal)
        wanted = ports if number == 0 else [port for port in ports if port == 25] or ports
        for port in wanted:
            yield Endpoint(host.name, address, port, mode_of(port))


ANSWERED = REFUSING | {State.NOT_SMTP, State.RATE_LIMITED, State.TEMP_REFUSED}
"""States of a second try that say who is there: an HTTP server, say, or a mail server that is busy."""


def second_try(endpoint: Endpoint, state: State, tls_state: TlsState | NotSeen) -> Endpoint | None:
    """The one other way that an endpoint may answer, or None.

    A port that is silent may wait for TLS (some providers do on 587); a server that refuses the name in the
    ClientHello may take one without.
    """
    if state == State.NO_GREETING and endpoint.mode == "starttls":
        return replace(endpoint, mode="implicit")
    if tls_state == TlsState.SNI_REJECTED and endpoint.sni:
        return replace(endpoint, sni=False)
    return None


def tells_more(state: State, tls_state: TlsState | NotSeen) -> bool:
    """Whether the second try came further: a handshake, or at least an answer where there had been none."""
    return tls_state == TlsState.OK or state in ANSWERED


def forbidden(dns: Dns, guard: Guard) -> list[Finding]:
    """Findings for hosts that lead where nobody may connect: none of their addresses is probed.

    Which address it was is not said: the answer of an inner resolver is nobody's business.
    """
    places = [((dns.name, *dns.aliases), ()), *(((host.name, *host.aliases), host.addresses) for host in dns.hosts)]
    denied = {}
    for names, addresses in places:
        reason = _why_not(guard, names, addresses)
        if reason:
            code = Code.DENIED_BY_OWNER if reason == DENIED_BY_OWNER else Code.FORBIDDEN
            denied[names[0], code] = finding(
                code, {"host": names[0], "reason": reason, "by_address": is_address(names[0])}
            )
    return list(denied.values())


def _why_not(guard: Guard, names: Sequence[str], addresses: Sequence[str]) -> str:
    verdict = guard.judge_host(names, addresses)
    return "" if verdict.allowed or verdict.reason == "no_address" else verdict.reason


Heard = Callable[[EndpointReport | Endpoint], None]
"""Is told of every endpoint that has answered, and in a deep check of every further connection that is to be made."""


@dataclass
class Budget:
    """`ends` is by `clock`, in seconds; `spare` counts the connections that may still be made."""

    at: datetime
    ends: float
    clock: Callable[[], float]
    heard: Heard
    spare: int
    limits: Limits

    def left(self) -> float:
        return max(0.0, self.ends - self.clock())

    def has_spare_connection(self) -> bool:
        """Take one of the connections that the check may still make, if there is one."""
        self.spare -= 1
        return self.spare >= 0


class Queues:
    """A queue for every (address, port), first come, first served. An entry lives as long as somebody needs it."""

    def __init__(self) -> None:
        self._locks: dict[AddressPort, asyncio.Lock] = {}
        self._waiting: dict[AddressPort, int] = {}

    def __len__(self) -> int:
        return len(self._locks)

    async def take(self, key: AddressPort) -> None:
        """Wait for the turn; who is cancelled while he waits has none to give back."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            await lock.acquire()
        except BaseException:
            self._leave(key)
            raise

    def give(self, key: AddressPort) -> None:
        self._locks[key].release()
        self._leave(key)

    def _leave(self, key: AddressPort) -> None:
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key], self._locks[key]


CONNECTIONS_AT_ONCE = 256


class Sessions:
    """`places` bounds the sessions that speak at once; `queues` are one for each endpoint."""

    def __init__(self) -> None:
        self.queues = Queues()
        self.places = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, session: Session, key: AddressPort, budget: Budget) -> Record:
        """The record of one session, whose turn is waited for as long as the check has time."""
        try:
            async with asyncio.timeout(budget.left()):
                await self.queues.take(key)
        except TimeoutError:
            return await session.run(0.0)
        try:
            return await session.run(budget.left())
        finally:
            self.behind(self._quit(session, key))

    def behind(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something behind the answer's back; `close` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for everything that is done behind the answers' back."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _quit(self, session: Session, key: AddressPort) -> None:
        """Say QUIT behind the answer's back, then free the place: the answer need not wait a round trip for it."""
        try:
            await session.farewell()
        finally:
            self.queues.give(key)
