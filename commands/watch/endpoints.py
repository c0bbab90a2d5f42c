"""What a check (`portero.check/1`) says of a watch. Pure.

What is watched of a target is what once answered: each host and port that was good at the first good run, with TLS
where TLS was. Ports that were named are watched from the start; for them one host that answers is enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from commands.watch.model import Watch
from commands.watch.observation import Observation, Outcome, Way

Document: TypeAlias = Mapping[str, Any]

COME_LATER = frozenset({"rate_limited", "temp_refused"})
"""States in which a server asks us to come back: they say nothing of its health."""

NOT_HEARD = frozenset({"not_finished", "held_up", "hijack_suspect"})
"""States that say nothing of the host: we did not listen long enough, or something else answered in its place."""

SILENT = frozenset({"no_answer", "unreachable"})
"""States that our own network may be to blame for."""

UNCONNECTED = SILENT | NOT_HEARD | {"refused", "blocked_here", "forbidden"}

ENDPOINTS = "endpoints"
"""Key of the baseline: endpoint -> `tls` or `plain`, as it was at the first good run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One host and port over all its addresses."""

    name: str
    port: int
    outcome: Outcome
    state: str
    tls: str


def of_check(watch: Watch, document: Document, ways: Mapping[int, Way]) -> Observation:
    """What a `portero.check/1` says. `ways` holds the ports that gave no answer and what the controls say of them."""
    seen = {one.name: one for one in _endpoints(document, ways)}
    known: Mapping[str, str] = watch.state.baseline.get(ENDPOINTS, {})
    failing, held = _broken(watch, seen, {name: tls for name, tls in known.items() if name in seen}, document)
    outcome = _outcome(seen.values(), failing, document)
    learn = outcome == "good" and not known.keys() & seen.keys()
    return Observation(
        watch.kind,
        watch.target,
        watch.ports,
        outcome,
        tuple(sorted(failing)),
        tuple(sorted(held)),
        shut=tuple(sorted({one.port for one in seen.values() if one.outcome == "blind"})),
        free=tuple(sorted(_free(document, ways))),
        learned={ENDPOINTS: _learned(seen.values())} if learn else {},
        later=any(each["state"] in COME_LATER for each in document["endpoints"]),
        certificates=certificates_of(document) if watch.kind == "certificate" else {},
        entry=document["id"],
        verdict=document["verdict"],
        summary=document["summary"],
        elapsed_ms=document["elapsed_ms"],
    )


def of_certificates(watch: Watch, document: Document, ways: Mapping[int, Way]) -> Observation:
    """For a watch on certificates a port is good when it shows one; the rest is as in `of_check`."""
    seen = of_check(watch, document, ways)
    if seen.certificates:
        return replace(seen, outcome="good", failing=(), held=(), learned={})
    return replace(seen, outcome="bad" if seen.outcome == "good" else seen.outcome, learned={})


def certificates_of(document: Document) -> dict[str, Mapping[str, Any]]:
    """The certificate of each endpoint that showed one; of several addresses the one that ends first."""
    found: dict[str, Mapping[str, Any]] = {}
    for each in document["endpoints"]:
        certificate = (each["tls"] or {}).get("certificate")
        name = f"{each['host']}:{each['port']}"
        if certificate and certificate["not_after"]:
            other = found.get(name)
            if other is None or certificate["not_after"] < other["not_after"]:
                found[name] = certificate
    return found


def _endpoints(document: Document, ways: Mapping[int, Way]) -> Iterable[Seen]:
    by_name: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for each in document["endpoints"]:
        by_name.setdefault((each["host"], each["port"]), []).append(each)
    for (host, port), group in by_name.items():
        yield _together(f"{host}:{port}", port, [_one(each, ways) for each in _reachable(group)])


def _reachable(group: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """IPv6 without a route says that we have none; it counts only where there is nothing else to go by."""
    rest = [each for each in group if not (each["state"] == "unreachable" and ":" in each["address"])]
    return rest or group


def _together(name: str, port: int, each: Sequence[tuple[Outcome, str, str]]) -> Seen:
    """One address that answers is enough; one that says nothing leaves the whole open."""
    order: tuple[Outcome, ...] = ("good", "unknown", "blind", "bad")
    outcome = next(kind for kind in order if any(one[0] == kind for one in each))
    alike = [one for one in each if one[0] == outcome]
    tls = "ok" if any(one[2] == "ok" for one in alike) else alike[0][2]
    return Seen(name, port, outcome, alike[0][1], tls)


def _one(endpoint: Mapping[str, Any], ways: Mapping[int, Way]) -> tuple[Outcome, str, str]:
    state, port = endpoint["state"], endpoint["port"]
    tls = (endpoint["tls"] or {}).get("state", "")
    return _judged(endpoint, state, port, tls, ways), state if state != "open" else f"tls_{tls or 'none'}", tls


def _judged(endpoint: Mapping[str, Any], state: str, port: int, tls: str, ways: Mapping[int, Way]) -> Outcome:
    if state == "open":
        return "good" if tls == "ok" or port == 25 else "bad"
    if state == "blocked_here":
        return "blind"
    if state in COME_LATER | NOT_HEARD:
        return "unknown"
    if state not in SILENT:
        return "bad"
    if state == "unreachable" and ":" in endpoint["address"]:
        return "unknown"
    return _OF_SILENCE[ways.get(port) or _way_of(endpoint)]


_OF_SILENCE: Mapping[Way, Outcome] = {"open": "bad", "blocked": "blind", "unknown": "unknown"}


def _way_of(endpoint: Mapping[str, Any]) -> Way:
    """A stored result remembers the controls in its findings alone."""
    codes = {finding["code"] for finding in endpoint["findings"]}
    return "open" if "no_answer_target" in codes else "unknown"


def _broken(
    watch: Watch, seen: Mapping[str, Seen], known: Mapping[str, str], document: Document
) -> tuple[set[str], set[str]]:
    """The codes of what is broken, and the endpoints of which nothing is known."""
    if not seen:
        return _broken_names(watch, document), set()
    failing: set[str] = set()
    held: set[str] = set()
    for one in _looked_at(watch, seen, known):
        if one.outcome == "bad":
            failing.add(f"{one.state} {one.name}")
        elif one.outcome != "good":
            held.add(one.name)
        elif known.get(one.name) == "tls" and one.tls not in {"ok", ""}:
            failing.add(f"tls_{one.tls} {one.name}")
    return failing, held


def _looked_at(watch: Watch, seen: Mapping[str, Seen], known: Mapping[str, str]) -> list[Seen]:
    """What was good once; of ports that were named and that no host serves, every host; nothing of both: everything."""
    names = set(known)
    for port in watch.ports:
        serving = [one for one in seen.values() if one.port == port]
        if not any(one.outcome == "good" for one in serving):
            names |= {one.name for one in serving}
    if not names and not any(one.outcome == "good" for one in seen.values()):
        names = set(seen)
    return [seen[name] for name in sorted(names)]


def _broken_names(watch: Watch, document: Document) -> set[str]:
    """Nothing was there to connect to: why."""
    if document["verdict"] == "unknown":
        return set()
    codes = [finding["code"] for finding in document["findings"] if finding["severity"] in {"error", "danger"}]
    return {f"{codes[0] if codes else 'nothing_to_check'} {watch.target}"}


def _outcome(seen: Iterable[Seen], failing: set[str], document: Document) -> Outcome:
    if failing:
        return "bad"
    outcomes = {one.outcome for one in seen}
    if "good" in outcomes:
        return "good"
    return "blind" if "blind" in outcomes and document["endpoints"] else "unknown"


def _learned(seen: Iterable[Seen]) -> dict[str, str]:
    return {one.name: "tls" if one.tls == "ok" else "plain" for one in seen if one.outcome == "good"}


def _free(document: Document, ways: Mapping[int, Way]) -> set[int]:
    """The ports that something got out through: to the target, or to a control host."""
    reached = {each["port"] for each in document["endpoints"] if each["state"] not in UNCONNECTED}
    return reached | {port for port, way in ways.items() if way == "open"}
