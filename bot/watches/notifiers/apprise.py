"""Alerts by whatever Apprise knows (ntfy, Matrix, Telegram, Pushover, ...): the extra `portero[apprise]`.

Whoever runs Portero names the URLs, which hold keys (PORTERO_APPRISE); a watch says the name of one. What is told is
what mail tells. Apprise is loaded when its first alert leaves, and works in a thread of its own.

Policy: where the URLs of PORTERO_APPRISE lead, by the rules of Apprise: the system's resolver, redirects, and the proxy
of the environment for all of it. Each answer within 10 s. Carries the keys of the URL, and alerts.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.messages import TO, recipients_of, told_to
from bot.watches.notifiers.posting import SECONDS, RefusedError
from commands.slack_text import escape
from commands.watch.state.notifier import Delivery, Posted, UndeliverableError
from commands.watch.state.routes import Route
from commands.watch.view.alert_words import text_of
from commands.watch.view.event_text import GREEN, RED, YELLOW
from commands.watch.view.plain_text import body, subject

NAME = "apprise"
KINDS: Mapping[str, str] = {RED: "failure", GREEN: "success", YELLOW: "warning"}


@dataclass
class AppriseAlerts:
    """The notifier of the route `apprise`. `urls` by the name that a watch says."""

    urls: Mapping[str, str] = field(repr=False)
    route: str = NAME

    async def deliver(self, delivery: Delivery) -> Posted | None:
        recipients = recipients_of(delivery, self.route)
        for name in recipients:
            url = self.urls.get(name)
            if url is None:  # it was taken out of the settings
                raise UndeliverableError("no_such_name")
            if not await asyncio.to_thread(_send, url, delivery):
                raise RefusedError("not_taken")
        return {TO: told_to(delivery, recipients)} if recipients else None


def _send(url: str, delivery: Delivery) -> bool:
    """Whether the service took it. What it said is Apprise's to know."""
    event, watch = delivery.event, delivery.watch
    library, service = _library(), _service(url)
    if service is None:
        raise UndeliverableError("bad_url")
    kind = library.NotifyType(KINDS.get(text_of(event, watch).icon, "info"))
    return bool(service.notify(title=subject(event, watch), body=body(event, watch, NAME), notify_type=kind))


@lru_cache
def _library() -> Any:
    return import_module("apprise")


@lru_cache(maxsize=64)
def _service(url: str) -> Any:
    """None for a URL that Apprise does not know."""
    service = _library().Apprise.instantiate(url)
    if service is not None:
        service.socket_connect_timeout = service.socket_read_timeout = SECONDS
    return service


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The name of a service that the words begin with; `choices` are those that there are."""
    return (words[0].lower(),), 1


def shown(names: tuple[str, ...]) -> str:
    return f"Apprise ({escape(names[0], 40)})"


def make(setup: Setup) -> AppriseAlerts:
    return AppriseAlerts(setup.settings.apprise)


def is_set_up(settings: Settings) -> bool:
    return bool(settings.apprise)


APPRISE = NotifierKind(
    Route(
        name=NAME,
        label="Also by Apprise to",
        example="ops",
        read=read,
        shown=shown,
        not_set_up="Alerts by Apprise are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_APPRISE.",
    ),
    is_set_up,
    make,
    choices=lambda settings: frozenset(settings.apprise),
)
