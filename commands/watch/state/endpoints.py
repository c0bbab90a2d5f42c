"""What a check (`portero.check/2`) says of a watch. Pure.

What is watched of a target is what once answered (`baseline`): each host and port, with TLS where TLS was, with a sound
certificate where it was sound. Ports that were named are watched from the start; for them
one host that answers is enough. A certificate that is out of date is told of from the start, too, but not of the
exchanges of a domain: they take mail on 25, and what else they show is not what its people use.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from commands.slack_text import clean
from commands.smtpcheck.result.document import is_same
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.health import OUT_OF_DATE
from commands.smtpcheck.result.states import BY_NAME, LATER
from commands.watch.state.baseline import (
    ACCEPTED,
    APART,
    DOMAIN,
    ENDPOINTS,
    certificates_of,
    lessons,
    name_of,
)
from commands.watch.state.compared import records_of
from commands.watch.state.dns_changes import RECORDS
from commands.watch.state.model import CANNOT_SEE, Watch
from commands.watch.state.observation import Egress, Observation, Outcome, endpoint_of, port_of
from commands.watch.state.port_health import (
    Document,
    PortHealth,
    down_addresses,
    endpoints_of,
    has_pool,
    name_of_address,
    unknown_addresses,
    unwell_addresses,
)

MOST = 4
SEVERITIES = ("danger", "error", "warning")
"""Those that are told, the worst first."""


def findings_of(document: Document, failing: Collection[str]) -> tuple[Document, ...]:
    """Each finding once, as the check stored it; of the whole target where there was nothing to connect to."""
    places = {endpoint_of(code) for code in failing}
    found = [one for one in _found(document, places) if one["severity"] in SEVERITIES]
    found.sort(key=lambda one: SEVERITIES.index(one["severity"]))
    once: list[Document] = []
    for one in found:
        if not any(is_same(one, other) for other in once):
            once.append(one)
    return tuple(once[:MOST])


def _found(document: Document, places: Collection[str]) -> Iterator[dict[str, Any]]:
    for each in document["endpoints"]:
        if name_of(each) in places or name_of_address(each) in places:
            yield from each["findings"]
    if any("[" in place for place in places):
        yield from (one for one in document["findings"] if one["code"] == Code.ADDRESS_DOWN)
    if not document["endpoints"]:
        yield from document["findings"]


def of_check(watch: Watch, document: Document, egress: Mapping[int, Egress]) -> Observation:
    """What a `portero.check/2` says. `egress` holds the ports that gave no answer and what the controls say of them."""
    seen = {one.name: one for one in endpoints_of(document, egress)}
    known: Mapping[str, str] = watch.state.baseline.get(ENDPOINTS, {})
    known = {name: was for name, was in known.items() if name in seen}
    broken, held = _broken(watch, seen, known, document)
    early = _early(watch, broken, seen)
    broken, held = broken - early, held | set(map(endpoint_of, early))
    down, left_out = _down(watch, document)
    broken |= {f"{state} {name}" for name, state in down.items() if name not in left_out}
    if watch.state.failing:
        held |= unknown_addresses(document) & {endpoint_of(code) for code in watch.state.failing}
    normal = broken & set(watch.state.baseline.get(ACCEPTED, ()))
    failing = broken - normal
    outcome: Outcome = "good" if normal and not failing else _outcome(seen.values(), failing, document)
    learned = lessons(watch, document, seen, outcome, failing) | still_normal(watch, normal, outcome)
    watched = learned.get(ENDPOINTS, known)
    return Observation(
        watch.kind,
        watch.target,
        watch.ports,
        outcome,
        tuple(sorted(failing)),
        tuple(sorted(held)),
        awaited=tuple(sorted(name for name in map(endpoint_of, failing) if name in seen and seen[name].awaited)),
        shut=tuple(sorted({one.port for one in seen.values() if one.outcome == "blind"})),
        free=tuple(sorted(_free(document, egress))),
        learned=learned | ({APART: sorted(left_out)} if has_pool(document) else {}),
        why=_why(held, seen, document) if outcome == "unknown" or held else "",
        later=any(each["state"] in LATER for each in document["endpoints"]),
        certificates=certificates_of(document),
        records=records_of(document) if watch.kind == "check" else {},
        entry=document["id"],
        verdict=document["verdict"],
        summary=document["summary"],
        findings=findings_of(document, failing),
        elapsed_ms=document["elapsed_ms"],
        places=tuple(one.name for one in _looked_at(watch, seen, watched, document)) if seen else (),
        said=_said(document),
    )


def _early(watch: Watch, broken: Collection[str], seen: Mapping[str, PortHealth]) -> set[str]:
    """What we left before a word was due, beside something that is told: it is told once a patient run was silent, too.

    Alone it is looked at again soon, and patiently.
    """
    awaited = {code for code in broken if endpoint_of(code) in seen and seen[endpoint_of(code)].awaited}
    told = watch.state.incident is not None or bool(set(broken) - awaited)
    return set() if watch.is_patient or not told else awaited - set(watch.state.failing)


def _down(watch: Watch, document: Document) -> tuple[dict[str, str], set[str]]:
    """The addresses that are down while others work, and those of them that were so from the start."""
    if not has_pool(document):
        return {}, set()
    known: Mapping[str, str] = watch.state.baseline.get(ENDPOINTS, {})
    down = {name: state for name, state in down_addresses(document).items() if not known or port_of(name) in known}
    before = watch.state.baseline.get(APART)
    return down, set(down if before is None else before) & unwell_addresses(document)


def still_normal(watch: Watch, normal: Collection[str], outcome: Outcome) -> dict[str, Any]:
    """What was accepted and is well again is told when it breaks once more."""
    known = watch.state.baseline.get(ACCEPTED, ())
    return {ACCEPTED: sorted(normal)} if known and outcome == "good" else {}


def _broken(
    watch: Watch, seen: Mapping[str, PortHealth], known: Mapping[str, str], document: Document
) -> tuple[set[str], set[str]]:
    """The codes of what is broken, and the endpoints of which nothing is known."""
    if not seen:
        return _broken_names(watch, document), set()
    failing: set[str] = set()
    held: set[str] = set()
    for one in _looked_at(watch, seen, known, document):
        worse = _worse(one, known.get(one.name, "")) or (_had_logins(watch, one) and Code.AUTH_NOT_OFFERED)
        if one.outcome == "bad":
            failing.add(f"{one.state} {one.name}")
        elif one.outcome != "good":
            held.add(one.name)
        elif worse:
            failing.add(f"{worse} {one.name}")
    return failing, held


def _worse(one: PortHealth, was: str) -> str:
    """What a port lacks that it once had, although it is well by itself."""
    if was in {"tls", "sound"} and one.tls not in {"ok", ""}:
        return f"tls_{one.tls}"
    return one.flaw if was == "sound" else ""


def _had_logins(watch: Watch, one: PortHealth) -> bool:
    """It offers no login, and did."""
    return one.no_login and bool(watch.state.baseline.get(RECORDS, {}).get(f"auth {one.name}"))


def _looked_at(
    watch: Watch, seen: Mapping[str, PortHealth], known: Mapping[str, str], document: Document
) -> list[PortHealth]:
    """What was good once; of ports that were named and that no host serves, every host; nothing of both: everything."""
    names = known.keys() & seen.keys()
    for port in watch.ports:
        serving = [one for one in seen.values() if one.port == port]
        if not any(one.outcome == "good" for one in serving):
            names |= {one.name for one in serving}
    if document.get("kind") != DOMAIN:
        names |= {one.name for one in seen.values() if one.state in OUT_OF_DATE}
    if not names and not any(one.outcome == "good" for one in seen.values()):
        names = set(seen)
    return [seen[name] for name in sorted(names)]


def _broken_names(watch: Watch, document: Document) -> set[str]:
    """Nothing was there to connect to: why."""
    if document["verdict"] == "unknown":
        return set()
    codes = [finding["code"] for finding in document["findings"] if finding["severity"] in {"error", "danger"}]
    return {f"{codes[0] if codes else 'nothing_to_check'} {watch.target}"}


def _outcome(seen: Iterable[PortHealth], failing: set[str], document: Document) -> Outcome:
    if failing:
        return "bad"
    outcomes = {one.outcome for one in seen}
    if "good" in outcomes:
        return "good"
    return "blind" if "blind" in outcomes and document["endpoints"] else "unknown"


def _why(held: Collection[str], seen: Mapping[str, PortHealth], document: Document) -> str:
    """Why nothing can be said: our own network, the state of an endpoint, or what left nothing to connect to."""
    hidden = [seen[name] for name in sorted(seen.keys() & set(held))]
    if hidden and all(one.outcome == "blind" for one in hidden):
        return CANNOT_SEE
    states = [one.state for one in hidden]
    return next(iter(states or [one["code"] for one in document["findings"]]), "")


def _said(document: Document) -> str:
    """How a server that asked us to come later greeted us."""
    greetings = (each["greeting"] for each in document["endpoints"] if each["state"] in LATER and each.get("greeting"))
    return next((f"{one['code']} {clean(one['text'])}" for one in greetings if one["code"] >= REFUSES), "")


REFUSES = 400


def _free(document: Document, egress: Mapping[int, Egress]) -> set[int]:
    """The ports that something got out through: to the target, or to a control host."""
    states = ((each["port"], BY_NAME.get(each["state"])) for each in document["endpoints"])
    reached = {port for port, state in states if state is not None and state.connected}
    return reached | {port for port, way in egress.items() if way == "open"}
