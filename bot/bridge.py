"""Between Bolt and the commands: payload -> Request, steps -> posts. The one place that knows how Slack is served.

Every request: ack at once, handled once, by members of the own organisation, within the user's rate, with an error
boundary that gives the asker a request id. Work runs in tasks of its own that `drain` waits for.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import files, metrics, modals, payload
from bot.limits import PER_USER
from bot.once import Once
from bot.outbox import Outbox
from bot.payload import Origin, Payload
from bot.services import Services
from commands.contract import (
    Action,
    Command,
    FormErrors,
    Handler,
    Modal,
    Progress,
    Reply,
    Request,
    Step,
    UserError,
    usage_line,
)
from commands.slack_text import escape

log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]
FORM_ACK_SECONDS = 2.0
"""How long a submitted form may think before it is acknowledged without errors; Slack's limit is 3 s."""


class Bridge:
    """Serves requests of one installation. `home` is its (team, enterprise) and the bot's token, from auth.test."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        session: ClientSession,
        *,
        retries: tuple[AsyncRetryHandler, ...] = (),
        pace: tuple[float, ...] | None = None,
    ) -> None:
        self._services = services
        self._client = client
        self._session = session
        self._retries = retries
        self._pace = pace
        self._once = Once(services)
        self._tasks: set[asyncio.Task[None]] = set()
        self.team = ""
        self.enterprise = ""

    # --- what Bolt calls --------------------------------------------------------------------------------------------

    async def on_command(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.slash(body, at=self._services.now(), request_id=_request_id())
        if command.wants_modal(request.text):
            self._start(self._in_modal(command, command.handle, request, origin))
        else:
            self._start(self._in_channel(command, command.handle, request, origin))

    async def on_button(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.button(body, at=self._services.now(), request_id=_request_id())
        action = command.actions.get(body["actions"][0]["action_id"].partition(".")[2])
        if action is None:
            log.warning("no such action: %r", str(body["actions"][0]["action_id"])[:60])
            return
        self._start(self._press(command, action, request, origin))

    async def on_shortcut(self, command: Command[Services], callback: str, ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.shortcut(body, command.name, at=self._services.now(), request_id=_request_id())
        self._start(self._in_channel(command, command.shortcuts[callback], request, origin, payload.files(body)))

    async def on_form(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        """The ack of a form carries its errors, so the handler's first step is awaited, but never past the limit."""
        request, origin = payload.form(body, at=self._services.now(), request_id=_request_id())
        handler = command.forms.get(body["view"]["callback_id"].partition(".")[2])
        if handler is None:
            await ack()
            return
        first: asyncio.Future[FormErrors | None] = asyncio.get_running_loop().create_future()
        self._start(self._in_channel(command, handler, request, origin, payload.files(body), first))
        await asyncio.wait({first}, timeout=FORM_ACK_SECONDS)
        found = first.result() if first.done() else None
        await (ack(response_action="errors", errors=dict(found.errors)) if found else ack())

    # --- serving ----------------------------------------------------------------------------------------------------

    def _press(
        self, command: Command[Services], action: Action[Services], request: Request, origin: Origin
    ) -> Coroutine[Any, Any, None]:
        serve = self._in_modal if action.modal else self._in_channel
        return serve(command, action.handle, request, origin)

    async def _in_channel(
        self,
        command: Command[Services],
        handler: Handler[Services],
        request: Request,
        origin: Origin,
        attached: list[Payload] | None = None,
        first: asyncio.Future[FormErrors | None] | None = None,
    ) -> None:
        """Answer by messages. `first` is told what the first step was, for a form that waits for its ack."""
        outbox = self._outbox(request, origin)

        async def deliver(step: Step) -> None:
            if first is not None and not first.done():
                first.set_result(step if isinstance(step, FormErrors) else None)
            if isinstance(step, Progress):
                outbox.progress(step.text, public=step.public)
            elif isinstance(step, Reply):
                await outbox.reply(step)
            elif isinstance(step, Modal) and origin.trigger_id:
                await self._open(step, command, request, origin)

        try:
            await self._guarded(command, self._with_files(handler, attached), request, origin, deliver, outbox.settle)
        finally:
            if first is not None and not first.done():
                first.set_result(None)

    def _with_files(self, handler: Handler[Services], attached: list[Payload] | None) -> Handler[Services]:
        """The handler, but it gets the content of the files that came along."""
        if not attached:
            return handler

        async def fetching(request: Request, services: Services) -> AsyncIterator[Step]:
            fetched = await files.fetch(self._session, self._client.token or "", attached)
            async for step in handler(replace(request, attachments=fetched), services):
                yield step

        return fetching

    async def _in_modal(
        self, command: Command[Services], handler: Handler[Services], request: Request, origin: Origin
    ) -> None:
        """Answer in a dialogue, opened at once with "Loading": a trigger lives 3 seconds and works once."""
        opened = await self._open(modals.LOADING, command, request, origin)
        if not opened:
            await self._outbox(request, origin).reply(TOO_LATE)
            return

        async def deliver(step: Step) -> None:
            if isinstance(step, Modal):
                view = modals.view_of(step, command.name, request.channel)
                await self._client.views_update(view_id=opened, view=view)
            elif isinstance(step, Reply):
                view = modals.view_of(modals.saying(step.text), command.name, request.channel)
                await self._client.views_update(view_id=opened, view=view)

        await self._guarded(command, handler, request, origin, deliver)

    async def _guarded(
        self,
        command: Command[Services],
        handler: Handler[Services],
        request: Request,
        origin: Origin,
        deliver: Callable[[Step], Awaitable[None]],
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Access, once, rate, handler, and whatever goes wrong: the asker always hears something."""
        with metrics.serving(command.name, request.surface):
            try:
                if not await self._once.first(origin.key, request.at):
                    return
                self._admit(request)
                async for step in handler(request, self._services):
                    await deliver(step)
            except UserError as error:
                await deliver(_explain(error, command))
            except asyncio.CancelledError:
                await asyncio.shield(asyncio.ensure_future(_deliver_quietly(deliver, CUT_SHORT)))
                raise
            except Exception:
                metrics.bugs.inc()
                log.exception("request %s: /%s (%s) failed", request.request_id, command.name, request.surface)
                await _deliver_quietly(deliver, _broken(request.request_id))
            finally:
                if settle is not None:
                    await settle()

    def _admit(self, request: Request) -> None:
        """Members of the own organisation only (Slack Connect shows our buttons to strangers), within their rate."""
        own = request.actor.team == self.team or (self.enterprise and request.actor.enterprise == self.enterprise)
        if self.team and not own:
            raise UserError("Portero answers only members of the organisation that installed it.")
        seconds = self._services.limiter.wait(("user", request.actor.user), PER_USER)
        if seconds > 0:
            raise UserError("That was a lot of requests within a minute.", f"Try again in {max(1, round(seconds))} s.")

    def _outbox(self, request: Request, origin: Origin) -> Outbox:
        return Outbox(
            self._client,
            self._session,
            origin,
            channel=request.channel,
            user=request.actor.user,
            retries=self._retries,
            pace=self._pace,
        )

    async def _open(self, modal: Modal, command: Command[Services], request: Request, origin: Origin) -> str:
        view = modals.view_of(modal, command.name, request.channel)
        try:
            opened = await self._client.views_open(trigger_id=origin.trigger_id, view=view)
        except SlackApiError as error:
            log.warning("request %s: views.open failed: %s", request.request_id, error.response.get("error", ""))
            return ""
        return str(opened["view"]["id"])

    # --- life -------------------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a request ended badly", exc_info=task.exception())

    async def idle(self) -> None:
        """Wait until nothing is being served."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def drain(self, seconds: float) -> None:
        """Let what is running finish; what has not by then is told to its asker as cut short."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


TOO_LATE = Reply(":grey_exclamation: Slack did not open the dialogue in time. Press the button again.", good=False)
CUT_SHORT = Reply(":warning: This was cut short: Portero is restarting. Please run it again in a minute.", good=False)


async def _deliver_quietly(deliver: Callable[[Step], Awaitable[None]], reply: Reply) -> None:
    try:
        await deliver(reply)
    except Exception:
        log.exception("an error could not be told to its asker")


def _explain(error: UserError, command: Command[Any]) -> Reply:
    lines = [f":grey_exclamation: {escape(error.message)}", escape(error.hint), f"`{escape(usage_line(command))}`"]
    return Reply("\n".join(filter(None, lines)), good=False)


def _broken(request_id: str) -> Reply:
    return Reply(
        f":boom: Something went wrong on our side. Tell whoever runs Portero this request id: `{request_id}`",
        good=False,
    )


def _request_id() -> str:
    return secrets.token_hex(4)
