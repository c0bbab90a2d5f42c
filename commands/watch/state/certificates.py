"""When certificates end: told at 21 (a watch on certificates: 30), 14, 7, 3 and 1 days before, once each. Pure.

One that has ended is an outage, which the state machine tells (`endpoints.of_certificates`); here its warning is only
brought up to date, without a word to anybody. In the baseline:
`{"certificates": {"told": {endpoint: [not_after, days]}, "incident": {...} | None}}` with 0 days for what has ended and
`ACCEPTED` for what somebody accepted; in the incident `shown` are the rows of its message.
All endpoints of a watch share one incident, from the first warning until none of their certificates ends soon. One that
shows no certificate in a run (its port is closed) stays as it was told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commands.natural_order import natural
from commands.times import days_left
from commands.watch.state.compared import CERTIFICATE
from commands.watch.state.events import Event, EventKind, Step, event_of
from commands.watch.state.model import Incident, Watch
from commands.watch.state.observation import Observation
from commands.watch.state.port_health import FLAWS

DAYS = (30, 14, 7, 3, 1)
"""Before the end, for a watch on certificates."""

IN_EVERY_WATCH = (21, *DAYS[1:])
CERTIFICATES = "certificates"
ACCEPTED = -1
WRONG = "wrong"
"""Key of a certificate and of its row: the finding for which mail programs refuse it."""

ENDS = "certificate_ends"
"""Key of the baseline: when the first of the certificates ends (metrics)."""

Certificate = Mapping[str, Any]


def is_news(watch: Watch, seen: Observation, at: datetime) -> bool:
    """Whether one of them ends, and that was not told yet."""
    known: Mapping[str, Any] = watch.state.baseline.get(CERTIFICATES, {}).get("told", {})
    return bool(_untold(known, _ending(watch, seen, at)))


def remind(watch: Watch, seen: Observation, at: datetime, zone: str = "") -> Step:
    """The warnings that are due, of all endpoints together. While the watch is quiet they wait, and for the day.

    `zone` is that of the channel, if it has one: what has a day left wakes nobody up.
    """
    if not seen.certificates:
        return Step(watch)
    ends = min(str(certificate["not_after"]) for certificate in seen.certificates.values())
    watch = _with(watch, ENDS, ends)
    known: Mapping[str, Any] = watch.state.baseline.get(CERTIFICATES, {})
    told, another = _as_told(known.get("told", {}), seen)
    over = {name: 0 for name, certificate in seen.certificates.items() if name in told and has_ended(certificate, at)}
    ending = _ending(watch, seen, at)
    incident = incident_of(known)
    news = _untold(told, ending)
    if (
        news
        and watch.silence(at) is None
        and not _has_time([seen.certificates[name] for name in news], at, zone or watch.zone)
    ):
        told |= _marks(seen, ending | over)
        facts = {"endpoints": _listed(seen, ending | over, at), "threshold": min(ending[name] for name in news)}
        return _tell(watch, told, incident, "certificate_ends", facts, at)
    if incident is not None and any(told[name][1] > 0 for name in over):
        told |= _marks(seen, over)
        facts = {"endpoints": _listed(seen, ending | over, at), "threshold": 0}
        return _tell(watch, told, incident, "certificate_ends", facts, at, quiet=True)
    if incident is not None and not ending and not over and (another or not _wait(told)):
        told = {name: mark for name, mark in told.items() if name in seen.certificates or mark[1] == ACCEPTED}
        rows = _listed(seen, seen.certificates, at)
        facts = {"endpoints": rows, "seconds": (at - incident.since).total_seconds()}
        refused = [code for code in seen.failing if code.partition(" ")[0] in FLAWS]
        if refused:
            return _tell(watch, told, incident, "certificate_replaced", {**facts, "failing": refused}, at)
        facts |= _newly_wrong(rows, (known.get("incident") or {}).get("shown", ()))
        return _tell(watch, told, incident, "certificate_renewed", facts, at)
    return Step(_kept(watch, told, incident, (known.get("incident") or {}).get("shown", ())))


def _newly_wrong(rows: Sequence[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows with what was not wrong with the old ones: on 25 that is no outage, and no good news either."""
    was = {row["endpoint"] for row in before if WRONG in row}
    told = [{key: value for key, value in row.items() if key != WRONG or row["endpoint"] not in was} for row in rows]
    return {"endpoints": told, **({"mention": True} if any(WRONG in row for row in told) else {})}


def told_wrong(events: Iterable[Event]) -> dict[str, str]:
    """The certificates (as records of `compared`) that are told to be wrong, each with the incident of its message."""
    aloud = (event for event in events if event.kind == "certificate_renewed" and not event.quiet)
    return {
        f"{CERTIFICATE} {row['endpoint']}": event.incident
        for event in aloud
        for row in event.facts["endpoints"]
        if WRONG in row
    }


MOST_HIDDEN = 64
"""Endpoints that come and go for ever are not all remembered."""


def _as_told(before: Mapping[str, list[Any]], seen: Observation) -> tuple[dict[str, list[Any]], bool]:
    """What was told of certificates that are still there, or not shown, and whether one gave way to another."""
    hidden = [name for name in before if name not in seen.certificates]
    shown = before.keys() & seen.certificates.keys()
    same = {name for name in shown if seen.certificates[name]["not_after"] == before[name][0]}
    kept = same.union(hidden[-MOST_HIDDEN:])
    return {name: mark for name, mark in before.items() if name in kept}, same != shown


def _wait(told: Mapping[str, list[Any]]) -> bool:
    return any(mark[1] != ACCEPTED for mark in told.values())


def _ending(watch: Watch, seen: Observation, at: datetime) -> dict[str, int]:
    """The endpoints whose certificates end, each with the threshold that it passed."""
    passed = ((name, threshold(one, at, days_of(watch))) for name, one in seen.certificates.items())
    return {name: days for name, days in passed if days is not None}


def _untold(told: Mapping[str, Any], ending: Mapping[str, int]) -> list[str]:
    return [name for name, days in ending.items() if name not in told or days < told[name][1]]


def _has_time(news: Sequence[Certificate], at: datetime, zone: str) -> bool:
    """Whether it is night there, and none of them ends within a day."""
    return bool(zone) and is_night(at, zone) and all(_when(one["not_after"]) - at >= LAST_DAY for one in news)


LAST_DAY = timedelta(hours=24)
MORNING, EVENING = 8, 20
"""Half of the day, so that one of two looks a day falls into it."""


def is_night(at: datetime, zone: str) -> bool:
    return not MORNING <= at.astimezone(ZoneInfo(zone)).hour < EVENING


def _marks(seen: Observation, days: Mapping[str, int]) -> dict[str, list[Any]]:
    return {name: [seen.certificates[name]["not_after"], each] for name, each in days.items()}


def days_of(watch: Watch) -> tuple[int, ...]:
    """How many days before the end a watch tells of it."""
    return DAYS if watch.kind == "certificate" else IN_EVERY_WATCH


def ends_next(watch: Watch, at: datetime) -> datetime | None:
    """When the next of its certificates ends, as far as it is known: from that very minute on it is an outage."""
    baseline = watch.state.baseline
    told = (str(mark[0]) for mark in baseline.get(CERTIFICATES, {}).get("told", {}).values())
    known = [_when(ends) for ends in (*told, baseline.get(ENDS, "")) if ends]
    return min((ends for ends in known if ends > at), default=None)


def threshold(certificate: Certificate, at: datetime, told_at: tuple[int, ...] = DAYS) -> int | None:
    """The last of `told_at` that has passed; None while there is time, and when there is none left.

    A certificate that is made for a few days is always about to end: only what is below half of its life counts.
    """
    ends, begins = _when(certificate["not_after"]), certificate.get("not_before")
    left = days_left(ends, at)
    if left < 0:
        return None
    life = ends - _when(begins) if begins else timedelta(days=3650)
    passed = [days for days in told_at if left <= days and timedelta(days=days) <= life / 2]
    return min(passed) if passed else None


def has_ended(certificate: Certificate, at: datetime) -> bool:
    return _when(certificate["not_after"]) < at


def _tell(
    watch: Watch,
    told: dict[str, list[Any]],
    incident: Incident | None,
    kind: EventKind,
    facts: dict[str, Any],
    at: datetime,
    *,
    quiet: bool = False,
) -> Step:
    if incident is None:
        serial = watch.state.serial + 1
        incident = Incident(f"{watch.id}.{serial}", at)
        watch = replace(watch, state=replace(watch.state, serial=serial))
    facts["days"] = min(one["days"] for one in facts["endpoints"])
    event: Event = event_of(watch, incident, kind, at, facts, quiet=quiet or watch.silence(at) is not None)
    going_on = replace(incident, events=incident.events + 1) if kind == "certificate_ends" else None
    return Step(_kept(watch, told, going_on, facts["endpoints"]), (event,))


def _kept(
    watch: Watch, told: dict[str, list[Any]], incident: Incident | None, shown: Sequence[Mapping[str, Any]]
) -> Watch:
    kept = incident and {
        "id": incident.id,
        "message": incident.message,
        "since": incident.since.isoformat(),
        "events": incident.events,
        "shown": list(shown),
    }
    return _with(watch, CERTIFICATES, {"told": told, "incident": kept})


def _with(watch: Watch, key: str, value: Any) -> Watch:
    """With a value of the baseline; as it is where that is so already, as after nearly every run."""
    if watch.state.baseline.get(key) == value:
        return watch
    return replace(watch, state=replace(watch.state, baseline={**watch.state.baseline, key: value}))


def incident_of(known: Mapping[str, Any]) -> Incident | None:
    """The incident of what the baseline knows of certificates."""
    kept = known.get("incident")
    if not kept:
        return None
    since, message = datetime.fromisoformat(kept["since"]), str(kept.get("message", ""))
    return Incident(kept["id"], since, events=kept["events"], message=message)


def counted(baseline: Mapping[str, Any], events: Collection[Event]) -> dict[str, Any]:
    """With what was told of the incident of the certificates counted."""
    known = baseline.get(CERTIFICATES, {})
    incident = incident_of(known)
    if incident is None:
        return dict(baseline)
    told = incident.events + sum(event.own == incident.id for event in events)
    return {**baseline, CERTIFICATES: {**known, "incident": {**known["incident"], "events": told}}}


def shown_again(watch: Watch, at: datetime) -> tuple[Watch, tuple[Event, ...]]:
    """A message that said that nobody watches any more says once more what ends, in silence."""
    known = watch.state.baseline.get(CERTIFICATES, {})
    incident, shown = incident_of(known), (known.get("incident") or {}).get("shown")
    if incident is None or not shown:
        return watch, ()
    rows = [{**row, "days": days_left(_when(row["not_after"]), at)} for row in shown]
    facts = {"endpoints": rows, "threshold": 0, "days": min(row["days"] for row in rows)}
    event = event_of(watch, incident, "certificate_ends", at, facts, quiet=True)
    return _with(watch, CERTIFICATES, counted(watch.state.baseline, [event])[CERTIFICATES]), (event,)


def shown_in(watch: Watch, message: str, rows: Sequence[Mapping[str, Any]]) -> Watch:
    """With the incident in whose message its warning stands, and the rows of that."""
    known = watch.state.baseline[CERTIFICATES]
    told = {**known["incident"], "message": message if message != known["incident"]["id"] else "", "shown": list(rows)}
    return _with(watch, CERTIFICATES, {**known, "incident": told})


def message_of(watch: Watch) -> str:
    """The incident in whose message its warning stands."""
    incident = incident_of(watch.state.baseline.get(CERTIFICATES, {}))
    return incident.told_in if incident is not None else ""


def unaccepted(watch: Watch) -> list[tuple[str, str]]:
    """The endpoints whose certificates end and were told of, each with when; not the accepted."""
    told = watch.state.baseline.get(CERTIFICATES, {}).get("told", {})
    return [(name, str(mark[0])) for name, mark in told.items() if mark[1] > 0]


def ending(watches: Iterable[Watch], at: datetime) -> list[tuple[str, int]]:
    """The endpoints whose certificates end soon, each with its days, the first to end first.

    What was told and not accepted; what has ended is an outage.
    """
    found = {(endpoint, days_left(_when(ends), at)) for watch in watches for endpoint, ends in unaccepted(watch)}
    return sorted((one for one in found if one[1] >= 0), key=lambda one: (one[1], natural(one[0])))


def accepted(
    baseline: Mapping[str, Any], meant: Collection[tuple[str, ...]]
) -> tuple[dict[str, Any], tuple[Incident, dict[str, Any]] | None]:
    """Without those that are accepted, of which no more is said; the incident whose message has no others, and it."""
    known = baseline.get(CERTIFICATES, {})
    told = {
        name: [mark[0], ACCEPTED if (name, mark[0]) in meant else mark[1]]
        for name, mark in known.get("told", {}).items()
    }
    if told == known.get("told", {}):
        return dict(baseline), None
    incident, waits = incident_of(known), any(mark[1] > 0 for mark in told.values())
    if incident is None or waits:
        return {**baseline, CERTIFICATES: {**known, "told": told}}, None
    after = {**known["incident"], "events": incident.events + 1}
    shown = {
        "endpoints": after.get("shown", []),
        "days": min((row["days"] for row in after.get("shown", ())), default=0),
    }
    return {**baseline, CERTIFICATES: {"told": told, "incident": after}}, (incident, shown)


def _listed(seen: Observation, names: Mapping[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The endpoints with the days that are left, the first to end first."""
    rows = [
        {
            "endpoint": name,
            "not_after": seen.certificates[name]["not_after"],
            "days": days_left(_when(seen.certificates[name]["not_after"]), at),
            "subject": seen.certificates[name].get("subject", ""),
            **{key: value for key, value in seen.certificates[name].items() if key == WRONG},
        }
        for name in names
    ]
    return sorted(rows, key=lambda row: (row["not_after"], row["endpoint"]))


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)
