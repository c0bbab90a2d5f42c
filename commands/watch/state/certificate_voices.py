"""One voice for a certificate that several watches of a channel see: whoever saw it first tells. Pure.

It stands in the sight of a team and vantage: `{"voices": {"<channel> <whom it mentions>": {"<subject> <end>":
{"watch", "threshold", "until"}}}}`. A watch that would tell what another one has told edits nothing and posts nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.watch.state.events import Event
from commands.watch.state.grouping import whom_of
from commands.watch.state.model import Watch

VOICES = "voices"

Document = dict[str, Any]


def with_one_voice(
    sight: Mapping[str, Any], watch: Watch, events: Sequence[Event], at: datetime
) -> tuple[Document, tuple[Event, ...]]:
    """The sight, and the events, of which those are quiet that another watch has told."""
    if not any(event.kind == "certificate_ends" and not event.quiet for event in events):
        return dict(sight), tuple(events)
    place = f"{watch.channel} {whom_of(watch)}"
    voices = {key: _lasting(known, at) for key, known in sight.get(VOICES, {}).items()}
    mine = dict(voices.get(place, {}))
    heard = _heard(voices, watch.channel) if not watch.notify else mine
    told = tuple(_voiced(event, mine, heard) for event in events)
    kept = {key: known for key, known in {**voices, place: mine}.items() if known}
    return {**sight, VOICES: kept}, told


def _lasting(known: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {key: one for key, one in known.items() if datetime.fromisoformat(one["until"]) > at}


def _heard(voices: Mapping[str, Document], channel: str) -> Document:
    """What was told in a channel, whomever it mentioned: who mentions nobody adds nothing to it."""
    return {key: one for place, told in voices.items() if place.startswith(f"{channel} ") for key, one in told.items()}


def _voiced(event: Event, told: Document, heard: Mapping[str, Any]) -> Event:
    if event.kind != "certificate_ends" or event.quiet:
        return event
    threshold = int(event.facts["threshold"])
    shown = {f"{one['subject']} {one['not_after']}": one["not_after"] for one in event.facts["endpoints"]}
    others = [heard.get(key) for key in shown]
    if all(one and one["watch"] != event.watch and one["threshold"] <= threshold for one in others):
        return replace(event, quiet=True)
    told |= {key: {"watch": event.watch, "threshold": threshold, "until": until} for key, until in shown.items()}
    return event
