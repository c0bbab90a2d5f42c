"""One voice for what several watches of a channel see: a certificate that ends, a record that changed. Pure.

Whoever sees it first tells; what others see of it stands in the same message (a certificate that two hosts show), and
whom they name is mentioned in its thread. It stands in the sight of a team and vantage: `{"voices": {channel: {what:
{"incident", "watch", "whom": [fingerprints], "until", "threshold", "places": {endpoint: row}, "renewed": the same}}}}`,
where `what` is `<subject> <end>` of a certificate or `<record> <name> <values>` of a change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from commands.times import days_left
from commands.watch.state import certificates, dns_changes
from commands.watch.state.certificates import WRONG
from commands.watch.state.events import Event
from commands.watch.state.grouping import JOINED, whom_of
from commands.watch.state.model import Watch

VOICES = "voices"

Document = dict[str, Any]


def with_one_voice(
    sight: Mapping[str, Any], watch: Watch, events: Sequence[Event], at: datetime
) -> tuple[Document, Watch, tuple[Event, ...]]:
    """The sight, the watch and its events, told in the messages of those that told the same before."""
    if not events:
        return dict(sight), watch, ()
    every = {channel: dict(them) for channel, them in sight.get(VOICES, {}).items() if " " not in channel}
    known = {what: one for what, one in every.get(watch.channel, {}).items() if _lasts(one, at)}
    told: list[Event] = []
    for event in events:
        watch, placed = _VOICED.get(event.kind, _as_it_is)(known, watch, event, at)
        told.append(placed)
    every[watch.channel] = known
    return {**sight, VOICES: {channel: them for channel, them in every.items() if them}}, watch, tuple(told)


def _lasts(one: Mapping[str, Any], at: datetime) -> bool:
    return datetime.fromisoformat(one["until"]) > at


def _as_it_is(_known: Document, watch: Watch, event: Event, _at: datetime) -> tuple[Watch, Event]:
    return watch, event


def _certificate(known: Document, watch: Watch, event: Event, at: datetime) -> tuple[Watch, Event]:
    """With every other place that shows the same; what another watch has told is told no second time."""
    threshold, rows, whom = int(event.facts["threshold"]), event.facts["endpoints"], whom_of(watch)
    voices = [known.get(_certificate_of(row)) for row in rows]
    before = [one for one in voices if one is not None]
    message = str(before[0]["incident"]) if before else event.incident
    heard = len(before) == len(rows) and all(
        one["watch"] != event.watch and one["threshold"] <= threshold for one in before
    )
    tells = not heard and not event.quiet
    mentions = heard and bool(whom) and any(whom not in one["whom"] for one in before)
    for row in rows:
        one = known.get(_certificate_of(row)) or _voice(event.watch, message, row["not_after"], threshold)
        one = {
            **one,
            "places": {**one["places"], row["endpoint"]: {**row, "target": event.target, "watch": event.watch}},
        }
        voice = {"watch": event.watch, "threshold": threshold, "whom": [whom]} if tells else {}
        known[_certificate_of(row)] = {**one, "whom": [*one["whom"], *([whom] if mentions else [])], **voice}
    shown = _together(known, message, rows, at)
    facts = {**event.facts, "days": min(row["days"] for row in shown), **_facts(shown, event.target)}
    event = replace(event, incident=message, facts=facts)
    watch = certificates.shown_in(watch, message, shown)
    return watch, _joined(event, mentions=mentions) if heard else event


def _renewed(known: Document, watch: Watch, event: Event, at: datetime) -> tuple[Watch, Event]:
    """Where others of a message are still to be renewed it goes on; who was not the last to tell says nothing.

    What is wrong with a new one is said all the same.
    """
    good = event.kind == "certificate_renewed" and not any(WRONG in row for row in event.facts["endpoints"])
    mine = {row["endpoint"]: {**row, "target": event.target} for row in event.facts["endpoints"]}
    there = {what: one for what, one in known.items() if one["incident"] == event.incident}
    renewed = {name: row for one in there.values() for name, row in one.get("renewed", {}).items()} | mine
    for what, one in there.items():
        places = {name: row for name, row in one["places"].items() if name not in mine}
        known[what] = {**one, "places": places, "renewed": renewed}
    left = _together(known, event.incident, (), at)
    for what in there if not left else ():
        del known[what]
    if left and good:
        facts = {"days": min(row["days"] for row in left), "threshold": 0, **_facts(left, event.target)}
        return watch, replace(event, kind="certificate_ends", quiet=True, facts=facts)
    said = not there and event.incident != event.own and event.kind == "certificate_renewed"
    shown = sorted(renewed.values(), key=lambda row: (row["not_after"], row["endpoint"]))
    return watch, replace(event, quiet=event.quiet or said, facts={**event.facts, **_facts(shown, event.target)})


def _facts(rows: Sequence[Mapping[str, Any]], target: str) -> Document:
    """What a message shows, and whose targets these are where they are several."""
    targets = list(dict.fromkeys(str(row.get("target", target)) for row in rows))
    return {"endpoints": list(rows), **({"targets": targets} if len(targets) > 1 else {})}


def left(
    sight: Mapping[str, Any], watch: Watch, events: Sequence[Event], at: datetime
) -> tuple[Document, tuple[Event, ...]]:
    """The same where a watch looks no longer: the message in which it told goes on for what others see."""
    message = certificates.message_of(watch)
    if not message or not any(event.kind == "closed" and event.incident == message for event in events):
        return dict(sight), tuple(events)
    known = dict(sight.get(VOICES, {}).get(watch.channel, {}))
    there = {what: one for what, one in known.items() if one["incident"] == message}
    for what, one in there.items():
        places = {name: row for name, row in one["places"].items() if row.get("watch") != watch.id}
        known[what] = {**one, "places": places}
        if not places:
            del known[what]
    rows = _together(known, message, (), at)
    facts = {"days": min(row["days"] for row in rows), "threshold": 0, **_facts(rows, watch.target)} if rows else {}
    after = {**sight, VOICES: {**sight.get(VOICES, {}), watch.channel: known}}
    told = (
        replace(event, kind="certificate_ends", quiet=True, facts=facts)
        if rows and event.kind == "closed" and event.incident == message
        else event
        for event in events
        if there or event.incident != message or event.own == message
    )
    return after, tuple(told)


def _changes(known: Document, watch: Watch, event: Event, at: datetime) -> tuple[Watch, Event]:
    """Without what another watch has told: that stands in its message, and may be accepted there."""
    changes, whom = event.facts["changes"], whom_of(watch)
    voices = {_change_of(one): known.get(_change_of(one)) for one in changes}
    heard = {what: one for what, one in voices.items() if one is not None and one["watch"] != event.watch}
    fresh = [one for one in changes if _change_of(one) not in heard]
    for one in changes:
        if (voice := heard.get(_change_of(one))) is not None:
            watch = dns_changes.shown_in(watch, f"{one['record']} {one['name']}", voice["incident"])
    until = (at + dns_changes.REST).isoformat()
    for one in fresh:
        known[_change_of(one)] = {**_voice(event.watch, event.incident, until), "whom": [whom], "changes": fresh}
    if fresh:
        often = [one for one in event.facts.get(dns_changes.OFTEN, ()) if one in fresh]
        facts = {name: fact for name, fact in event.facts.items() if name != dns_changes.OFTEN}
        return watch, replace(event, facts={**facts, "changes": fresh, **({dns_changes.OFTEN: often} if often else {})})
    voice = next(iter(heard.values()))
    mentions = bool(whom) and whom not in voice["whom"]
    if not mentions:
        return watch, replace(event, quiet=True)
    for what, one in heard.items():
        known[what] = {**one, "whom": [*one["whom"], whom]}
    facts = {**event.facts, "changes": voice["changes"]}
    return watch, _joined(replace(event, incident=voice["incident"], facts=facts), mentions=True)


def _back(known: Document, watch: Watch, event: Event, _at: datetime) -> tuple[Watch, Event]:
    """The first who sees it says it, in the message that they share; what comes again is told again."""
    voiced = [what for one in event.facts["changes"] if (what := _change_of({**one, "after": one["before"]})) in known]
    for what in voiced:
        del known[what]
    mine = event.incident.startswith(f"{watch.id}.")
    return watch, event if voiced or mine else replace(event, quiet=True)


def _voice(watch: str, message: str, until: str, threshold: int = 0) -> Document:
    return {"incident": message, "watch": watch, "whom": [], "until": until, "threshold": threshold, "places": {}}


def _certificate_of(row: Mapping[str, Any]) -> str:
    return f"{row['subject']} {row['not_after']}"


def _change_of(change: Mapping[str, Any]) -> str:
    return " ".join([str(change["record"]), str(change["name"]), *map(str, change["after"])])


def _together(
    known: Mapping[str, Any], message: str, rows: Sequence[Mapping[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    """All that stands in a message, the first to end first."""
    there = [row for one in known.values() if one["incident"] == message for row in one["places"].values()]
    found = {row["endpoint"]: row for row in (*there, *rows)}
    shown = [{**row, "days": days_left(datetime.fromisoformat(row["not_after"]), at)} for row in found.values()]
    return sorted(shown, key=lambda row: (row["not_after"], row["endpoint"]))


def _joined(event: Event, *, mentions: bool) -> Event:
    """In silence, unless it names somebody who was not mentioned yet."""
    return replace(event, quiet=not mentions, facts={**event.facts, "part": JOINED, "mention": mentions})


Voiced: TypeAlias = Callable[[Document, Watch, Event, datetime], tuple[Watch, Event]]
_VOICED: Mapping[str, Voiced] = {
    "certificate_ends": _certificate,
    "certificate_renewed": _renewed,
    "certificate_replaced": _renewed,
    "dns_changed": _changes,
    "changed_back": _back,
}
