"""What one run says of a watch: good, bad, or nothing at all. Pure.

A run says nothing (`unknown`) when the target asked us to come later or when DNS was silent, and `blind` when our own
network lets nothing out; neither ever raises an alarm, and neither ends one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from commands.watch.state.model import NETWORK_TARGET, Kind, Watch
from storage.entries import LOCAL

Outcome: TypeAlias = Literal["good", "bad", "unknown", "blind"]
Summary: TypeAlias = str | Sequence[Mapping[str, Any]]
Egress: TypeAlias = Literal["open", "blocked", "unknown"]
"""Whether a port leaves our network: some control host answered, none of at least two did, none could be tried."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one watch.

    `failing` are sorted codes `<state> <host>:<port>`; `held` are endpoints of which this run says nothing, and
    codes that it could not look at again. `places` are the endpoints that were looked at. `shut` and
    `free` are the ports that nothing, or something, left our network through. `learned` is kept in the baseline.
    `awaited` are endpoints of `failing` that we left before a word of theirs was due: a delay on purpose looks alike.
    `later`: the target asked us to come later. `why` is the code of what left a run `unknown`. `summary` are the
    statements of the check, `findings` its findings about what is broken, the worst first: codes with parameters.
    `certificates` (endpoint -> certificate of a check) and `records` (key -> sorted values, None: unknown) are for
    watches on those. `since` is when that was to be seen, where the run came much later.
    `said` is the reply that left a run `unknown`.
    """

    kind: Kind
    target: str
    ports: tuple[int, ...]
    outcome: Outcome
    failing: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    shut: tuple[int, ...] = ()
    free: tuple[int, ...] = ()
    learned: Mapping[str, Any] = field(default_factory=dict)
    later: bool = False
    why: str = ""
    certificates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    records: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    entry: str = ""
    verdict: str = ""
    summary: Summary = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    elapsed_ms: float | None = None
    places: tuple[str, ...] = ()
    vantage: str = LOCAL
    since: datetime | None = None
    said: str = ""

    def is_of(self, watch: Watch) -> bool:
        """Whether the watch still looks at what was seen, and from there."""
        seen = (self.kind, self.target, self.ports, self.vantage)
        return seen == (watch.kind, watch.target, watch.ports, watch.vantage)


def of_network(watch: Watch, egress: Mapping[int, Egress], document: Mapping[str, Any]) -> Observation:
    """Which ports leave our network, by a look at it (`portero.network/2`)."""
    blocked = tuple(sorted(port for port, way in egress.items() if way == "blocked"))
    unknown = tuple(sorted(port for port, way in egress.items() if way == "unknown"))
    free = tuple(sorted(port for port, way in egress.items() if way == "open"))
    outcome: Outcome = "bad" if blocked else "good" if free else "unknown"
    return Observation(
        watch.kind,
        watch.target,
        watch.ports,
        outcome,
        tuple(f"blocked {NETWORK_TARGET}:{port}" for port in blocked),
        tuple(f"{NETWORK_TARGET}:{port}" for port in unknown),
        free=free,
        why="" if free or blocked else _why_of_network(document),
        entry=document["id"],
        verdict=document["verdict"],
        summary=document["summary"],
        elapsed_ms=document["elapsed_ms"],
        places=tuple(f"{NETWORK_TARGET}:{port}" for port in sorted((*blocked, *unknown, *free))),
    )


NO_CONTROL, UNASKED = "no_control", "controls_unasked"
"""Why nothing is known of our network: none of the control hosts answers, or none could be asked."""


def _why_of_network(document: Mapping[str, Any]) -> str:
    outcomes = {one["outcome"] for port in document.get("ports", ()) for one in port["controls"]}
    return UNASKED if outcomes == {"not_tried"} else NO_CONTROL


def of_records(watch: Watch, records: Mapping[str, Sequence[str] | None], elapsed_ms: float) -> Observation:
    """What DNS says. No answer is no change: a watch on records tells changes (`records`) and has no outages."""
    known = any(values is not None for values in records.values())
    outcome: Outcome = "good" if known else "unknown"
    return Observation(
        watch.kind,
        watch.target,
        watch.ports,
        outcome,
        records=records,
        why="" if known else "dns_timeout",
        verdict="ok" if known else "unknown",
        elapsed_ms=elapsed_ms,
    )


def nothing_seen(watch: Watch, why: str = "", since: datetime | None = None) -> Observation:
    """A run that could not take place: `resting`, `took_too_long`, or an error of ours."""
    what = watch.kind, watch.target, watch.ports
    return Observation(*what, "unknown", verdict="unknown", why=why, vantage=watch.vantage, since=since)


def endpoint_of(code: str) -> str:
    """`no_answer mx.example.com:25` is about `mx.example.com:25`."""
    return code.partition(" ")[2]


def port_of(place: str) -> str:
    """`mx.example.com:25` of one of its addresses (`mx.example.com[192.0.2.7]:25`), and of itself."""
    host, address, _ = place.partition("[")
    return f"{host}:{place.rpartition(':')[2]}" if address else place
