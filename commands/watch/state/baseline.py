"""What a watch remembers of its target and compares later runs with. Pure.

Learned at the first good run, and for exchanges of a mail domain at the first run in which each takes mail. What was
broken from the start is remembered as such, so that a healthy watch says what it leaves out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.health import OUT_OF_DATE
from commands.smtpcheck.result.states import BY_NAME
from commands.watch.state.certificates import ENDS, WRONG
from commands.watch.state.model import Watch
from commands.watch.state.observation import Outcome, endpoint_of, port_of
from commands.watch.state.port_health import Document, PortHealth, flaw_of

ENDPOINTS = "endpoints"
"""Key of the baseline: endpoint -> what it was at the first good run: `plain`, `tls`, or `sound`, which is TLS with a
certificate that mail programs take.
"""

AMISS = "amiss"
"""Key of the baseline: codes (`observation`) of what was broken from the start beside what works."""

LEFT_OUT = "left_out"
"""Key of the baseline of a watch that names no port: codes of those that did not answer when it began."""

MEANT = "meant"
"""Key of the baseline: codes of certificates that were refused from the start, and that somebody accepted as normal."""

ACCEPTED = "accepted"
"""Key of the baseline: codes that somebody accepted as normal, while they last."""

FITTING = "fitting"
"""Key of the baseline of a watch on certificates: endpoints that showed one once that mail programs take."""

APART = "apart"
"""Key of the baseline: addresses of a pool that were down when it was first seen, and are still; they are left out."""

TARGET_KIND, DOMAIN = "kind", "domain"
"""Key of the baseline: `domain` of what was once seen to be a mail domain. Its own address is none of its mail hosts
then, also when its name servers do not answer for its MX.
"""


def lessons(
    watch: Watch, document: Document, seen: Mapping[str, PortHealth], outcome: Outcome, failing: Iterable[str]
) -> dict[str, Any]:
    """What a run adds to the baseline."""
    learned: dict[str, Any] = _noted(document, outcome)
    known: Mapping[str, str] = watch.state.baseline.get(ENDPOINTS, {})
    states = {code.partition(" ")[0] for code in failing}
    beside = bool(watch.ports) and any(one.outcome == "good" for one in seen.values())
    begins = outcome == "good" or beside or (states and states <= set(OUT_OF_DATE))
    if begins and not known.keys() & seen.keys():
        known = _as_they_were(one for one in seen.values() if one.outcome == "good" or one.state in OUT_OF_DATE)
        learned[ENDPOINTS] = known
    is_domain = document.get("kind") == DOMAIN
    late = _late(known, seen, {RELAY} if is_domain else watch.ports) if not is_domain or outcome == "good" else {}
    known = {**known, **late}
    learned |= {ENDPOINTS: known} if late else {}
    if outcome != "good":
        return learned
    is_asked = watch.kind == "check" and not is_domain and not watch.ports
    if is_asked and LEFT_OUT not in watch.state.baseline and (left := sorted(_left_out(known, seen))):
        learned[LEFT_OUT] = left
    amiss = sorted({*(_of_exchanges if is_domain else _of_host)(known, seen)} - {*watch.state.baseline.get(MEANT, ())})
    return learned | ({AMISS: amiss} if amiss or AMISS in watch.state.baseline else {})


def _late(known: Mapping[str, str], seen: Mapping[str, PortHealth], ports: Collection[int]) -> dict[str, str]:
    """Exchanges that take mail for the first time, ports that were named and answer for the first time."""
    others = (one for one in seen.values() if one.port in ports and one.name not in known)
    return _as_they_were(one for one in others if one.outcome == "good")


def never_seen(watch: Watch, failing: Iterable[str]) -> list[str]:
    """What of it was named, and never open while others were: it may be no service of the host."""
    known: Mapping[str, str] = watch.state.baseline.get(ENDPOINTS, {})
    ports = (code for code in failing if code.partition(" ")[0] in BY_NAME)
    return [code for code in ports if known and watch.kind == "check" and port_of(endpoint_of(code)) not in known]


def _of_exchanges(known: Mapping[str, str], seen: Mapping[str, PortHealth]) -> Iterator[str]:
    """Those that never took mail."""
    for one in seen.values():
        if one.port == RELAY and one.name not in known and one.outcome == "bad":
            yield f"{one.state} {one.name}"


def _of_host(known: Mapping[str, str], seen: Mapping[str, PortHealth]) -> Iterator[str]:
    """What answers and could never be used, and certificates that mail programs always refused.

    A port that was closed from the start is no service of the host.
    """
    for one in seen.values():
        state = BY_NAME.get(one.state)
        if one.name not in known and one.outcome == "bad" and (state is None or state.connected):
            yield f"{one.state} {one.name}"
        elif one.flaw and known.get(one.name) == "tls":
            yield f"{one.flaw} {one.name}"


def _left_out(known: Mapping[str, str], seen: Mapping[str, PortHealth]) -> Iterator[str]:
    for one in seen.values():
        state = BY_NAME.get(one.state)
        if one.name not in known and one.outcome != "good" and state is not None and not state.connected:
            yield f"{'blocked' if one.outcome == 'blind' else one.state} {one.name}"


def _as_they_were(seen: Iterable[PortHealth]) -> dict[str, str]:
    return {one.name: _as_it_was(one) for one in seen}


def _as_it_was(one: PortHealth) -> str:
    if one.tls != "ok":
        return "plain"
    return "tls" if one.flaw else "sound"


def _noted(document: Document, outcome: Outcome) -> dict[str, Any]:
    """What is known from every run on: that it is a mail domain, and when its first certificate ends (metrics)."""
    ends = [str(certificate["not_after"]) for certificate in certificates_of(document).values()]
    kind = {TARGET_KIND: DOMAIN} if outcome == "good" and document.get("kind") == DOMAIN else {}
    return kind | ({ENDS: min(ends)} if ends else {})


def certificates_of(document: Document) -> dict[str, Mapping[str, Any]]:
    """The certificate of each endpoint that showed one; of several addresses the one that ends first.

    `wrong` in it is the finding for which mail programs refuse it, also where other servers look at none.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for each in document["endpoints"]:
        certificate = (each["tls"] or {}).get("certificate")
        if certificate and certificate["not_after"]:
            other = found.get(name_of(each))
            if other is None or certificate["not_after"] < other["not_after"]:
                found[name_of(each)] = {**certificate, **_wrong(each["findings"])}
    return found


def _wrong(findings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    by_code = {one["code"]: one for one in findings}
    flaw = flaw_of(by_code.keys())
    return {WRONG: {name: by_code[flaw][name] for name in ("code", "params") if name in by_code[flaw]}} if flaw else {}


def name_of(endpoint: Document) -> str:
    """`mail.example.com:25`."""
    return f"{endpoint['host']}:{endpoint['port']}"
