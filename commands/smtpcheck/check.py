"""One check, from a target to a verdict: look up, guard, plan, speak to every port at once, judge."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from commands.smtpcheck.control import Control
from commands.smtpcheck.deep.deepening import deepen
from commands.smtpcheck.deep.questions import CONNECTIONS
from commands.smtpcheck.deep.sweep import context_up_to
from commands.smtpcheck.guard import Guard
from commands.smtpcheck.lookup.facts import Dns
from commands.smtpcheck.lookup.resolve import Resolver
from commands.smtpcheck.model import Check, EndpointReport, Facts
from commands.smtpcheck.plan import CONNECTION_LIMIT, forbidden, permitted, plan, second_try, tells_more
from commands.smtpcheck.result.findings import Found
from commands.smtpcheck.target import Target
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import Recommend, conclude
from commands.smtpcheck.verdict.report import judge
from commands.smtpcheck.verdict.sides import ask
from commands.smtpcheck.verdict.strangers import hear
from commands.smtpcheck.wire.connection import Route, direct
from commands.smtpcheck.wire.dialogue import Dialogue
from commands.smtpcheck.wire.outing import Heard, Outing
from commands.smtpcheck.wire.record import Further, Record
from commands.smtpcheck.wire.session import DEEP, Endpoint, Limits
from commands.smtpcheck.wire.visits import Visits

DEFAULT_PORTS = (25, 465, 587, 2525)


Follows = Callable[[Sequence[EndpointReport]], tuple[Found, ...]]
"""What follows from a mail policy and the probed endpoints: finding codes with their parameters."""

Examine = Callable[[Dns, Sequence[Endpoint], datetime], Awaitable[Follows]]
"""Looks the mail policy of a target up while its endpoints are probed."""


def _ignore(_news: EndpointReport | Endpoint) -> None:
    """Nobody wants to hear of single endpoints."""


@dataclass
class Prober:
    """Checks targets. One for the process: it shares the TLS context (20 ms to make) and knows what is in use."""

    resolver: Resolver
    guard: Guard
    store: TrustStore
    context: ssl.SSLContext
    ehlo_name: str
    now: Callable[[], datetime]
    control: Control
    recommend: Recommend
    examine: Examine | None = None
    vantage: str = "local"
    limits: Limits = field(default_factory=Limits)
    route: Route = direct
    clock: Callable[[], float] = time.perf_counter

    def __post_init__(self) -> None:
        self.visits = Visits()

    async def check(
        self,
        target: Target,
        ports: Sequence[int] = DEFAULT_PORTS,
        *,
        check_id: str,
        heard: Heard = _ignore,
        deep: bool = False,
    ) -> Check:
        """Look up, connect, speak, judge. What is not answered within `limits.check` seconds says so.

        A `deep` check waits longer (`session.DEEP`) and goes on with further connections (`deep`).
        """
        started_at, began = self.now(), self.clock()
        dns = await self.resolver.look_up(target)
        denied = forbidden(dns, self.guard)
        endpoints = plan(permitted(dns, denied), ports)
        limits, most = (replace(self.limits, **DEEP), CONNECTIONS) if deep else (self.limits, CONNECTION_LIMIT)
        session = Outing(started_at, began + limits.check, self.clock, heard, most - len(endpoints), limits)
        looking = asyncio.ensure_future(self._policy(dns, endpoints, started_at))
        try:
            probed = await asyncio.gather(*(self._probe(endpoint, session) for endpoint in endpoints))
            probed, further = await self._deepen(probed, dns, session) if deep else (probed, None)
            controls, greetings, follows = await asyncio.gather(
                ask(probed, self.control, receives_mail=bool(dns.mx)), hear(probed, target.name, self.control), looking
            )
        finally:
            looking.cancel()
        elapsed_ms = (self.clock() - began) * 1000
        facts = Facts(
            id=check_id,
            target=target.name,
            vantage=self.vantage,
            started_at=started_at,
            elapsed_ms=elapsed_ms,
            dns=dns,
            denied=tuple(denied),
            controls=controls,
            greetings=greetings,
            policy=follows(probed),
            further=further,
        )
        return conclude(facts, probed, self.recommend)

    async def _policy(self, dns: Dns, endpoints: Sequence[Endpoint], at: datetime) -> Follows:
        """What DNS and the MTA-STS policy promise of this target; nothing of a target that is not probed."""
        if self.examine is None or not endpoints:
            return lambda _probed: ()
        return await self.examine(dns, endpoints, at)

    async def _probe(self, endpoint: Endpoint, session: Outing) -> EndpointReport:
        report = judge(await self._record(endpoint, session), at=session.at, store=self.store)
        if report.state == "held_up" and session.left() > 0 and session.has_spare_connection():
            report = judge(await self._record(endpoint, session), at=session.at, store=self.store)
        other = second_try(endpoint, report.state, report.tls_state)
        if other is not None and session.has_spare_connection():
            again = judge(await self._record(other, session), at=session.at, store=self.store)
            report = again if tells_more(again.state, again.tls_state) else report
        session.heard(report)
        if report.state == "no_answer":
            self.visits.behind(self.control.reach(report.port))  # so that the answer is there when it is wanted
        return report

    async def _deepen(
        self, probed: Sequence[EndpointReport], dns: Dns, session: Outing
    ) -> tuple[list[EndpointReport], Further]:
        """The reports with those of the other address family, and what else a deep check sees."""

        def speak(endpoint: Endpoint) -> Awaitable[Record]:
            session.heard(endpoint)
            return self._record(endpoint, session)

        seen = await deepen(
            probed,
            dns,
            speak=speak,
            judge=lambda record: judge(record, at=session.at, store=self.store),
            may_connect=lambda: session.left() > 0 and session.has_spare_connection(),
        )
        return list(seen.reports), seen.further

    async def _record(self, endpoint: Endpoint, session: Outing) -> Record:
        dialogue = Dialogue(
            endpoint,
            context=context_up_to(endpoint.newest) if endpoint.newest else self.context,
            ehlo_name=self.ehlo_name,
            limits=session.limits,
            route=self.route,
            places=self.visits.places,
            clock=self.clock,
        )
        return await self.visits.pay(dialogue, (endpoint.address, endpoint.port), session)

    async def close(self) -> None:
        """Wait until every session has said QUIT (bounded by `limits.quit`)."""
        await self.visits.close()
