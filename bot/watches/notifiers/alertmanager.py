"""Alerts to Prometheus' Alertmanager, by its API v2: one alert for each incident of a watch, ended when it is over.

Alertmanager takes an alert for over that is not sent again for a while, and keeps none over a restart without its data.
Portero tells each event once: so an alert is sent with an end far ahead, and once more with the true one. Its labels
make it the same alert: they stay those that it began with, the severity too.

Policy: the URL of PORTERO_ALERTMANAGER_URL alone, found by the system's resolver (it may lie inside: the operator names
it, nobody else), http or https with a certificate that is valid, within 10 s; no redirect, no proxy, no cookies, and
of the answer no body. Carries the login of that URL, and alerts.

Source: the OpenAPI description of Alertmanager's API v2 (POST /api/v2/alerts, postableAlerts).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from bot.watches.notifiers.failures import NotReachedError
from bot.watches.notifiers.incidents import Deed, deed_of, headline, host_of, lines, read_severity
from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.posting import JSON, SECONDS, as_json, judge
from commands.watch.state.notifier import Delivery, Posted
from commands.watch.state.routes import Route

NAME = "alertmanager"
ALERT = "PorteroWatch"
PATH = "api/v2/alerts"
AHEAD = timedelta(days=365)
SUMMARY, DESCRIPTION = 500, 4000


@dataclass
class AlertmanagerAlerts:
    """The notifier of the route `alertmanager`. `url` may hold a login."""

    url: str = field(repr=False)
    route: str = NAME

    async def deliver(self, delivery: Delivery) -> Posted | None:
        """What is posted keeps with which severity each incident of a message began."""
        deed = deed_of(delivery)
        if deed in {None, Deed.ACKNOWLEDGE}:
            return None
        own, before = delivery.event.own, delivery.posted or {}
        severity = before.get(own) or delivery.to(self.route)[0]
        await self._post(as_json([alert(delivery, severity, is_over=deed is Deed.END)]))
        return {**before, own: severity}

    async def _post(self, content: bytes) -> None:
        target = URL(self.url) / PATH
        try:
            async with (
                ClientSession(timeout=ClientTimeout(SECONDS), cookie_jar=DummyCookieJar()) as session,
                session.post(target, data=content, headers=JSON, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (ClientError, TimeoutError, OSError) as error:
            raise NotReachedError(type(error).__name__) from None  # its text holds the URL
        judge(status)


def alert(delivery: Delivery, severity: str, *, is_over: bool) -> dict[str, Any]:
    """An alert as the API takes it: all labels and annotations are text."""
    event = delivery.event
    labels = {"alertname": ALERT, "severity": severity, "instance": host_of(event), "incident": event.own}
    labels |= {"watch": event.watch, "kind": event.watch_kind}
    return {
        "labels": labels,
        "annotations": {"summary": headline(delivery, SUMMARY), "description": lines(delivery, DESCRIPTION)},
        "startsAt": event.since.isoformat(),
        "endsAt": (event.at if is_over else event.at + AHEAD).isoformat(),
    }


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    return read_severity(words, NAME)


def shown(value: tuple[str, ...]) -> str:
    return f"Alertmanager ({value[0]})"


def make(setup: Setup) -> AlertmanagerAlerts:
    return AlertmanagerAlerts(setup.settings.alertmanager_url)


def is_set_up(settings: Settings) -> bool:
    return bool(settings.alertmanager_url)


ALERTMANAGER = NotifierKind(
    Route(
        name=NAME,
        label="Also to Alertmanager, as",
        example="critical",
        read=read,
        shown=shown,
        not_set_up="Alerts to Alertmanager are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_ALERTMANAGER_URL.",
    ),
    is_set_up,
    make,
)
