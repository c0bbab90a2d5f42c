"""DNS records that are not what they were: MX, PTR, TLSA, the id of MTA-STS. Pure.

In the baseline: `{"records": {key: values}, "pending": {key: [values, count]}}`, where a key is `<record> <name>` and
values are sorted. No answer is no change. A change counts once it was seen `fail_after` times in a row, since name
servers of one zone differ for a while; it is told once, and what it led to is the new baseline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.watch.state.events import Step, event_of
from commands.watch.state.model import Incident, Watch
from commands.watch.state.observation import Observation

RECORDS, PENDING = "records", "pending"


def compare(watch: Watch, seen: Observation, at: datetime) -> Step:
    """The changes that are confirmed by now, in one event. While the watch is quiet they wait."""
    if not seen.records:
        return Step(watch)
    known: dict[str, list[str]] = {
        key: values for key, values in watch.state.baseline.get(RECORDS, {}).items() if key in seen.records
    }
    answered = {key: list(values) for key, values in seen.records.items() if values is not None}
    pending = _pending(watch.state.baseline.get(PENDING, {}), known, answered, seen.records)
    sure = [key for key, (_, count) in pending.items() if count >= watch.fail_after]
    for key in answered.keys() - known.keys():
        known[key] = answered[key]
    if not sure or watch.silence(at) is not None:
        return Step(_kept(watch, known, pending))
    changes = [_change(key, known[key], pending[key][0]) for key in sorted(sure)]
    for key in sure:
        known[key] = pending.pop(key)[0]
    serial = watch.state.serial + 1
    watch = replace(watch, state=replace(watch.state, serial=serial))
    incident = Incident(f"{watch.id}.{serial}", at)
    event = event_of(watch, incident, "dns_changed", at, {"changes": changes}, quiet=False)
    return Step(_kept(watch, known, pending), (event,))


def _pending(
    before: Mapping[str, Sequence[Any]],
    known: Mapping[str, list[str]],
    answered: Mapping[str, list[str]],
    asked: Mapping[str, Any],
) -> dict[str, list[Any]]:
    """Values that differ from the known ones, with how often in a row they were seen. No answer leaves them as is."""
    pending = {key: list(value) for key, value in before.items() if key in asked and key not in answered}
    for key, values in answered.items():
        if key in known and values != known[key]:
            old, count = before.get(key, (None, 0))
            pending[key] = [values, count + 1 if old == values else 1]
    return pending


def _change(key: str, before: list[str], after: list[str]) -> dict[str, Any]:
    record, _, name = key.partition(" ")
    return {"record": record, "name": name, "before": before, "after": after}


def _kept(watch: Watch, known: Mapping[str, list[str]], pending: Mapping[str, list[Any]]) -> Watch:
    baseline = {**watch.state.baseline, RECORDS: dict(known), PENDING: dict(pending)}
    return replace(watch, state=replace(watch.state, baseline=baseline))
