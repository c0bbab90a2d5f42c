"""What every state and finding of a check rests on, by the table of needed facts: what is not there is named."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import product

from commands.smtpcheck.experiments.proxy_header import was_read
from commands.smtpcheck.report.model import Check, EndpointReport, Finding
from commands.smtpcheck.result.needed_facts import NEEDED, Fact
from commands.smtpcheck.wire.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    HELO,
    PROXY_HEADERS,
    STARTTLS,
    Record,
    read_extensions,
)

ENDS = {"closed", "reset", "tls", "os", "local", "other", "malformed"}
NO_WAY = {"unreachable", "no_route"}


def _replies(record: Record) -> list[int]:
    said = [step.code for step in record.steps if step.code is not None]
    lines = [chunk.data for chunk in record.chunks if chunk.sender == "server"]
    return [*said, *(int(data[:3]) for data in lines if data[:3].isdigit() and data[:3].isascii())]


def _has(record: Record, *names: str) -> bool:
    return any(record.step(name) is not None for name in names)


def _says(record: Record, code: int, *names: str) -> bool:
    return any((step := record.step(name)) is not None and step.code == code for name in names)


def _server_bytes(record: Record) -> bool:
    heard = any(chunk.sender == "server" for chunk in record.chunks)
    return heard or any(step.code is not None or step.text or step.detail for step in record.steps)


def _keywords(record: Record) -> bool:
    return any(read_extensions(record.step(name)).keywords for name in (EHLO, EHLO_AFTER_TLS))


def _handshake(record: Record) -> bool:
    """Its result, or a client that went on after its ClientHello."""
    return record.handshake is not None or sum(chunk.sender == "client" for chunk in record.chunks) > 1


SEEN: Mapping[Fact, Callable[[Record], bool]] = {
    Fact.TCP_REFUSED: lambda it: it.connect == "refused",
    Fact.TCP_SILENT: lambda it: it.connect == "no_answer",
    Fact.TCP_UNREACHABLE: lambda it: it.connect in NO_WAY,
    Fact.TURNED_BACK: lambda it: it.connect in {"refused", *NO_WAY},
    Fact.UNANSWERED: lambda it: it.connect in {"refused", "no_answer", "not_permitted", *NO_WAY},
    Fact.OWN_REFUSAL: lambda it: it.connect in {"not_permitted", "forbidden"} or it.icmp is not None,
    Fact.CONNECTED: lambda it: it.connect == "connected",
    Fact.OUR_TIME: lambda it: (
        it.connect in {"not_finished", "not_begun", "held_up", "not_heard"}
        or (it.last is not None and it.last.error in {"not_finished", "held_up"})
    ),
    Fact.WAITED: lambda it: any(step.error == "timeout" for step in it.steps),
    Fact.ENDED: lambda it: bool(it.ended) or any(step.error in ENDS for step in it.steps),
    Fact.BYTES: _server_bytes,
    Fact.GREETING_REPLY: lambda it: (step := it.step(GREETING)) is not None and step.code is not None,
    Fact.REFUSAL: lambda it: any(code >= 400 or code < 200 for code in _replies(it)),
    Fact.EHLO_TAKEN: lambda it: _says(it, 250, EHLO, HELO),
    Fact.HELO_TAKEN: lambda it: _says(it, 250, HELO),
    Fact.EHLO_ASKED: lambda it: _has(it, EHLO, EHLO_AFTER_TLS),
    Fact.KEYWORDS: _keywords,
    Fact.KEYWORDS_IN_TLS: lambda it: bool(
        read_extensions(it.step(EHLO if it.mode == "implicit" else EHLO_AFTER_TLS)).keywords
    ),
    Fact.NO_STARTTLS: lambda it: "STARTTLS" not in read_extensions(it.step(EHLO)).keywords,
    Fact.TLS_TRIED: lambda it: it.mode == "implicit" or _has(it, STARTTLS, EHLO_AFTER_TLS),
    Fact.HANDSHAKE: _handshake,
    Fact.CHAIN: lambda it: it.handshake is not None and bool(it.handshake.chain),
    Fact.REPLY_TO_STARTTLS: lambda it: (
        (step := it.step(STARTTLS)) is not None
        and (step.code is not None or step.error == "malformed" or any(one.sender == "server" for one in it.chunks))
    ),
}
"""What the endpoint's own connection shows."""


def _asked_on(asked: Collection[int], found: Finding, report: EndpointReport | None) -> bool:
    """Whether that was asked on the port that it is about; of all ports, whether on one."""
    port = report.port if report else found.params.get("port")
    return port in asked if port else bool(asked)


def _asked_beside(check: Check, report: EndpointReport | None) -> Iterator[Record]:
    """The further connections to the same address."""
    for record in check.facts.experiments:
        if report is None or record.address == report.record.address:
            yield record


def _looked_up(check: Check, found: Finding) -> bool:
    return any(code in {found.code, "dns_invented"} for code, _ in (*check.facts.dns.findings, *check.facts.policy))


def _left(check: Check) -> Iterator[str]:
    """The addresses that were not asked on each port that was asked of some."""
    asked = {(one.record.host, one.record.address, one.port) for one in check.endpoints}
    for host, port in product(check.facts.dns.hosts, {port for *_, port in asked}):
        yield from (address for address in host.addresses if (host.name, address, port) not in asked)


Look = Callable[[Check, EndpointReport | None, Finding], bool]
SEEN_OF_CHECK: Mapping[Fact, Look] = {
    Fact.CONTROLS_ASKED: lambda check, report, found: _asked_on(check.facts.controls, found, report),
    Fact.GREETINGS_COMPARED: lambda check, report, found: _asked_on(check.facts.greetings, found, report),
    Fact.PORT_BESIDE: lambda check, report, _: any(
        report and one.record.address == report.record.address and one.port != report.port for one in check.endpoints
    ),
    Fact.ADDRESS_BESIDE: lambda check, _report, _found: len({one.record.address for one in check.endpoints}) > 1,
    Fact.ASKED_AGAIN: lambda check, report, _: any(_asked_beside(check, report)),
    Fact.HEADER_READ: lambda check, report, _: any(
        one.purpose in PROXY_HEADERS and was_read(one) for one in _asked_beside(check, report)
    ),
    Fact.SMALL_SEGMENTS: lambda check, report, _: any(
        one.purpose == "small_segments" and one.handshake is not None for one in _asked_beside(check, report)
    ),
    Fact.ASKED_DEEP: lambda check, _report, _found: check.facts.further is not None,
    Fact.LOOKED_UP: lambda check, _report, found: _looked_up(check, found),
    Fact.ADDRESSES_JUDGED: lambda check, _report, _found: bool(check.facts.denied),
    Fact.HOSTS_LEFT: lambda check, _report, _found: any(_left(check)),
    Fact.ELSEWHERE: lambda check, _report, _found: check.facts.vantage != "local",
}
"""What takes the whole check."""


def lacking(check: Check) -> list[str]:
    """What the check says without having seen what the table wants, in words; a test expects none."""
    said: list[tuple[EndpointReport | None, Finding]] = [(None, found) for found in check.findings]
    said += [(report, found) for report in check.endpoints for found in report.findings]
    missing = [
        f"{found.code} without: {fact}"
        for report, found in said
        for fact in NEEDED[found.code]
        if not is_seen(fact, check, report, found)
    ]
    states = ((report, fact) for report in check.endpoints for fact in NEEDED[report.state])
    return missing + [
        f"state {report.state} without: {fact}"
        for report, fact in states
        if fact in SEEN and not SEEN[fact](report.record)
    ]


def is_seen(fact: Fact, check: Check, report: EndpointReport | None, found: Finding) -> bool:
    if fact in SEEN_OF_CHECK:
        return SEEN_OF_CHECK[fact](check, report, found)
    return report is None or SEEN[fact](report.record)
