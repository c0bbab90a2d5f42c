"""Incidents in PagerDuty, by its Events API v2: triggered, acknowledged and resolved with the watch.

The key of an incident (`dedup_key`) is that of the watch's incident, so that what is sent again after a lost answer,
or says more, is the same one there. Where it may go, and what an answer means: `posting`. The integration key stands in
the body alone.

Source: developer.pagerduty.com, "Send an alert event" of the Events API v2: fields, their lengths, 202 for an event
that was taken, 429 and 5xx to be tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.watches.notifiers.incidents import Deed, deed_of, headline, host_of, lines, read_severity
from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.posting import Posting, as_json, posting_of
from commands.watch.state.notifier import Delivery, Posted
from commands.watch.state.routes import Route

NAME = "pagerduty"
ACTIONS: Mapping[Deed, str] = {Deed.BEGIN: "trigger", Deed.ACKNOWLEDGE: "acknowledge", Deed.END: "resolve"}
SUMMARY, DETAILS = 1024, 8000
"""Characters: PagerDuty's limit, and what is read at night."""


@dataclass
class PagerDutyAlerts:
    """The notifier of the route `pagerduty`."""

    key: str = field(repr=False)
    url: str
    posting: Posting
    route: str = NAME

    async def deliver(self, delivery: Delivery) -> Posted | None:
        deed = deed_of(delivery)
        if deed is None:
            return None
        await self.posting.post(self.url, as_json(self._event(deed, delivery)))
        return {"last": delivery.event.id}

    def _event(self, deed: Deed, delivery: Delivery) -> dict[str, Any]:
        told = {"routing_key": self.key, "event_action": ACTIONS[deed], "dedup_key": f"portero-{delivery.event.own}"}
        return {**told, "payload": self._payload(delivery), "client": "Portero"} if deed is Deed.BEGIN else told

    def _payload(self, delivery: Delivery) -> dict[str, Any]:
        event = delivery.event
        [severity] = delivery.to(self.route)
        return {
            "summary": headline(delivery, SUMMARY),
            "source": host_of(event),
            "severity": severity,
            "timestamp": event.since.isoformat(),
            "component": event.watch,
            "class": event.watch_kind,
            "custom_details": {"watch": event.watch, "incident": event.own, "told": lines(delivery, DETAILS)},
        }


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    return read_severity(words, NAME)


def shown(value: tuple[str, ...]) -> str:
    return f"PagerDuty ({value[0]})"


def make(setup: Setup) -> PagerDutyAlerts:
    return PagerDutyAlerts(setup.settings.pagerduty_key, setup.settings.pagerduty_url, posting_of(setup))


def is_set_up(settings: Settings) -> bool:
    return bool(settings.pagerduty_key)


PAGERDUTY = NotifierKind(
    Route(
        name=NAME,
        label="Also to PagerDuty, as",
        example="critical",
        read=read,
        shown=shown,
        not_set_up="Alerts to PagerDuty are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_PAGERDUTY_KEY.",
    ),
    is_set_up,
    make,
)
