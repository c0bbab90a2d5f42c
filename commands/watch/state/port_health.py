"""Whether a host and port is well, by what a check (`portero.check/2`) saw on all of its addresses. Pure.

On 25 senders look at no certificate; on every other port mail programs do, and refuse a server whose certificate is not
sound (RFC 8314 section 3.3). What time did to a certificate is wrong for everybody. The rest may be meant, as with an
authority of one's own: it counts where the certificate was sound when the port was first seen (`endpoints`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from commands.smtpcheck.result.document import apart, reached, seen_in
from commands.smtpcheck.result.findings import RELAY, Code
from commands.smtpcheck.result.health import OUT_OF_DATE, WORTH, Evidence, carries_mail, health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.states import State
from commands.watch.state.observation import Egress, Outcome

Document: TypeAlias = Mapping[str, Any]

WRONG_MODE = Code.IMPLICIT_TLS
"""The code of a port 25 that speaks TLS from the first byte."""

PERHAPS_MEANT = (
    Code.CERT_NAME_MISMATCH,
    Code.CERT_NO_SAN,
    Code.CERT_SELF_SIGNED,
    Code.CERT_UNTRUSTED,
    Code.CERT_INVALID,
    Code.CERT_CHAIN_INCOMPLETE,
    Code.CERT_UNPARSABLE,
)
FLAWS = (*OUT_OF_DATE, *PERHAPS_MEANT)
"""Findings for which mail programs refuse a certificate; of several the first is named."""


@dataclass(frozen=True, slots=True)
class PortHealth:
    """One host and port over all its addresses.

    `flaw` is why mail programs refuse its certificate, if they do. `no_login`: a submission port offers none.
    `awaited`: we left before a word was due.
    """

    name: str
    port: int
    outcome: Outcome
    state: str
    tls: str
    flaw: str = ""
    no_login: bool = False
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class _One:
    outcome: Outcome
    state: str
    tls: str
    flaw: str
    no_login: bool
    awaited: bool = False


def flaw_of(codes: Collection[str]) -> str:
    """Why mail programs refuse a certificate beside which these findings stand, if they do."""
    return next((code for code in FLAWS if code in codes), "")


def endpoints_of(document: Document, egress: Mapping[int, Egress]) -> Iterable[PortHealth]:
    """Each host and port once. `egress` holds the ports that gave no answer and what the controls say of them."""
    for (host, port), group in reached(document["endpoints"]).items():
        yield _together(f"{host}:{port}", port, [_one(each, egress) for each in _reachable(group)])


def down_addresses(document: Document) -> dict[str, str]:
    """`mail.example.com[192.0.2.7]:25` -> its state, of each address that is down where another works."""
    found: dict[str, str] = {}
    for members in reached(document["endpoints"]).values():
        found |= {name_of_address(one): _one(one, {}).state for one, code in apart(members) if code in DOWN}
    return found


DOWN = frozenset({Code.ADDRESS_DOWN})


def unknown_addresses(document: Document) -> set[str]:
    """The addresses of which this check says nothing."""
    return {name for name, outcome in _addresses(document) if outcome in {"unknown", "blind"}}


def unwell_addresses(document: Document) -> set[str]:
    """Those that were not seen well, whatever the others are like."""
    return {name for name, outcome in _addresses(document) if outcome != "good"}


def _addresses(document: Document) -> Iterator[tuple[str, Outcome]]:
    for members in reached(document["endpoints"]).values():
        yield from ((name_of_address(one), WORTH[health(seen_in(one))].outcome) for one in members)


def has_pool(document: Document) -> bool:
    """Whether a host of it was asked at several addresses."""
    endpoints = document["endpoints"]
    if len({(each["host"], each["port"]) for each in endpoints}) == len(endpoints):
        return False
    return any(len(members) > 1 for members in reached(document["endpoints"]).values())


def name_of_address(endpoint: Document) -> str:
    return f"{endpoint['host']}[{endpoint['address']}]:{endpoint['port']}"


def _reachable(group: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """IPv6 without a route says that we have none; it counts only where there is nothing else to go by."""
    rest = [each for each in group if not (each["state"] == "unreachable" and ":" in each["address"])]
    return rest or group


def _together(name: str, port: int, each: Sequence[_One]) -> PortHealth:
    """One address that answers is enough; one that says nothing leaves the whole open."""
    order: tuple[Outcome, ...] = ("good", "unknown", "blind", "bad")
    outcome = next(kind for kind in order if any(one.outcome == kind for one in each))
    alike = [one for one in each if one.outcome == outcome]
    best = min(alike, key=lambda one: (one.tls != "ok", one.flaw != ""))
    no_login = all(one.no_login for one in alike)
    awaited = any(one.awaited for one in alike)
    return PortHealth(name, port, outcome, alike[0].state, best.tls, best.flaw, no_login, awaited)


def _one(endpoint: Mapping[str, Any], egress: Mapping[int, Egress]) -> _One:
    seen = seen_in(endpoint)
    flaw = "" if seen.port == RELAY else flaw_of(seen.codes)
    no_login = Code.AUTH_NOT_OFFERED in seen.codes
    worth = health(seen, egress.get(seen.port, "unknown"))
    outcome = WORTH[worth].outcome
    if _takes_no_mail(seen):
        return _One(outcome, WRONG_MODE, seen.tls, flaw, no_login)
    if outcome == "bad" and carries_mail(seen):
        return _One(outcome, flaw, seen.tls, flaw, no_login)
    state = seen.state if seen.state != State.OPEN else f"tls_{seen.tls or 'none'}"
    return _One(outcome, state, seen.tls, flaw, no_login, worth is Health.AWAITED)


def _takes_no_mail(seen: Evidence) -> bool:
    """Other servers do not speak TLS from the first byte (RFC 3207 is all they know on 25)."""
    return seen.port == RELAY and seen.mode == "implicit" and seen.state == State.OPEN
