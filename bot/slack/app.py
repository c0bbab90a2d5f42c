"""The Bolt application: which listener serves what, and what it makes of the payload."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.observability.redaction import trace_of
from bot.registry import COMMANDS
from bot.services import Services
from bot.settings import Settings
from bot.slack.client.web_client import SlackClient, patient
from bot.slack.conversation.conversation import Conversation
from bot.slack.dispatcher import Dispatcher
from bot.slack.events import ANYTHING, Events
from bot.slack.replies import corrections, instead
from bot.slack.requests import payload
from bot.slack.requests.job import Job
from bot.slack.requests.message_text import text_files, written
from bot.slack.requests.payload import Payload
from bot.slack.shortcuts import OPENING, READING
from bot.slack.step_runs import Steps
from commands.contract import Command

log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]


def build_app(
    settings: Settings, client: SlackClient, dispatcher: Dispatcher, commands: Sequence[Command[Services]] = COMMANDS
) -> AsyncApp:
    """Every command, button, form and shortcut, and a catch-all: what nobody listens to would be a 404.

    `process_before_response` spares the 10 ms poll for the ack: listeners only ack and start a task. The logger is
    named, since Bolt gives those that it makes by itself the level of the root: at DEBUG they write payloads. So is the
    app: Bolt would look for a name in every frame of the stack, which is most of the time that it takes to make one.
    """
    app = AsyncApp(
        name="portero",
        client=client,
        logger=logging.getLogger("slack_bolt"),
        signing_secret=settings.signing_secret or None,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=not settings.socket_mode,
    )
    for command in commands:
        Listener(command, dispatcher).listen(app)
    Steps(dispatcher, patient(client), commands).listen(app)
    Events(dispatcher, Conversation(dispatcher, commands)).listen(app)
    app.action(ANYTHING)(_acknowledge)
    app.error(_on_error)
    return app


@dataclass(frozen=True)
class Listener:
    """What Bolt calls for one command: each acknowledges at once, reads the payload and hands a job on."""

    command: Command[Services]
    dispatcher: Dispatcher

    def listen(self, app: AsyncApp) -> None:
        name = re.escape(self.command.name)
        app.command(f"/{self.command.name}")(self.on_command)
        app.action(re.compile(rf"^{name}\."))(self.on_button)
        app.view(re.compile(rf"^{name}\."))(self.on_form)
        for callback in self.command.shortcuts:
            app.message_shortcut(callback)(self.on_shortcut)
        for reading in READING:
            if reading.command == self.command.name:
                app.message_shortcut(reading.callback)(self.on_reading)
        for opening in OPENING:
            if opening.command == self.command.name:
                app.global_shortcut(opening.callback)(self.on_opening)

    async def on_command(self, ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.slash(body, **self.dispatcher.stamp())
        modal = self.command.wants_modal(request.text)
        self.dispatcher.accept(Job(self.command, self.command.handle, request, origin, modal=modal))

    async def on_button(self, ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.button(body, **self.dispatcher.stamp())
        pressed = str(body["actions"][0]["action_id"]).split(".")[1]
        if pressed == instead.ACTION:
            request = instead.retyped(request)
            modal = self.command.wants_modal(request.text)
            self.dispatcher.accept(Job(self.command, self.command.handle, request, origin, modal=modal))
            return
        action = self.command.actions.get(pressed)
        if action is None:
            log.warning("/%s has no such action", self.command.name)
            return
        self.dispatcher.accept(Job(self.command, action.handle, request, origin, modal=action.modal))

    async def on_shortcut(self, ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.shortcut(body, self.command.name, **self.dispatcher.stamp())
        handler = self.command.shortcuts[body["callback_id"]]
        self.dispatcher.accept(Job(self.command, handler, request, origin, attached=payload.files(body)))

    async def on_reading(self, ack: Ack, body: Payload) -> None:
        await ack()
        shortcut = next(one for one in READING if one.callback == body["callback_id"])
        request, origin = payload.shortcut(body, self.command.name, **self.dispatcher.stamp())
        said = replace(request, text=written(body.get("message") or {}))
        self.dispatcher.accept(Job(self.command, shortcut.handle, said, origin, attached=text_files(body)))

    async def on_opening(self, ack: Ack, body: Payload) -> None:
        await ack()
        shortcut = next(one for one in OPENING if one.callback == body["callback_id"])
        request, origin = payload.shortcut(body, self.command.name, **self.dispatcher.stamp())
        action = self.command.actions[shortcut.action]
        self.dispatcher.accept(Job(self.command, action.handle, request, origin, modal=action.modal))

    async def on_form(self, ack: Ack, body: Payload) -> None:
        """The ack of a form carries its errors."""
        request, origin = payload.form(body, **self.dispatcher.stamp())
        handler = self.command.forms.get(body["view"]["callback_id"].partition(".")[2])
        if handler is None:
            await ack()
            return
        job = Job(self.command, handler, request, origin, attached=payload.files(body))
        found = await self.dispatcher.accept_form(job)
        await (ack(**corrections.told(body["view"], found)) if found else ack())


async def _acknowledge(ack: Any) -> None:
    await ack()


async def _on_error(error: Exception) -> BoltResponse | None:
    """Errors outside the dispatcher's own boundary. Never the body: it may hold a pasted configuration."""
    if isinstance(error, BoltUnhandledRequestError):
        log.info("a request that nothing listens to was acknowledged")
        return BoltResponse(status=200)
    log.error("a listener failed\n%s", trace_of(error))
    return None
