"""What was told of a watch is normal from now on: also for the others of its channel that told the same. Pure.

An outage of ports is none that can be accepted. What was told in a message is said to be accepted in it (`accepted`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.contract import DeclinedError
from commands.smtpcheck.result.states import BY_NAME
from commands.watch.state import certificates, dns_changes
from commands.watch.state.baseline import ACCEPTED, AMISS, MEANT
from commands.watch.state.compared import is_pooled
from commands.watch.state.dns_changes import DIFFERS, RECORDS, SEEN, TELLS
from commands.watch.state.events import Event, Step, event_of
from commands.watch.state.model import PORTERO, Incident, Watch
from commands.watch.state.port_health import PERHAPS_MEANT
from commands.watch.state.transitions import closed

Change = tuple[str, ...]
"""Something that was told and differs still: a code, a record with what it is now, a certificate on an endpoint."""


def accept(watch: Watch, at: datetime, who: str = PORTERO, told: Collection[Change] | None = None) -> Step:
    """What differs from before is normal from now on; of `told` alone, where that is what somebody accepted elsewhere.

    `DeclinedError` when there is nothing to accept.
    """
    if not (may_accept(watch) if told is None else acceptable(watch)):
        raise DeclinedError(
            "There is nothing to accept: a port that does not answer is an outage, and nothing else differs.",
            f"`/smtpwatch mute {watch.id} 2d REASON` keeps it quiet.",
            f"mute {watch.id} 2d",
        )
    meant = {one for one in changes_of(watch) if told is None or one in told}
    codes = set(watch.state.incident.failing) if watch.state.incident is not None else set()
    codes = codes if all((code,) in meant for code in codes) else set()
    done = _closed(watch, at, who) if codes else Step(watch)
    after, events = _said(done.watch, meant, at, who)
    normal = sorted({*after.state.baseline.get(ACCEPTED, ()), *codes})
    if normal:
        after = replace(after, state=replace(after.state, baseline={**after.state.baseline, ACCEPTED: normal}))
    if told is None and (flaws := perhaps_meant(watch)):
        after = replace(after, state=replace(after.state, baseline=_as_meant(after.state.baseline, flaws)))
    return Step(replace(after, due_at=at) if after.runs else after, (*done.events, *events))


def may_accept(watch: Watch) -> bool:
    """The same where somebody looks at the watch itself, and not at what it told."""
    return acceptable(watch) or bool(perhaps_meant(watch))


def perhaps_meant(watch: Watch) -> set[str]:
    """Certificates that mail programs refused from the start: nothing was told of them, and they may be meant."""
    return {code for code in watch.state.baseline.get(AMISS, ()) if code.partition(" ")[0] in PERHAPS_MEANT}


def _as_meant(baseline: Mapping[str, Any], flaws: Collection[str]) -> dict[str, Any]:
    left = [code for code in baseline.get(AMISS, ()) if code not in flaws]
    return {**baseline, AMISS: left, MEANT: sorted({*baseline.get(MEANT, ()), *flaws})}


def acceptable(watch: Watch) -> bool:
    """Whether what is told of a watch may be meant: it answers, but not as it did."""
    incident = watch.state.incident
    if incident is not None:
        return not any(code.partition(" ")[0] in BY_NAME for code in incident.failing)
    return bool(dns_changes.unaccepted(watch)[0] or certificates.unaccepted(watch))


def changes_of(watch: Watch) -> set[Change]:
    """All that was told of it and may be accepted."""
    found: set[Change] = set(certificates.unaccepted(watch))
    found |= {_record(one) for one in dns_changes.unaccepted(watch)[0]}
    incident = watch.state.incident
    return found | ({(code,) for code in incident.failing} if incident is not None and acceptable(watch) else set())


def _record(change: Mapping[str, Any]) -> Change:
    return str(change["record"]), str(change["name"]), *map(str, change["after"])


def _closed(watch: Watch, at: datetime, who: str) -> Step:
    done = closed(watch, at, "accepted", who)
    return Step(replace(done.watch, state=replace(done.watch.state, phase="up")), done.events)


def _said(watch: Watch, meant: Collection[Change], at: datetime, who: str) -> tuple[Watch, list[Event]]:
    """Without what is meant; each message of which nothing is left says that it was accepted."""
    changes, baseline = dns_changes.differing(watch), watch.state.baseline
    gone = [key for key, change in changes.items() if _record(change) in meant]
    told = {key: dns_changes.told_in(baseline, key) for key in changes}
    left = {"", *(told[key] for key in changes.keys() - gone)}
    messages = [name for name in dict.fromkeys(told[key] for key in gone) if name not in left]
    events = []
    for serial, name in enumerate(messages, start=watch.state.serial + 1):
        shown = [changes[key] for key in gone if told[key] == name]
        incident = Incident(f"{watch.id}.{serial}", at, message=name)
        events.append(_event(watch, incident, at, {"changes": shown, "who": who}))
    baseline, ending = certificates.accepted(_records_accepted(baseline, gone), meant)
    if ending is not None:
        incident, facts = ending
        events.append(_event(watch, incident, at, {**facts, "who": who}))
    state = replace(watch.state, baseline=baseline, serial=watch.state.serial + len(messages))
    return replace(watch, state=state), events


def _records_accepted(baseline: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """What differs there is normal from now on, and what stood there last is not: it may be told if it comes back.

    Addresses that take turns would be told again with every acceptance: how often they were told goes on counting.
    """
    differs, tells = baseline.get(DIFFERS, {}), baseline.get(TELLS, {})
    left = {
        DIFFERS: {key: was for key, was in differs.items() if key not in keys},
        TELLS: {key: count for key, count in tells.items() if key not in keys or is_pooled(key)},
    }
    kept = {name: value for name, value in baseline.items() if name not in left}
    normal = {key: _without_last(baseline, key) for key in differs if key in keys and is_pooled(key)}
    records = {RECORDS: {**baseline[RECORDS], **normal}} if normal else {}
    return {**kept, **records, **{name: value for name, value in left.items() if value}}


def _without_last(baseline: Mapping[str, Any], key: str) -> list[str]:
    """What is known of what stays known, without what stood there before the change that is accepted."""
    known = baseline[RECORDS][key]
    now, last = baseline.get(SEEN, {}).get(key, known), dns_changes.stood_last(baseline, key)
    return [value for value in known if value in now or value not in last]


def _event(watch: Watch, incident: Incident, at: datetime, facts: Mapping[str, Any]) -> Event:
    """Only the message is edited."""
    return event_of(watch, incident, "accepted", at, facts, quiet=True)
