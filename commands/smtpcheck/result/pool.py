"""The addresses of a host beside each other: which of them are alike, and what one counts for that is not. Pure.

One row for each health of a single address where another address of the same host and port works: verdict, watches and
history build on it. Availability and readings are by address as they stand, so that one of three that is down is one
reading of three. An address that this machine has no way to is left out, unless there is no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from commands.smtpcheck.result.document import seen_in
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.health import health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.states import NO_FAMILY, UNJUDGED, State, TlsState

Document: TypeAlias = Mapping[str, Any]
D = TypeVar("D", bound=Mapping[str, Any])
Place: TypeAlias = tuple[str, int]
"""A host and a port."""

WORKS = frozenset({Health.UP, Health.FAULTY})

BESIDE: Mapping[Health, Code] = {
    Health.UP: Code.ADDRESS_DIFFERS,
    Health.FAULTY: Code.ADDRESS_DOWN,
    Health.DOWN: Code.ADDRESS_DOWN,
    Health.AWAITED: Code.ADDRESS_UNKNOWN,
    Health.UNKNOWN: Code.ADDRESS_UNKNOWN,
    Health.BLOCKED_HERE: Code.ADDRESS_UNKNOWN,
}
"""What an address is beside one that works, where they are not alike; one with faults is down beside one without."""


class Service(NamedTuple):
    """What two addresses have alike when clients find the same at both.

    `certificate` is its worth (`expired`, `trusted`, ...): that each machine of a pool has a sound one of its own is no
    difference to clients.
    """

    state: str
    tls: str
    version: str
    logins: tuple[str, ...]
    certificate: str


class Shown(NamedTuple):
    """What of a certificate is compared."""

    days_left: int | None
    name_matches: bool
    trusted: bool


def certificate_kind(shown: Shown | None) -> str:
    """What a certificate is worth to a client; "" for none."""
    if shown is None:
        return ""
    if shown.days_left is None or shown.days_left < 0:
        return "unreadable" if shown.days_left is None else "expired"
    if not shown.name_matches:
        return "wrong_name"
    return "trusted" if shown.trusted else "untrusted"


def service(state: str, tls: str, version: str, logins: Iterable[str], shown: Shown | None) -> Service:
    """Of a port that is not open its state says all."""
    if state != State.OPEN:
        return Service(state, "", "", (), "")
    return Service(state, tls, version, tuple(sorted(logins)), certificate_kind(shown))


def service_in(endpoint: Document) -> Service:
    """That of a stored endpoint."""
    tls = endpoint["tls"] or {}
    found = tls.get("certificate")
    shown = Shown(*(found[name] for name in Shown._fields)) if found else None
    logins = [*endpoint["auth"]["after_tls"], *(f"clear {one}" for one in endpoint["auth"]["before_tls"])]
    return service(endpoint["state"], tls.get("state", ""), tls.get("version") or "", logins, shown)


TLS_APART: Mapping[str, str] = {"": "unseen", TlsState.OK: "tls", TlsState.NOT_OFFERED: "no_tls"}
"""State of TLS -> a word of `Language.APART`; every other failed."""


def what_differs(one: Service, usual: Service) -> str:
    """What an open port has that those of the other addresses have not: a word of `Language.APART`."""
    if one.tls != usual.tls:
        return TLS_APART.get(one.tls, "tls_fails")
    if one.certificate != usual.certificate:
        return one.certificate or "certificate"
    return "version" if one.version != usual.version else "login"


def reached(endpoints: Iterable[D]) -> dict[Place, list[D]]:
    """The endpoints of each host and port without those that this machine has no way to, unless there is no other."""
    found: dict[Place, list[D]] = {}
    for each in endpoints:
        found.setdefault((str(each["host"]), int(each["port"])), []).append(each)
    return {
        place: [one for one in several if one["state"] not in NO_FAMILY] or several for place, several in found.items()
    }


def usual_of(members: Sequence[tuple[Service, Health]]) -> Service | None:
    """What most of the addresses that work are, the first of them where none is more; None where none works."""
    healths = {comes_to for _, comes_to in members}
    best = Health.UP if Health.UP in healths else Health.FAULTY
    working = [one for one, comes_to in members if comes_to is best]
    return max(working, key=working.count, default=None)


def apart(members: Sequence[D]) -> list[tuple[D, Code]]:
    """The addresses of a stored host and port that are not as most are, where one works, and what they count for."""
    seen = [(service_in(one), health(seen_in(one))) for one in members]
    usual = usual_of(seen)
    if usual is None:
        return []
    return [
        (one, BESIDE[comes_to])
        for one, (is_like, comes_to) in zip(members, seen, strict=True)
        if is_like != usual and one["state"] not in UNJUDGED
    ]
