"""The Bolt application: which listener serves what."""

import logging
import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.observability.redaction import trace_of
from bot.registry import COMMANDS
from bot.services import Services
from bot.settings import Settings
from bot.slack.dispatcher import Dispatcher
from bot.slack.manifest import EVENTS
from commands.contract import Command

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*")
LEFT_BEHIND = (
    "Its token stands in SLACK_BOT_TOKEN alone, take it out there; "
    "the history stays in the file PORTERO_DATABASE until somebody deletes it."
)


def build_app(
    settings: Settings, client: AsyncWebClient, dispatcher: Dispatcher, commands: Sequence[Command[Services]] = COMMANDS
) -> AsyncApp:
    """Every command, button, form and shortcut, and a catch-all: what nobody listens to would be a 404.

    `process_before_response` spares the 10 ms poll for the ack: listeners only ack and start a task. The logger is
    named, since Bolt gives those that it makes by itself the level of the root: at DEBUG they write payloads.
    """
    app = AsyncApp(
        client=client,
        logger=logging.getLogger("slack_bolt"),
        signing_secret=settings.signing_secret or None,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=not settings.socket_mode,
    )
    for command in commands:
        _listen(app, dispatcher, command)
    _listen_events(app, dispatcher)
    app.action(ANYTHING)(_acknowledge)
    app.error(_on_error)
    return app


def _listen(app: AsyncApp, dispatcher: Dispatcher, command: Command[Services]) -> None:
    async def on_command(ack: Any, body: dict[str, Any]) -> None:
        await dispatcher.on_command(command, ack, body)

    async def on_button(ack: Any, body: dict[str, Any]) -> None:
        await dispatcher.on_button(command, ack, body)

    async def on_form(ack: Any, body: dict[str, Any]) -> None:
        await dispatcher.on_form(command, ack, body)

    name = re.escape(command.name)
    app.command(f"/{command.name}")(on_command)
    app.action(re.compile(rf"^{name}\."))(on_button)
    app.view(re.compile(rf"^{name}\."))(on_form)
    for callback in command.shortcuts:
        _listen_shortcut(app, dispatcher, command, callback)


def _listen_shortcut(app: AsyncApp, dispatcher: Dispatcher, command: Command[Services], callback: str) -> None:
    async def on_shortcut(ack: Any, body: dict[str, Any]) -> None:
        await dispatcher.on_shortcut(command, callback, ack, body)

    app.message_shortcut(callback)(on_shortcut)


def _listen_events(app: AsyncApp, dispatcher: Dispatcher) -> None:
    async def on_home(body: dict[str, Any]) -> None:
        await dispatcher.on_home(body)

    listeners = {"app_home_opened": on_home, "app_uninstalled": _gone, "tokens_revoked": _revoked}
    for event in EVENTS:
        app.event(event)(listeners[event])
    app.event(ANYTHING)(_nothing)


async def _gone(event: dict[str, Any]) -> None:
    """No token is stored, so there is none to delete: this installation's stands in the environment."""
    log.warning("Slack reports %s: Portero cannot answer until it is installed again. %s", event["type"], LEFT_BEHIND)


async def _revoked(event: dict[str, Any]) -> None:
    """Tokens of people are no business of ours: Portero has none."""
    if (event.get("tokens") or {}).get("bot"):
        await _gone(event)


async def _nothing() -> None:
    """An event that we take note of by not failing: unanswered ones count against the subscription."""


async def _acknowledge(ack: Any) -> None:
    await ack()


async def _on_error(error: Exception) -> BoltResponse | None:
    """Errors outside the dispatcher's own boundary. Never the body: it may hold a pasted configuration."""
    if isinstance(error, BoltUnhandledRequestError):
        log.info("a request that nothing listens to was acknowledged")
        return BoltResponse(status=200)
    log.error("a listener failed\n%s", trace_of(error))
    return None
