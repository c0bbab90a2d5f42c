"""What a deep check asks further: the next connection, given all that was seen so far, until nothing is left to ask.

Every connection is counted (`CONNECTIONS`), so rules come in the order of what they tell, and share what they see: a
handshake of the sweep also shows whether STARTTLS was announced once more. A server that turns us away is not asked
again. All but `deepen` is pure.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.deep.suites import SSL3, chain_of, next_suites
from commands.smtpcheck.deep.tls_versions import is_refusal, next_newest, offerable, with_ssl3
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.tls.certificate_findings import demands_staple, has_rsa_key
from commands.smtpcheck.tls.cipher_suites import GROUPS, NAMES
from commands.smtpcheck.tls.hello import client_hello
from commands.smtpcheck.wire.connection import AddressPort, Endpoint
from commands.smtpcheck.wire.record import EHLO, GREETING, OWN_HELLO, Further, Mode, Purpose, Record

CONNECTIONS = 20
"""Of one deep check in all, those of the normal check among them."""

PAUSE_S = 1.0
"""Before each further connection."""

LOOKS = 3
"""Connections to one port that tell whether STARTTLS comes and goes."""


@dataclass(frozen=True, slots=True)
class Probed:
    """All that was seen. `reports` are the endpoints of the normal check, in older files of the other family, too."""

    reports: tuple[EndpointReport, ...]
    dns: Dns
    further: Further

    @property
    def first(self) -> list[EndpointReport]:
        """The endpoints of the normal check."""
        return [report for report in self.reports if not report.record.purpose]

    def on(self, report: EndpointReport) -> list[Record]:
        """Every record of the endpoint's address and port in its TLS mode, the endpoint's own first."""
        every = (*(other.record for other in self.reports), *self.further.records)
        return [record for record in every if _key(record) == _key(report.record) and record.mode == report.record.mode]

    def made(self, report: EndpointReport, purpose: Purpose) -> list[Record]:
        return [record for record in self.on(report) if record.purpose == purpose]

    def turned_away(self, address: str) -> Record | None:
        """The record of a further connection that the server did not let in."""
        return next((record for record in self.further.records if record.address == address and _is_no(record)), None)


def next_connection(seen: Probed) -> Endpoint | None:
    """The connection that tells most now, or None when there is nothing left to ask."""
    return next(wishes(seen), None)


def wishes(seen: Probed) -> Iterator[Endpoint]:
    """What is left to ask, most telling first: in the end what a deep check had no connection or time for."""
    busy = {report.record.host for report in seen.first if report.state == State.RATE_LIMITED}
    every = (wish for rule in RULES for wish in rule(seen) if wish.host not in busy)
    return (wish for wish in every if seen.turned_away(wish.address) is None)


def sweep_target(seen: Probed, mode: Mode) -> EndpointReport | None:
    """The endpoint whose TLS versions are asked for: the first one of that mode where TLS works."""
    return next((one for one in seen.first if one.tls_state == TlsState.OK and one.record.mode == mode), None)


def base_of(seen: Probed, host: str) -> EndpointReport | None:
    """The endpoint of a host that its other address family is compared with: where TLS works, where a server speaks."""
    own = [report for report in seen.first if report.record.host == host]
    return min(own, key=lambda report: (report.tls_state != TlsState.OK, report.state != State.OPEN), default=None)


def _hidden(seen: Probed) -> Iterator[Endpoint]:
    for report in seen.first:
        asked = report.record.step(EHLO)
        silent = report.tls_state in {TlsState.NOT_OFFERED, TlsState.MASKED} and asked is not None and asked.code == 250
        if silent and not seen.made(report, "hidden"):
            yield _like(report, "hidden")


def _sweep(mode: Mode) -> Callable[[Probed], Iterator[Endpoint]]:
    def rule(seen: Probed) -> Iterator[Endpoint]:
        report = sweep_target(seen, mode)
        newest = next_newest(seen.on(report), seen.further.offerable) if report is not None else None
        if report is not None and newest is not None:
            yield replace(_like(report, "versions"), newest=newest)

    return rule


def _suites(mode: Mode) -> Callable[[Probed], Iterator[Endpoint]]:
    def rule(seen: Probed) -> Iterator[Endpoint]:
        report = sweep_target(seen, mode)
        suites = next_suites(seen.on(report)) if report is not None else ()
        if report is not None and suites:
            yield _with_hello(report, "suites", suites)

    return rule


def _ssl3(mode: Mode) -> Callable[[Probed], Iterator[Endpoint]]:
    """Only where older TLS did not tell already."""

    def rule(seen: Probed) -> Iterator[Endpoint]:
        report = sweep_target(seen, mode)
        if report is None or seen.made(report, "ssl3"):
            return
        if with_ssl3(seen.on(report), seen.further.offerable)[SSL3] == "unknown":
            yield _with_hello(report, "ssl3", tuple(NAMES), SSL3)

    return rule


def _stapling(seen: Probed) -> Iterator[Endpoint]:
    for report in (sweep_target(seen, "starttls"), sweep_target(seen, "implicit")):
        shake = report.record.handshake if report is not None else None
        asked = report is not None and seen.made(report, "stapling")
        if report is not None and not asked and shake and shake.chain and demands_staple(shake.chain[0]):
            yield _with_hello(report, "stapling", GROUPS["sound"])


def _other_key(seen: Probed) -> Iterator[Endpoint]:
    """An RSA certificate beside one of another kind, which who takes both is not shown; older suites may show it."""
    for report in (sweep_target(seen, "starttls"), sweep_target(seen, "implicit")):
        if report is None or not seen.made(report, "suites") or seen.made(report, "other_key"):
            continue
        known = [chain[0] for record in seen.on(report) if (chain := chain_of(record))]
        if known and not any(map(has_rsa_key, known)):
            yield _with_hello(report, "other_key", WITH_RSA)


WITH_RSA = tuple(number for number in GROUPS["sound"] if "-RSA-" in NAMES[number])
"""Suites for which a server has to show an RSA certificate."""


def _with_hello(report: EndpointReport, purpose: Purpose, suites: Sequence[int], version: str = "TLSv1.2") -> Endpoint:
    name = "" if is_address(report.record.host) or not report.record.sni else report.record.host
    return replace(_like(report, purpose), hello=client_hello(suites, version=version, name=name))


def _again(seen: Probed) -> Iterator[Endpoint]:
    """A few looks at one port; one more, alike in all, where TLS came about on some connections and not on others."""
    report = next((one for one in seen.first if one.state == State.OPEN and one.before_tls.keywords), None)
    if report is None:
        return
    records = seen.on(report)
    shaken = [record for record in records if record.purpose not in OWN_HELLO and not is_refusal(record)]
    mixed = len({record.handshake is None for record in shaken}) > 1
    if len(records) < LOOKS or (mixed and not seen.made(report, "again")):
        yield _like(report, "again")


def _no_name(seen: Probed) -> Iterator[Endpoint]:
    named = (one for one in seen.first if one.certificate and one.record.sni and not is_address(one.record.host))
    report = next(named, None)
    if report is not None and not seen.made(report, "no_name"):
        yield replace(_like(report, "no_name"), sni=False)


Rule = Callable[[Probed], Iterator[Endpoint]]
RULES: tuple[Rule, ...] = (
    _hidden,
    _sweep("starttls"),
    _again,
    _no_name,
    _sweep("implicit"),
    _suites("starttls"),
    _stapling,
    _suites("implicit"),
    _other_key,
    _ssl3("starttls"),
    _ssl3("implicit"),
)


def _like(report: EndpointReport, purpose: Purpose) -> Endpoint:
    record = report.record
    return Endpoint(record.host, record.address, record.port, record.mode, record.sni, purpose)


def _key(record: Record) -> AddressPort:
    return record.address, record.port


def _is_no(record: Record) -> bool:
    """No connection, or a greeting other than 220."""
    if record.connect != "connected":
        return True
    greeting = record.step(GREETING)
    return greeting is not None and greeting.code is not None and greeting.code != 220


Speak = Callable[[Endpoint], Awaitable[Record]]


async def deepen(
    probed: Sequence[EndpointReport], dns: Dns, *, speak: Speak, may_connect: Callable[[], bool]
) -> Probed:
    """All that was seen in the end. `may_connect` takes one of the connections that are left, or says no."""
    seen = Probed(tuple(probed), dns, Further(offerable()))
    while (endpoint := next_connection(seen)) is not None and may_connect():
        await asyncio.sleep(PAUSE_S)
        record = await speak(endpoint)
        seen = replace(seen, further=replace(seen.further, records=(*seen.further.records, record)))
    return seen
