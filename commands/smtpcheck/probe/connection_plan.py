"""Which connections a check makes, and to which hosts none. Pure.

At most six a check to the first addresses (IPv4 first): the best host gets every port, the next ones port 25 alone, or
the ports that were asked for. Then the same ports of the hosts' other addresses, at most 24 in all. What a deep check
adds is for `deep`; how many are made at once, for `concurrent_connections`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from commands.smtpcheck.address.public_addresses import DENIED_BY_OWNER, NOWHERE, Guard
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.deep.further_connections import CONNECTIONS
from commands.smtpcheck.experiments.proxy_header import CLOSED_AFTER_MS, may_have_waited
from commands.smtpcheck.experiments.second_try import HUNG_UP, UNGREETED
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.states import REFUSING, UNJUDGED, NotSeen, State, TlsState
from commands.smtpcheck.wire.connection import CONNECTION_LIMIT, POOL_LIMIT, Endpoint, mode_of
from commands.smtpcheck.wire.record import EHLO_AFTER_TLS, GREETING, READY


def plan(dns: Dns, ports: Sequence[int], most: int = POOL_LIMIT) -> list[Endpoint]:
    """The endpoints to speak to: by host, most important first, by port, by address."""
    first = list(islice(_wishes(dns, ports), CONNECTION_LIMIT))
    addresses = {host.name: _in_order(host) for host in dns.hosts}
    if all(len(addresses[endpoint.host]) == 1 for endpoint in first):
        return first
    others = [replace(one, address=address) for one in first for address in addresses[one.host][1:]]
    planned = {*first, *others[: most - len(first)]}
    every = (replace(one, address=address) for one in first for address in addresses[one.host])
    return [endpoint for endpoint in every if endpoint in planned]


ROOM = 8
"""Connections of a deep check that a pool has to leave for what is asked further."""


def spare_beside(planned: Sequence[Endpoint], *, deep: bool) -> int:
    """How many connections a check may make beside those that are planned."""
    first = {(endpoint.host, endpoint.port) for endpoint in planned}
    return max(0, min((CONNECTIONS if deep else CONNECTION_LIMIT) - len(first), POOL_LIMIT - len(planned)))


def _wishes(dns: Dns, ports: Sequence[int]) -> Iterator[Endpoint]:
    hosts = [host for host in dns.hosts if host.addresses]
    for number, host in enumerate(hosts):
        wanted = ports if number == 0 else [port for port in ports if port == 25] or ports
        for port in wanted:
            yield Endpoint(host.name, _in_order(host)[0], port, mode_of(port))


def _in_order(host: HostAddresses) -> tuple[str, ...]:
    """Its addresses, IPv4 first."""
    return tuple(sorted(host.addresses, key=lambda literal: ":" in literal))


ANSWERED = REFUSING | {State.NOT_SMTP, State.RATE_LIMITED, State.TEMP_REFUSED}
"""States of a second try that say who is there: an HTTP server, say, or a mail server that is busy."""


def hung_up_in_tls(report: EndpointReport) -> bool:
    """Whether a server took the handshake and then, instead of answering EHLO, ended the connection or fell silent.

    One that is full says 421 and closes while our EHLO is on its way: its words may be lost with the connection, and
    the end of it, too, if a network drops the reset. It refuses the next one in words.
    """
    last = report.record.last
    ended = last is not None and last.name == EHLO_AFTER_TLS and last.error in {"closed", "reset", "timeout"}
    return report.state == State.NO_EHLO_REPLY and ended


IN_WORDS = REFUSING | {State.RATE_LIMITED, State.TEMP_REFUSED}


def in_tls(endpoint: Endpoint, state: State) -> Endpoint | None:
    """The other way that a silent port may answer: some providers wait for TLS on 587."""
    is_silent = state == State.NO_GREETING and endpoint.mode == "starttls"
    return replace(endpoint, mode="implicit") if is_silent else None


def are_silent_together(reports: Sequence[EndpointReport]) -> bool:
    """Whether several ports of one address take us and say nothing: that has one cause, and hardly that of one port."""
    silent = Counter(report.record.address for report in reports if report.state == State.NO_GREETING)
    return any(count > 1 for count in silent.values())


def without_name(endpoint: Endpoint, tls_state: TlsState | NotSeen) -> Endpoint | None:
    """The other way of a server that refuses the name in the ClientHello: it may take one without."""
    if tls_state == TlsState.SNI_REJECTED and endpoint.sni and not is_address(endpoint.host):
        return replace(endpoint, sni=False)
    return None


def tells_more(state: State, tls_state: TlsState | NotSeen) -> bool:
    """Whether the second try came further: a handshake, or at least an answer where there had been none."""
    return tls_state == TlsState.OK or state in ANSWERED


def is_in_doubt(report: EndpointReport) -> bool:
    """Whether a further connection may tell more of it."""
    return report.health is not Health.UP or any(found.code is Code.CERT_RARE_KEY for found in report.findings)


LAST_SYN_MS = 7000.0
"""A connect is tried again after 1, 3 and 7 s (RFC 6298 section 5): one beside which no connection of ours stood by
then was alone."""

OF_MAIL = (587, 25, 465)
"""Ports that are served for mail, those that matter most first: on others there rarely is a server."""


def counted_in_session(report: EndpointReport, others: Sequence[EndpointReport]) -> bool:
    """Whether a server may have turned us away for our other connections to the host: in words, or without any."""
    return any(map(was_greeted, others)) and report.state in {State.RATE_LIMITED, *HUNG_UP}


def turned_away_at_first(report: EndpointReport, others: Sequence[EndpointReport]) -> bool:
    """Whether it may greet the next connection: it refused, or hung up at once or inside TLS, and no port greeted us.

    Who waits for a PROXY header hangs up at once only on a port for implicit TLS, where a plain port beside it waits.
    """
    if any(map(was_greeted, others)):
        return False
    if report.state not in HUNG_UP:
        return report.state is State.REFUSED
    beside = (one for one in others if one.record.address == report.record.address)
    if report.record.mode == "implicit" and any(may_have_waited(one) for one in beside):
        return False
    step = report.record.step(GREETING)
    return report.record.handshake is not None or (step is not None and step.elapsed_ms < CLOSED_AFTER_MS)


def counted_at_connect(report: EndpointReport, others: Sequence[EndpointReport]) -> bool:
    """Whether a firewall may have, for those to the same address: a refusal, or silence beside one that stood on."""
    greeted = (one for one in others if was_greeted(one) and one.record.address == report.record.address)
    beside = [one.record.elapsed_ms for one in greeted]
    if report.state is State.NO_ANSWER:
        return max(beside, default=0.0) >= LAST_SYN_MS
    rejected = report.state is State.UNREACHABLE and report.record.icmp is not None and not report.record.icmp.own
    return bool(beside) and (rejected or report.state is State.REFUSED)


MayCount: TypeAlias = Callable[[EndpointReport, Sequence[EndpointReport]], bool]


def to_ask_alone(reports: Sequence[EndpointReport], may_count: MayCount) -> list[int]:
    """The places of those that were turned away, and may be let in alone, the most telling first."""
    found = []
    for place, report in enumerate(reports):
        others = [one for one in reports if one is not report and one.record.host == report.record.host]
        found += [place] if may_count(report, others) else []
    order = {port: rank for rank, port in enumerate(OF_MAIL)}
    return sorted(found, key=lambda place: order.get(reports[place].port, len(order)))


def is_worth_an_experiment(report: EndpointReport, reports: Sequence[EndpointReport]) -> bool:
    """Whether to ask it alone before it is known that the host counts: nearly all hosts refuse a port or two."""
    return report.port in OF_MAIL or report.record.connect == "connected" or sum(map(was_greeted, reports)) == 1


def was_greeted(report: EndpointReport) -> bool:
    step = report.record.step(GREETING)
    return step is not None and step.code == READY


def is_let_in(report: EndpointReport) -> bool:
    """Whether one that was asked once more, alone, came further than to be turned away: a server spoke to us."""
    step = report.record.step(GREETING)
    spoke = step is not None and step.code is not None
    return spoke and report.state not in {State.RATE_LIMITED, *UNGREETED, *UNJUDGED}


def without_closed(dns: Dns, guard: Guard) -> Dns:
    """The look-up without addresses that are not public, where a host has public ones beside them, and why not.

    Which address it was is not said: the answer of an inner resolver is nobody's business.
    """
    hosts: list[HostAddresses] = []
    found: list[Found] = []
    for host in dns.hosts:
        opened = guard.open_addresses(host.addresses)
        if len(opened) == len(host.addresses):
            hosts.append(host)
            continue
        is_open = bool(opened) and guard.judge_host((host.name, *host.aliases), host.addresses).allowed
        hosts.append(replace(host, addresses=opened) if is_open else host)
        closed = [guard.judge(one).reason for one in host.addresses if one not in opened] if is_open else []
        found += [(Code.ADDRESS_UNUSABLE, {"host": host.name, "kind": kind}) for kind in sorted({*closed} & NOWHERE)]
        inner = [reason for reason in closed if reason not in NOWHERE]
        found += [(Code.ADDRESS_NOT_PUBLIC, {"host": host.name, "count": len(inner)})] if inner else []
    return replace(dns, hosts=tuple(hosts), findings=(*dns.findings, *found)) if found else dns


def forbidden(dns: Dns, guard: Guard) -> list[Finding]:
    """Findings for hosts that lead only where nobody may connect, or whose owner objected: none of them is probed."""
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
