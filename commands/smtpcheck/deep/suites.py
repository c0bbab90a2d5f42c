"""Which older cipher suites a server accepts, told by as few hellos as possible; TLS 1.3 has only sound ones. Pure.

A hello offers every group of `cipher_suites.ASKED` that is not known yet. What the server picks is accepted, and the
rest is asked again without it; a refusal speaks for all that was offered. A sound server takes one or two connections.

Rule: only what the server said counts. Who hangs up without an alert (Windows does) has said nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.tls.cipher_suites import ASKED, BROKEN, GROUP_OF, GROUPS, NUMBERS
from commands.smtpcheck.tls.hello import HELLO, NO_SUCH, PROTOCOL_VERSION, SMALLEST_DH, Answer, offered, read_answer
from commands.smtpcheck.wire.record import OWN_HELLO, Record

SSL3 = "SSLv3"


class Exchange(NamedTuple):
    """What a hello of ours offered, up to which version, and what the server said to it."""

    version: str
    groups: tuple[str, ...]
    answer: Answer


def exchanges(records: Iterable[Record]) -> Iterator[Exchange]:
    """One for each hello of ours that was sent."""
    for record in records:
        sent = (place for place, it in enumerate(record.chunks) if it.sender == "client" and it.data[0] == HELLO)
        place = next(sent, None) if record.purpose in OWN_HELLO else None
        version, numbers = offered(record.chunks[place].data) if place is not None else ("", ())
        if place is not None and version:
            said = b"".join(chunk.data for chunk in record.chunks[place + 1 :] if chunk.sender == "server")
            groups = tuple(dict.fromkeys(GROUP_OF[number] for number in numbers if number in GROUP_OF))
            yield Exchange(version, groups, read_answer(said))


def accepted_suites(records: Iterable[Record]) -> dict[str, str]:
    """Every group of `ASKED` with yes, no or unknown; nothing where none was asked for."""
    told: dict[str, str] = {}
    for _, groups, answer in exchanges(_for_suites(records)):
        told = told or dict.fromkeys(ASKED, "unknown")
        chosen = GROUP_OF[NUMBERS[answer.suite]] if answer.suite else ""
        if chosen in told and chosen in groups:
            told[chosen] = "yes"
        elif answer.alert in NO_SUCH:
            told |= {group: "no" for group in groups if told.get(group) == "unknown"}
    return told


def next_suites(records: Sequence[Record]) -> tuple[int, ...]:
    """The suites to offer next, worst first; nothing when all is known, or the server has left a hello unanswered."""
    told = accepted_suites(records) or dict.fromkeys(ASKED, "unknown")
    left = tuple(group for group in ASKED if told[group] == "unknown")
    tried = {groups for _, groups, _ in exchanges(_for_suites(records))}
    if left in tried or len(tried) < len(_for_suites(records)):
        return ()
    return tuple(number for group in left for number in GROUPS[group])


def _for_suites(records: Iterable[Record]) -> list[Record]:
    return [record for record in records if record.purpose == "suites"]


def takes_ssl3(records: Iterable[Record]) -> str:
    """Whether the server speaks SSL 3.0: yes, no or unknown.

    A hello names its highest version alone: who answers one of TLS 1.2 with protocol_version speaks nothing below.
    """
    every = list(exchanges(records))
    if any(exchange.answer.version == SSL3 for exchange in every):
        return "yes"
    refused = any(answer.alert in NO_SUCH for version, _, answer in every if version == SSL3)
    return "no" if refused or any(answer.alert == PROTOCOL_VERSION for _, _, answer in every) else "unknown"


def chain_of(record: Record) -> tuple[bytes, ...]:
    """The certificates (DER) that were sent on a connection: in its handshake, or in answer to a hello of ours."""
    if record.handshake is not None:
        return record.handshake.chain
    return next((exchange.answer.chain for exchange in exchanges([record])), ())


def suite_findings(port: int, records: Sequence[Record]) -> Iterator[Found]:
    """What is wrong with what the server picked although nobody has to offer it."""
    picked = {GROUP_OF[NUMBERS[it.answer.suite]]: it.answer for it in exchanges(records) if it.answer.suite}
    broken = [picked[group].suite for group in BROKEN if group in picked]
    if broken:
        yield Code.TLS_BROKEN_SUITES, {"port": port, "suites": ", ".join(broken)}
    if "anonymous" in picked:
        yield Code.TLS_ANONYMOUS_SUITES, {"port": port, "suite": picked["anonymous"].suite}
    if "static" in picked:
        yield Code.TLS_STATIC_SUITES, {"port": port, "suite": picked["static"].suite}
    if "dhe" in picked and 0 < picked["dhe"].dh_bits < SMALLEST_DH:
        yield Code.TLS_SMALL_DH, {"port": port, "bits": picked["dhe"].dh_bits}


def lacks_staple(records: Iterable[Record]) -> bool:
    """Whether the server answered a hello that asked for a stapled OCSP reply, with a certificate and without one."""
    certified = [
        answer for version, _, answer in exchanges(records)
        if answer.is_whole and answer.suite and version != SSL3 and GROUP_OF[NUMBERS[answer.suite]] != "anonymous"
    ]  # fmt: skip
    return bool(certified) and not any(answer.stapled for answer in certified)
