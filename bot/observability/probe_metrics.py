"""What came of a check, as metrics: those of Prometheus' blackbox_exporter, and ours beside them. Pure.

`probe_success` is 1 where mail gets in on one of the ports that were asked for, 0 where it does on none. Where that was
not seen, for our network lets nothing out or a server asked us to come later, it is left out: what is ours never counts
against a host. The same holds for `portero_probe_port_up` of one port of one address.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from commands.smtpcheck.result.document import seen_in
from commands.smtpcheck.result.health import WORTH, health, side_of

PORT = ("host", "address", "port")
VERDICTS = ("ok", "degraded", "failed", "blocked_here", "unknown")

Document = Mapping[str, Any]


def probe_page(document: Document) -> bytes:
    """The text of a stored check."""
    made = CollectorRegistry()
    seconds = Gauge("probe_duration_seconds", "How long the check took", registry=made)
    seconds.set(document["elapsed_ms"] / 1000)
    seen = Gauge("portero_probe_timestamp_seconds", "When the check was begun, in seconds since 1970", registry=made)
    seen.set(_seconds(document["started_at"]))
    verdict = Gauge("portero_probe_verdict", "1 for what the check comes to", ["verdict"], registry=made)
    for one in VERDICTS:
        verdict.labels(one).set(one == document["verdict"])
    _success(document, made)
    _certificates(document["endpoints"], made)
    _ports(document["endpoints"], made)
    return generate_latest(made)


def _success(document: Document, made: CollectorRegistry) -> None:
    found = {_is_up(endpoint) for endpoint in document["endpoints"]}
    if True in found or found == {False} or document["verdict"] == "failed":
        success = Gauge("probe_success", "1: mail gets in; absent where that was not seen", registry=made)
        success.set(True in found)


def _certificates(endpoints: Iterable[Document], made: CollectorRegistry) -> None:
    shown = ((endpoint["tls"] or {}).get("certificate") or {} for endpoint in endpoints)
    ends = [_seconds(one["not_after"]) for one in shown if one.get("not_after")]
    if ends:
        words = "When the first certificate that a server showed ends, in seconds since 1970"
        Gauge("probe_ssl_earliest_cert_expiry", words, registry=made).set(min(ends))


def _ports(endpoints: Iterable[Document], made: CollectorRegistry) -> None:
    up = Gauge("portero_probe_port_up", "1: mail gets in on this port; absent where not seen", PORT, registry=made)
    words = "1 for what was found on the port, and whose side that is"
    state = Gauge("portero_probe_port_state", words, [*PORT, "state", "side"], registry=made)
    phase = Gauge("portero_probe_phase_seconds", "Time of each part of a session", [*PORT, "phase"], registry=made)
    for endpoint in endpoints:
        place = [str(endpoint[name]) for name in PORT]
        is_up = _is_up(endpoint)
        if is_up is not None:
            up.labels(*place).set(is_up)
        state.labels(*place, endpoint["state"], side_of(seen_in(endpoint))).set(1)
        for part, took in endpoint["timings_ms"].items():
            phase.labels(*place, part).set(took / 1000)


def _is_up(endpoint: Document) -> bool | None:
    return WORTH[health(seen_in(endpoint))].available


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
