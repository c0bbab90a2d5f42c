"""The stored document of a check, read: what its parts mean, and what of it counts. Pure and without words.

Schema `portero.check/2` holds codes and parameters. Rows of `portero.check/1` hold the sentences of their time, which
are kept as they are.

A host with several addresses is a pool: what most of them show is what its port is, and an address that is not so
counts by the row of its health (`BESIDE`), for verdict, watches and history alike. Readings and availability are by
address as they stand. An address that this machine has no way to is left out, unless there is no other.

`facts` are what an operator calls changed when it is different. Not latency, not the days that pass until a certificate
ends. `/smtpcheck` keeps their fingerprint, `/smtphistory` compares them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.health import Evidence, health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.states import NO_FAMILY, UNJUDGED, State, TlsState

Document: TypeAlias = Mapping[str, Any]
D = TypeVar("D", bound=Mapping[str, Any])
Place: TypeAlias = tuple[str, int]
"""A host and a port."""

OF_ONE_CONNECTION = frozenset({"port", "address", "seconds", "waited", "position"})
"""Parameters that differ between the endpoints of one host although the finding is the same."""


def seen_in(endpoint: Document) -> Evidence:
    """What the health of a stored endpoint follows from."""
    tls = endpoint["tls"] or {}
    mode, state = tls.get("mode", "starttls"), tls.get("state", "")
    return Evidence(endpoint["state"], endpoint["port"], mode, state, endpoint["address"], codes_of(endpoint))


def codes_of(endpoint: Document) -> frozenset[str]:
    """The codes of an endpoint's findings."""
    return frozenset(str(finding.get("code", "")) for finding in endpoint["findings"])


def stored_summary(document: Document) -> str:
    """The first line as it stands in a row of its own: statements as JSON."""
    return json.dumps(document["summary"], separators=(",", ":"))


def is_same(finding: Document, other: Document) -> bool:
    """Whether two findings say the same, on whatever port."""
    return _without_place(finding) == _without_place(other)


def _without_place(finding: Document) -> Document:
    params = {name: value for name, value in finding.get("params", {}).items() if name not in OF_ONE_CONNECTION}
    return {"code": finding["code"], "message": finding.get("message"), "params": params}


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
    difference to clients. `mode` is how TLS begins that works, which clients are set to.
    """

    state: str
    tls: str
    version: str
    logins: tuple[str, ...]
    certificate: str
    mode: str = ""


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


def service(state: str, tls: str, version: str, logins: Iterable[str], shown: Shown | None, mode: str) -> Service:
    """Of a port that is not open its state says all."""
    if state != State.OPEN:
        return Service(state, "", "", (), "")
    begins = mode if tls == TlsState.OK else ""
    return Service(state, tls, version, tuple(sorted(logins)), certificate_kind(shown), begins)


def service_in(endpoint: Document) -> Service:
    """That of a stored endpoint."""
    tls = endpoint["tls"] or {}
    found = tls.get("certificate")
    shown = Shown(found.get("days_left"), found.get("name_matches"), found.get("trusted")) if found else None
    auth = endpoint.get("auth") or {}
    logins = [*auth.get("after_tls", ()), *(f"clear {one}" for one in auth.get("before_tls", ()))]
    mode = tls.get("mode") or "starttls"
    return service(endpoint["state"], tls.get("state", ""), tls.get("version") or "", logins, shown, mode)


TLS_APART: Mapping[str, str] = {"": "unseen", TlsState.OK: "tls", TlsState.NOT_OFFERED: "no_tls"}
"""State of TLS -> a word of `Language.APART`; every other failed."""


IMPLICIT = "implicit"


def what_differs(one: Service, usual: Service) -> str:
    """What an open port has that those of the other addresses have not: a word of `Language.APART`."""
    if one.tls != usual.tls:
        return TLS_APART.get(one.tls, "tls_fails")
    if one.mode != usual.mode:
        return "first_byte" if one.mode == IMPLICIT else "starttls"
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
    """What most of the addresses that work are, the first of them where none is more; None where none works.

    Where as many begin TLS in either way, the usual one is STARTTLS: a port for implicit TLS that is open has no other.
    """
    healths = {comes_to for _, comes_to in members}
    best = Health.UP if Health.UP in healths else Health.FAULTY
    working = [one for one, comes_to in members if comes_to is best]
    return max(working, key=lambda one: (working.count(one), one.mode != IMPLICIT), default=None)


def apart(members: Sequence[D]) -> list[tuple[D, Code]]:
    """The addresses of a stored host and port that are not as most are, where one works, and what they count for."""
    if len(members) == 1:
        return []
    seen = [(service_in(one), health(seen_in(one))) for one in members]
    usual = usual_of(seen)
    if usual is None:
        return []
    return [
        (one, BESIDE[comes_to])
        for one, (is_like, comes_to) in zip(members, seen, strict=True)
        if is_like != usual and one["state"] not in UNJUDGED
    ]


HEAVY = frozenset({"warning", "error", "danger"})


def facts(document: Document) -> dict[str, Any]:
    """The facts of a check, as plain data."""
    points, policy = endpoints(document), sorted(code for part in policies_of(document).values() for code in part)
    return {
        "verdict": document.get("verdict"),
        "mx": sorted(str(record["host"]) for record in document.get("dns", {}).get("mx", ())),
        "recommended": _recommended(document),
        "endpoints": {f"{port} {host}": point for (host, port), point in points.items()},
        **({"policy": policy} if policy else {}),
    }


def endpoints(document: Document) -> dict[Place, dict[str, Any]]:
    """By host and port: what most addresses that work show, else the worst; and under `apart` those that are not so."""
    places = sorted(reached(document.get("endpoints", ())).items(), key=lambda item: item[0][::-1])
    return {place: _facts_of_place(members) for place, members in places}


def _facts_of_place(members: Sequence[Document]) -> dict[str, Any]:
    unlike = {str(one["address"]): _what_it_is(one, members) for one, code in apart(members) if code in TOLD_OF_HISTORY}
    usual = [one for one in members if str(one["address"]) not in unlike] or members
    found = _facts_of(max(usual, key=_weight))
    return {**found, "apart": unlike} if unlike else found


TOLD_OF_HISTORY = frozenset({Code.ADDRESS_DOWN, Code.ADDRESS_DIFFERS})


def _what_it_is(one: Document, members: Sequence[Document]) -> str:
    """The state of an address, or what its open port has that those of the others have not."""
    usual = usual_of([(service_in(each), health(seen_in(each))) for each in members])
    return what_differs(service_in(one), usual) if one["state"] == State.OPEN and usual else str(one["state"])


def _weight(endpoint: Document) -> tuple[bool, int]:
    heavy = sum(finding["severity"] in HEAVY for finding in endpoint["findings"])
    return endpoint["state"] != "open", heavy


def _facts_of(endpoint: Document) -> dict[str, Any]:
    """Of a port that is not open its state says all."""
    if endpoint["state"] != "open":
        return {"state": endpoint["state"]}
    tls = endpoint.get("tls") or {}
    found: dict[str, Any] = {
        "state": "open",
        "tls": tls.get("state"),
        "version": tls.get("version"),
        "logins": sorted(endpoint["auth"]["after_tls"]),
        "clear_logins": sorted(endpoint["auth"]["before_tls"]),
    }
    shown = tls.get("certificate")
    if shown:
        found["certificate"] = {
            name: shown[name] for name in ("sha256", "subject", "issuer", "not_after", "trusted", "name_matches")
        }
    return found


POLICIES = ("dane_", "mta_sts_", "tls_rpt_")
LOOKED_UP = "tls_rpt_"
"""Of this something is found wherever a mail policy is looked up; runs of watches look it up only now and then."""


def policies_of(document: Document) -> dict[str, list[str]]:
    """What is found of each part of the mail policy, as codes; no part that was not, or could not be, looked up.

    That nothing is found of a part counts only where all of them were heard.
    """
    codes = sorted({str(finding["code"]) for finding in document.get("findings", ())})
    if not any(code.startswith(LOOKED_UP) for code in codes):
        return {}
    found = {part: [code for code in codes if code.startswith(part)] for part in POLICIES}
    unsure = {part for part, told in found.items() if any(code.endswith("_unknown") for code in told)}
    return {part: told for part, told in found.items() if part not in unsure and (told or not unsure)}


NO_MX_KNOWN = frozenset({Code.MX_UNKNOWN, Code.DNS_SERVFAIL, Code.DNS_TIMEOUT})
NO_ADDRESS_KNOWN = NO_MX_KNOWN | {Code.DNS_FAMILY_FAILED, Code.DNS_CONTRADICTS, Code.MX_SERVFAIL, Code.MX_TIMEOUT}
UNJUDGED_VERDICTS = frozenset({"unknown", "blocked_here"})


def is_judged(document: Document) -> bool:
    """Whether the check came to something: what nobody answered for, and what our network holds back, says nothing."""
    return document.get("verdict") not in UNJUDGED_VERDICTS


def knows_mx(document: Document) -> bool:
    """Whether the set of MX hosts was seen: that none was found where a resolver did not answer is no set."""
    return bool(document.get("dns", {}).get("mx")) or not NO_MX_KNOWN & codes_of({"findings": [], **document})


def knows_addresses(document: Document) -> bool:
    return not NO_ADDRESS_KNOWN & codes_of({"findings": [], **document})


def _recommended(document: Document) -> str | None:
    chosen = document.get("recommended")
    return f"{chosen['port']} {chosen['tls']}" if chosen else None
