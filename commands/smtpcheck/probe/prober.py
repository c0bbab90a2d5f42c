"""One check, from a target to a verdict: look up, guard, plan, speak to every port at once, judge."""

import asyncio
import copy
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from commands.allowed_ports import DEFAULT_PORTS
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.deep.further_connections import CONNECTIONS, deepen
from commands.smtpcheck.deep.tls_versions import context_up_to
from commands.smtpcheck.egress.control_hosts import Control
from commands.smtpcheck.egress.own_name import OwnName, look_up_own
from commands.smtpcheck.experiments.proxy_header import was_read
from commands.smtpcheck.experiments.registry import MOST as EXPERIMENTS
from commands.smtpcheck.experiments.registry import decided, next_experiment, on
from commands.smtpcheck.experiments.second_try import answers_some, is_greeted
from commands.smtpcheck.lookup.question import Reverse, look_back
from commands.smtpcheck.lookup.resolve import Dns, Resolver
from commands.smtpcheck.policy.mail_policy import Examine, Follows
from commands.smtpcheck.probe.concurrent_connections import (
    AT_ONE_ENDPOINT,
    Budget,
    Heard,
    LookedUp,
    News,
    Place,
    Sessions,
)
from commands.smtpcheck.probe.connection_plan import (
    IN_WORDS,
    ROOM,
    MayCount,
    are_silent_together,
    counted_at_connect,
    counted_in_session,
    forbidden,
    hung_up_in_tls,
    in_tls,
    is_in_doubt,
    is_let_in,
    is_worth_an_experiment,
    plan,
    spare_beside,
    tells_more,
    to_ask_alone,
    turned_away_at_first,
    without_closed,
    without_name,
)
from commands.smtpcheck.report.model import Check, EndpointReport, Facts, permitted
from commands.smtpcheck.result.states import UNJUDGED, State
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.verdict.fault_side import ask
from commands.smtpcheck.verdict.interception import hear
from commands.smtpcheck.verdict.invented_addresses import invented, is_doubtful
from commands.smtpcheck.verdict.our_fault import is_of_our_names, own_addresses
from commands.smtpcheck.wire.connection import DEEP, PATIENT, POOL_LIMIT, Endpoint, Limits, Route, direct
from commands.smtpcheck.wire.record import Further, Record
from commands.smtpcheck.wire.session import Session

PAUSE_S, SHORT_PAUSE_S = 1.0, 0.2
"""Before a server, and a firewall, that counts connections is asked alone: it may see the end of the last one late."""


LABEL = 40
"""Characters of an id in a name that is asked for; a new one at each check, so that no cache knows it."""


def _ignore(_news: News) -> None:
    """Nobody wants to hear of single endpoints."""


@dataclass
class Prober:
    """Checks targets. One for the process: it shares the TLS context (20 ms to make) and knows what is in use.

    `source` is the address to connect from; empty for the system's choice. `doubts_refusals`: the control hosts are
    asked for each port that is refused, also beside one that answers.
    """

    resolver: Resolver
    guard: Guard
    store: TrustStore
    context: ssl.SSLContext
    ehlo_name: str
    now: Callable[[], datetime]
    control: Control
    examine: Examine | None = None
    vantage: str = "local"
    source: str = ""
    doubts_refusals: bool = False
    limits: Limits = field(default_factory=Limits)
    route: Route = direct
    clock: Callable[[], float] = time.perf_counter

    def __post_init__(self) -> None:
        self.sessions = Sessions()

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

        A `deep` check waits longer (`connection.DEEP`) and goes on with further connections (`deep`).
        """
        started_at, began = self.now(), self.clock()
        dns = without_closed(await self.resolver.look_up(target), self.guard)
        denied = forbidden(dns, self.guard)
        heard(LookedUp(dns, tuple(denied)))
        endpoints = plan(permitted(dns, denied), ports, POOL_LIMIT - ROOM if deep else POOL_LIMIT)
        limits, trials = (replace(self.limits, **DEEP), CONNECTIONS) if deep else (self.limits, EXPERIMENTS)
        budget = Budget(
            started_at, began + limits.check, self.clock, heard, spare_beside(endpoints, deep=deep), limits, trials
        )
        looking = asyncio.ensure_future(self._policy(dns, endpoints, started_at))
        try:
            probed = await asyncio.gather(*(self._probe_in_turn(endpoint, budget) for endpoint in endpoints))
            if any(map(is_in_doubt, probed)):
                await self._look_again(endpoints, probed, budget)
            further = await self._deepen(probed, dns, budget) if deep else None
            controls, greetings, follows, (own_name, own_ones), dns = await asyncio.gather(
                ask(probed, self.control, receives_mail=bool(dns.mx), doubts_refusals=self.doubts_refusals),
                hear(probed, target.name, self.control),
                looking,
                self._own_names(probed),
                self._doubted(dns, probed, check_id),
            )
        finally:
            looking.cancel()
        elapsed_ms = (self.clock() - began - budget.waited) * 1000
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
            experiments=tuple(budget.tried),
            own_name=own_name,
            own_addresses=own_ones,
        )
        return conclude(facts, probed, store=self.store)

    async def asked_control(self, _ports: Sequence[int]) -> Control:
        """The control hosts, which are asked when somebody looks at what they answer."""
        return self.control

    async def _policy(self, dns: Dns, endpoints: Sequence[Endpoint], at: datetime) -> Follows:
        """What DNS and the MTA-STS policy promise of this target; nothing of a target that is not probed."""
        if self.examine is None or not endpoints:
            return lambda _probed: ()
        return await self.examine(dns, endpoints, at)

    async def _own_names(self, probed: Sequence[EndpointReport]) -> tuple[OwnName | None, tuple[Reverse, ...]]:
        """Our name in EHLO, and that of our address, looked up where a server did not accept one of them."""
        if not any(map(is_of_our_names, probed)):
            return None, ()
        name = await look_up_own(self.ehlo_name, self.resolver)
        return name, await look_back(own_addresses(probed, name), self.resolver)

    async def _doubted(self, dns: Dns, probed: Sequence[EndpointReport], check_id: str) -> Dns:
        """The look-up; where a host did not show itself, with what our name server says of a name that cannot exist."""
        if not is_doubtful(dns, probed):
            return dns
        name = f"{check_id[:LABEL].strip('-_').lower() or 'nobody'}.invalid"
        host, _ = await self.resolver.addresses_of(name)
        return replace(dns, findings=(invented(name, host.addresses), *dns.findings)) if host.addresses else dns

    async def _probe_in_turn(self, endpoint: Endpoint, budget: Budget) -> EndpointReport:
        """At most so many addresses of a host at once: machines of a pool may count their clients together."""
        async with budget.beside(endpoint.host, endpoint.port):
            return await self._probe(endpoint, budget)

    async def _look_again(self, endpoints: Sequence[Endpoint], probed: list[EndpointReport], budget: Budget) -> None:
        """Connections that decide what was seen. Who may have counted ours is asked alone before anything else is."""
        await self._alone(endpoints, probed, budget, counted_in_session)
        await self._alone(endpoints, probed, budget, turned_away_at_first)
        one_cause = are_silent_together(probed)
        if not one_cause:
            await self._in_tls(endpoints, probed, budget)
        plain_first = sorted(probed, key=lambda report: report.record.mode == "implicit")  # less can go wrong there
        await asyncio.gather(*(self._experiment(report, budget) for report in plain_first))
        if one_cause and not any(map(was_read, budget.tried)):
            await self._in_tls(endpoints, probed, budget)
        await self._alone(endpoints, probed, budget, lambda report, _: answers_some(report, on(report, budget.tried)))
        await self._alone(endpoints, probed, budget, counted_at_connect)

    async def _in_tls(self, endpoints: Sequence[Endpoint], probed: list[EndpointReport], budget: Budget) -> None:
        """Ask silent ports once more with TLS from the first byte, which some wait for."""

        async def ask_again(place: int, other: Endpoint) -> None:
            async with budget.beside(other.host, other.port):
                again = judge(await self._record(other, budget), at=budget.at, store=self.store)
            if tells_more(again.state, again.tls_state):
                probed[place] = again
                budget.heard(again)
            elif is_greeted(again.record):
                budget.tried.append(replace(again.record, purpose="in_tls"))

        others = ((place, in_tls(endpoints[place], report.state)) for place, report in enumerate(probed))
        silent = [(place, other) for place, other in others if other is not None and budget.left() > 0]
        await asyncio.gather(*(ask_again(*each) for each in silent if budget.has_spare_connection()))

    async def _alone(
        self, endpoints: Sequence[Endpoint], probed: list[EndpointReport], budget: Budget, may_count: MayCount
    ) -> None:
        """Ask who turned us away while we spoke to another endpoint of the host once more, with no other connection."""
        for place in to_ask_alone(probed, may_count):
            report, endpoint = probed[place], endpoints[place]
            if not self._may_ask_alone(report, probed, budget):
                return
            host = (one for one in endpoints if one.host == endpoint.host)
            keys = [(one.address, one.port) for one in (endpoint, *host)]
            await asyncio.sleep(PAUSE_S if may_count is counted_in_session else SHORT_PAUSE_S)
            record = await self.sessions.run_alone(self._session(endpoint, budget), keys, budget)
            again = judge(record, at=budget.at, store=self.store)
            if is_let_in(again):
                budget.tried.append(replace(report.record, purpose="beside"))
                probed[place] = again
                budget.heard(again)
            elif again.state not in UNJUDGED:
                budget.tried.append(replace(record, purpose="alone"))

    def _may_ask_alone(self, report: EndpointReport, probed: Sequence[EndpointReport], budget: Budget) -> bool:
        """An experiment, until one has shown that the host counts; then what was refused had been no connection."""
        if all(record.purpose != "beside" for record in budget.tried):
            return is_worth_an_experiment(report, probed) and budget.has_spare_experiment()
        return budget.left() > 0 and (report.record.connect != "connected" or budget.has_spare_connection())

    async def _probe(self, endpoint: Endpoint, budget: Budget) -> EndpointReport:
        report = judge(await self._record(endpoint, budget), at=budget.at, store=self.store)
        turns = self._once_more(report)
        if turns and budget.left() > 0 and budget.has_spare_connection():
            report = judge(await self._record(endpoint, budget, turns), at=budget.at, store=self.store)
        other = without_name(endpoint, report.tls_state)
        if other is not None and budget.has_spare_connection():
            again = judge(await self._record(other, budget), at=budget.at, store=self.store)
            report = again if tells_more(again.state, again.tls_state) else report
        if hung_up_in_tls(report) and budget.has_spare_connection():
            again = judge(await self._record(endpoint, budget), at=budget.at, store=self.store)
            report = again if again.state in IN_WORDS else report
        budget.heard(report)
        if report.state == State.NO_ANSWER:
            self.sessions.behind(self.control.reach(report.port))  # so that the answer is there when it is wanted
        return report

    def _once_more(self, report: EndpointReport) -> int:
        """How many turns to wait for to ask again what went wrong because of us: none where nothing did."""
        if report.state == State.HELD_UP:
            return 1
        beside = self.sessions.queues.at((report.record.address, report.port)) > 1
        return AT_ONE_ENDPOINT if report.state == State.RATE_LIMITED and beside else 0

    async def _experiment(self, report: EndpointReport, budget: Budget) -> None:
        """Make the connections that decide what was seen, where some do."""
        if not is_in_doubt(report):
            return
        async with budget.beside(report.record.host, report.port):
            while endpoint := next_experiment(report, budget.tried, budget.begun):
                if not budget.has_spare_experiment():
                    break
                budget.begun.add((endpoint.address, endpoint.purpose))
                budget.tried.append(await self._record(endpoint, budget))
        known = decided(report, budget.tried)
        if known is not report:
            budget.heard(known)

    async def _deepen(self, probed: Sequence[EndpointReport], dns: Dns, budget: Budget) -> Further:
        """What a deep check sees beyond the endpoints."""

        def speak(endpoint: Endpoint) -> Awaitable[Record]:
            budget.heard(endpoint)
            return self._record(endpoint, budget)

        seen = await deepen(
            probed,
            dns,
            speak=speak,
            may_connect=lambda: budget.left() > 0 and budget.has_spare_connection(),
        )
        return seen.further

    async def _record(self, endpoint: Endpoint, budget: Budget, turns: int = 1) -> Record:
        key = (endpoint.address, endpoint.port)
        return await self.sessions.run(self._session(endpoint, budget), key, budget, turns)

    def _session(self, endpoint: Endpoint, budget: Budget) -> Session:
        return Session(
            endpoint,
            context=context_up_to(endpoint.newest) if endpoint.newest else self.context,
            ehlo_name=self.ehlo_name,
            limits=budget.limits,
            route=self.route,
            places=Place(self.sessions.places, budget),
            clock=self.clock,
            source=self.source,
        )

    async def close(self) -> None:
        """Wait until every session has said QUIT (bounded by `limits.quit`)."""
        await self.sessions.close()


def with_patience(prober: Prober) -> Prober:
    """The same prober (its turns, its places), which waits longer for a word."""
    patient = copy.copy(prober)
    patient.limits = replace(prober.limits, **PATIENT)
    return patient
