"""What is not what it was: DNS records (MX, PTR, TLSA, SPF, DMARC, the id of MTA-STS), addresses, logins, TLS. Pure.

In the baseline: `{"records": {key: values}, "pending": {key: [values, count, *between]}, "differs": {key: [values
before, since, told in which incident, what of them stood there last]}, "tells": {key: [count, of when the last change
is]}, "silent": {key: at}, "seen": {key: values}}`, where a key is `<record> <name>` and values are sorted; `silent` has
the last run that saw what the runs since then have not (`ALL`: nothing of all), so that it is known between which two
runs a change was made, and `seen` what stood there last where more than that stays known (`POOLED`).
No answer is no change, nor is a run that did not ask. A change counts once it was seen `fail_after` times in a row,
since name servers of one zone differ for a while; it is told once, what it led to is compared with from then on, and it
may be accepted until it is as before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.compared import FLEETING, is_news, is_pooled, learned
from commands.watch.state.events import Event, EventKind, Step, event_of
from commands.watch.state.model import Incident, Watch
from commands.watch.state.observation import Observation, endpoint_of

RECORDS, PENDING, DIFFERS, TELLS, SILENT, SEEN = "records", "pending", "differs", "tells", "silent", "seen"
ALL = "*"
OFTEN = "often"
"""Fact of an event: which of its changes are told for the last time, before they rest."""

MOST_TELLS = 3
REST = timedelta(days=3)
"""What changes more often than that, never so long apart (addresses that rotate), is learned in silence until it was
the same for so long, or somebody accepts it."""


def compare(watch: Watch, seen: Observation, at: datetime, told: Mapping[str, str] | None = None) -> Step:
    """The changes that are confirmed by now, in one event. While the watch is quiet they wait.

    `told`: what another event of this run tells already, by key, each with the incident in whose message it stands.
    """
    if not seen.records:
        return Step(_nothing_seen(watch))
    before = watch.state.baseline
    if not _tells_anything(before, seen):
        return Step(watch)
    log = _opened(watch, seen, at)
    log.take(told or {}, at)
    log.wait(before.get(PENDING, {}), at)
    quiet = watch.silence(at) is not None
    sure = sorted(key for key, (_, count, *_at) in log.pending.items() if count >= watch.fail_after and not quiet)
    sure = [key for key in sure if not _is_told_beside(key, log.pending[key], watch.state.incident, at)]
    back = {key for key in sure if _is_back(key, log.differs, log.pending[key][0])}
    stood = {**log.known, **before.get(SEEN, {})}
    steps = {key: _change(key, stood[key], log.pending[key][0], log.pending[key][UNTIMED:]) for key in sure}
    log.settle(sure, back, stood, f"{watch.id}.{watch.state.serial + 1}", at)
    changes = [step for key, step in steps.items() if key not in back]
    often = [step for key, step in steps.items() if key not in back and log.tells[key][0] >= MOST_TELLS]
    watch, events = _told(watch, changes, often, at)
    still = {key: was for key, was in log.differs.items() if not log.is_as_before(key)}
    rests = {key for key, (count, *_at) in log.tells.items() if count >= MOST_TELLS} - back
    gone = {key: was for key, was in log.differs.items() if key not in still and key not in rests}
    for key in gone.keys() - back:
        now = log.answered.get(key, gone[key][0])
        was = {**before[RECORDS], **before.get(SEEN, {})}[key]
        steps[key] = _change(key, was, now, [log.last[key], at.isoformat()])
    watch = _kept(watch, log.known, log.pending, still, log.tells, log.silent, log.seen(before.get(SEEN, {})))
    return _went_back(watch, gone, steps, events, at)


@dataclass
class _Log:
    """What is known, and answered now, by key; `last` is the last run that saw what is known."""

    known: dict[str, list[str]]
    answered: Mapping[str, list[str]]
    differs: dict[str, list[Any]]
    tells: dict[str, list[Any]]
    last: Mapping[str, str]
    pending: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def silent(self) -> dict[str, str]:
        return {key: self.last[key] for key in self.known.keys() - self.answered.keys() if self.last[key]}

    def seen(self, before: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """What was seen last of what stays known for longer; what waits to be confirmed is not yet of it."""
        sure = {key: values for key, values in self.answered.items() if key not in self.pending}
        now = {**before, **{key: values for key, values in sure.items() if is_pooled(key)}}
        return {key: values for key, values in now.items() if key in self.known and values != self.known[key]}

    def take(self, told: Mapping[str, str], at: datetime) -> None:
        """What is told by another event is known from now on, and differs."""
        for key in told.keys() & self.known.keys() & self.answered.keys():
            if is_news(key, self.known[key], self.answered[key]):
                self.differs[key] = [self.known[key], at.isoformat(), told[key]]
                self.known[key] = learned(key, self.known[key], self.answered[key])

    def wait(self, before: Mapping[str, Sequence[Any]], at: datetime) -> None:
        """What is otherwise than known waits, with the two runs between which it became so."""
        self.pending = _pending(before, self)
        for key, waiting in self.pending.items():
            waiting.extend((self.last[key], at.isoformat()) if len(waiting) == UNTIMED and self.last[key] else ())

    def settle(
        self, sure: Sequence[str], back: Collection[str], stood: Mapping[str, list[str]], message: str, at: datetime
    ) -> None:
        """What waited long enough is known from now on; it differs since it was seen first, unless it went `back`."""
        for key in sure:
            values, _, *between = self.pending.pop(key)
            first = (between or [at.isoformat()])[-1]
            known, since, _, last = _told_before(self.differs.get(key, [self.known[key], first, "", stood[key]]))
            if key not in back:
                self.differs[key] = [known, since, message, last]
            self.known[key] = known if key in back else learned(key, known, values)
            self.tells[key] = [self.tells.get(key, (0,))[0] + 1, at.isoformat()]

    def is_news(self, key: str) -> bool:
        """Whether what is answered is not as it is known; or, of what stays known, went back to what it was before."""
        went_back = is_pooled(key) and self.tells.get(key, (0,))[0] < MOST_TELLS
        values = self.answered[key]
        return is_news(key, self.known[key], values) or (went_back and _is_back(key, self.differs, values))

    def is_as_before(self, key: str) -> bool:
        """Whether nothing of it differs any more; what stays known may wait to be confirmed."""
        if is_pooled(key):
            return key not in self.pending and _is_back(key, self.differs, self.answered.get(key, []))
        return self.known.get(key) == _told_before(self.differs[key])[0]


def _is_back(key: str, differs: Mapping[str, list[Any]], values: Sequence[str]) -> bool:
    """Whether what differs is as it was before; of what stays known a part of that, though not nothing."""
    before = differs[key][0] if key in differs else None
    if before is None or not is_pooled(key):
        return before == list(values)
    return bool(values) and {*values} <= {*before}


def _told_before(was: Sequence[Any]) -> tuple[list[str], str, str, list[str]]:
    """The parts of what differs: older versions kept two or three."""
    older: tuple[Any, ...] = ("", was[0])
    known, since, message, last = (*was, *older[len(was) - 2 :])
    return known, since, message, last


def _opened(watch: Watch, seen: Observation, at: datetime) -> _Log:
    """What is known before a run, with what is no news of it."""
    before = watch.state.baseline
    known = {key: list(values) for key, values in before.get(RECORDS, {}).items() if _stays(key, seen)}
    answered = {key: list(values) for key, values in seen.records.items() if values is not None}
    tells = {key: each for key, each in before.get(TELLS, {}).items() if _goes_on(each, at)}
    _learn(known, answered, tells, at)
    last = {key: _last_seen(watch, before.get(SILENT, {}), key) for key in known}
    return _Log(known, answered, dict(before.get(DIFFERS, {})), tells, last)


def _went_back(
    watch: Watch, gone: Mapping[str, list[Any]], steps: Mapping[str, Any], events: Sequence[Event], at: datetime
) -> Step:
    """With what is as it was again, told in the message of the change, and what else of that one is not.

    `gone` is what differed, `steps` are the ways back.
    """
    told, left = [*events], differing(watch)
    messages = {key: _told_before(was)[2] for key, was in gone.items()}
    for name in dict.fromkeys(filter(None, messages.values())):
        facts = {
            "changes": [steps[key] for key in sorted(gone) if messages[key] == name],
            LEFT: [one for key, one in left.items() if told_in(watch.state.baseline, key) == name],
        }
        watch, event = said(watch, "changed_back", facts, at, name)
        told.append(event)
    return Step(watch, tuple(told))


LEFT = "left"
"""Fact of what went back: the changes of its message that did not."""


UNTIMED = 2
"""What waits has values and a count; its times stand behind them."""


def _nothing_seen(watch: Watch) -> Watch:
    """A run that told nothing of any record."""
    baseline, last = watch.state.baseline, watch.state.last_at
    silent = baseline.get(SILENT, {})
    if not baseline.get(RECORDS) or last is None or ALL in silent:
        return watch
    return replace(watch, state=replace(watch.state, baseline={**baseline, SILENT: {**silent, ALL: last.isoformat()}}))


VANISHED = "vanished"
NO_NAME = frozenset({"dns_nxdomain", "dns_no_data"})


def vanished(watch: Watch, failing: Collection[str]) -> dict[str, Any]:
    """Of a host whose name is not in DNS any more: the last run that found it, and where it led then."""
    key, baseline = f"address {watch.target}", watch.state.baseline
    addresses = baseline.get(RECORDS, {}).get(key)
    if not addresses or not any(code.partition(" ")[0] in NO_NAME for code in failing):
        return {}
    return {VANISHED: {"seen": _last_seen(watch, baseline.get(SILENT, {}), key), "addresses": list(addresses)}}


def gone_from(watch: Watch, failing: Sequence[str], seen: Observation) -> list[tuple[str, str]]:
    """What all of it was broken at, where none of that is the target's any more: `mx` or `address`, and which."""
    gone = {_gone_at(watch.target, endpoint_of(code), seen.records) for code in failing}
    return sorted(one for one in gone if one is not None) if None not in gone else []


def _gone_at(target: str, endpoint: str, records: Mapping[str, Sequence[str] | None]) -> tuple[str, str] | None:
    host, _, address = endpoint.rpartition(":")[0].partition("[")
    exchanges, addresses = records.get(f"mx {target}"), records.get(f"address {host}")
    if exchanges and host != target and host not in {value.partition(" ")[2] for value in exchanges}:
        return "mx", host
    address = address.removesuffix("]")
    return ("address", address) if addresses and address and address not in addresses else None


def _last_seen(watch: Watch, silent: Mapping[str, str], key: str) -> str:
    """The last run that saw it."""
    last = watch.state.last_at
    return silent.get(key) or silent.get(ALL) or (last.isoformat() if last is not None else "")


def _learn(
    known: dict[str, list[str]], answered: Mapping[str, list[str]], tells: dict[str, list[Any]], at: datetime
) -> None:
    """Put what is no news, or was told often enough, to what is known."""
    for key, values in answered.items():
        news = key in known and is_news(key, known[key], values)
        told_enough = tells.get(key, (0,))[0] >= MOST_TELLS
        if news and told_enough:
            tells[key] = [MOST_TELLS, at.isoformat()]
        if told_enough or not news:
            known[key] = learned(key, known.get(key, ()), values)


def _told(
    watch: Watch, changes: Sequence[Mapping[str, Any]], often: Sequence[Mapping[str, Any]], at: datetime
) -> tuple[Watch, list[Event]]:
    if not changes:
        return watch, []
    watch, event = said(watch, "dns_changed", {"changes": changes, **({OFTEN: often} if often else {})}, at)
    return watch, [event]


def said(
    watch: Watch, kind: EventKind, facts: Mapping[str, Any], at: datetime, message: str = ""
) -> tuple[Watch, Event]:
    serial = watch.state.serial + 1
    watch = replace(watch, state=replace(watch.state, serial=serial))
    incident = Incident(f"{watch.id}.{serial}", at, message=message)
    return watch, event_of(watch, incident, kind, at, facts, quiet=watch.silence(at) is not None)


def _goes_on(told: Any, at: datetime) -> bool:
    """A count alone is of before times were kept."""
    return isinstance(told, list) and at - datetime.fromisoformat(told[1]) < REST


def _tells_anything(before: Mapping[str, Any], seen: Observation) -> bool:
    """Whether anything is not as it is known, or was: nearly every run is like the one before it."""
    known = before.get(RECORDS, {})
    return (
        any(before.get(each) for each in (PENDING, DIFFERS, TELLS, SEEN))
        or any(values is not None and list(values) != known.get(key) for key, values in seen.records.items())
        or not all(_stays(key, seen) for key in known)
        or RECORDS not in before
        or before.get(SILENT, {}).keys() != {key for key in known if seen.records.get(key) is None}
    )


AGAIN = timedelta(minutes=15)
"""How soon what is not as it was is looked at again, whatever the interval: name servers need a while to agree."""


def wait_of(watch: Watch, at: datetime) -> timedelta | None:
    """How long a change that was seen a moment ago waits for the run that confirms it; None: there is none."""
    for _, count, *between in watch.state.baseline.get(PENDING, {}).values():
        if count < watch.fail_after and between and at - datetime.fromisoformat(between[-1]) < watch.fail_after * AGAIN:
            return AGAIN
    return None


LATELY = timedelta(days=1)


def recent(watch: Watch, seen: Observation, at: datetime) -> list[dict[str, Any]]:
    """What differs since yesterday, confirmed or not: an outage that follows a change may be of its making."""
    baseline = watch.state.baseline
    stood = {**baseline.get(RECORDS, {}), **baseline.get(SEEN, {})}
    waiting = {key: stood[key] for key in baseline.get(PENDING, {}) if key in stood}
    told = {key: _told_before(was) for key, was in baseline.get(DIFFERS, {}).items()}
    before = {**waiting, **{key: last for key, (_, since, _, last) in told.items() if _is_late(since, at)}}
    now = {key: values for key, values in seen.records.items() if values is not None}
    return [_change(key, before[key], list(now[key])) for key in sorted(before.keys() & now.keys())]


def _is_told_beside(key: str, pending: Sequence[Any], incident: Incident | None, at: datetime) -> bool:
    """Whether an outage of this day has it: an address that was new when its host broke. It waits till that is over."""
    if incident is None or not is_pooled(key) or len(pending) == UNTIMED or at - incident.since > LATELY:
        return False
    hosts = {endpoint_of(code).rpartition(":")[0].partition("[")[0] for code in incident.failing}
    return key.partition(" ")[2] in hosts and datetime.fromisoformat(pending[-1]) <= incident.since


def _is_late(since: str, at: datetime) -> bool:
    return at - datetime.fromisoformat(since) <= LATELY


def unaccepted(watch: Watch) -> tuple[list[dict[str, Any]], datetime | None]:
    """What was told, is still different and was not accepted, and since when the first of it is so."""
    since = min(
        (datetime.fromisoformat(was[1]) for was in watch.state.baseline.get(DIFFERS, {}).values()), default=None
    )
    return list(differing(watch).values()), since


def differing(watch: Watch) -> dict[str, dict[str, Any]]:
    """The same by key."""
    differs, now = watch.state.baseline.get(DIFFERS, {}), watch.state.baseline.get(RECORDS, {})
    told = {key: _told_before(was) for key, was in sorted(differs.items())}
    return {key: _change(key, last, _new(key, known, now.get(key, ()))) for key, (known, *_, last) in told.items()}


def shown_in(watch: Watch, key: str, message: str) -> Watch:
    """With the incident in whose message a change stands."""
    differs = watch.state.baseline.get(DIFFERS, {})
    if key not in differs:
        return watch
    known, since, _, last = _told_before(differs[key])
    moved = {**differs, key: [known, since, message, last]}
    return replace(watch, state=replace(watch.state, baseline={**watch.state.baseline, DIFFERS: moved}))


def told_in(baseline: Mapping[str, Any], key: str) -> str:
    """The incident whose message tells what differs; "" of what an older version told."""
    return _told_before(baseline[DIFFERS][key])[2]


def stood_last(baseline: Mapping[str, Any], key: str) -> list[str]:
    """What stood there last before what differs."""
    return _told_before(baseline[DIFFERS][key])[3]


def _new(key: str, before: Sequence[str], known: Sequence[str]) -> list[str]:
    """Of what stays known once it was seen, that which is new."""
    return [value for value in known if value not in before] if is_pooled(key) else list(known)


def _stays(key: str, seen: Observation) -> bool:
    """A name is gone when others of its record were asked; a run that asked none of them says nothing of it."""
    record = key.partition(" ")[0]
    return (
        key in seen.records or record not in FLEETING or not any(one.startswith(f"{record} ") for one in seen.records)
    )


def _pending(before: Mapping[str, Sequence[Any]], log: _Log) -> dict[str, list[Any]]:
    """Values that differ from the known ones, with how often in a row they were seen.

    No answer, and a run that did not ask, leave them as they are.
    """
    known, answered = log.known, log.answered
    pending = {key: list(value) for key, value in before.items() if key in known and key not in answered}
    for key in filter(log.is_news, answered):
        old, count, *between = before.get(key, (None, 0))
        values = answered[key]
        pending[key] = [values, count + 1, *between] if old == values else [values, 1]
    return pending


def _change(key: str, before: Sequence[str], after: Sequence[str], between: Sequence[str] = ()) -> dict[str, Any]:
    record, _, name = key.partition(" ")
    told = {"record": record, "name": name, "before": list(before), "after": list(after)}
    return {**told, "between": list(between)} if between else told


def _kept(
    watch: Watch,
    known: Mapping[str, list[str]],
    pending: Mapping[str, list[Any]],
    differs: Mapping[str, list[Any]],
    tells: Mapping[str, list[Any]],
    silent: Mapping[str, str],
    seen: Mapping[str, list[str]],
) -> Watch:
    kept: dict[str, dict[str, Any]] = {RECORDS: dict(known), PENDING: dict(pending), DIFFERS: dict(differs)}
    kept |= {TELLS: dict(tells), SILENT: dict(silent), SEEN: dict(seen)}
    baseline = {**watch.state.baseline, **{key: value for key, value in kept.items() if value or key == RECORDS}}
    for key in (PENDING, DIFFERS, TELLS, SILENT, SEEN):
        if not kept[key]:
            baseline.pop(key, None)
    return replace(watch, state=replace(watch.state, baseline=baseline))
