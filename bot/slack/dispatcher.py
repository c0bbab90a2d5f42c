"""Between Bolt and the commands: payload -> Request, steps -> posts. The one place that knows how Slack is served.

Every request: ack at once, handled once, by people who are served (`bot.slack.access`), within the user's rate, with
an error boundary that gives the asker a request id. Work runs in tasks of its own that `drain` waits for.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientSession
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.console.process import is_shortage
from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.rate_limits import PER_USER
from bot.services import Services
from bot.slack.access.access import STRANGER, Access, Rules
from bot.slack.access.people import People
from bot.slack.delivery.answers import WORD_AFTER, AnswerDelivery
from bot.slack.home.publisher import HomePublisher
from bot.slack.replies.error_messages import (
    CUT_SHORT,
    OUT_OF_FILES,
    explain,
    storage_failed,
    unexpected_error,
)
from bot.slack.replies.surfaces import FormVerdict, MessageSurface, ModalOpener, ModalSurface, Surface
from bot.slack.requests import files, payload
from bot.slack.requests.deduplication import Deduplication
from bot.slack.requests.payload import Origin, Payload
from bot.slack.tasks import Tasks
from commands.contract import Actor, Command, DeclinedError, Handler, Reply, Request, Step, UserError
from storage.history import StorageError

log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]
FORM_ACK_SECONDS = 2.0
"""How long a submitted form may think before it is acknowledged without errors; Slack's limit is 3 s."""


@dataclass(frozen=True, slots=True)
class Job:
    """One request and what serves it."""

    command: Command[Services]
    handler: Handler[Services]
    request: Request
    origin: Origin
    modal: bool = False
    verdict: FormVerdict | None = None


class Dispatcher(Tasks):
    """Serves requests of one installation: `access.homes` holds the ids that auth.test gives it."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        session: ClientSession,
        *,
        retries: tuple[AsyncRetryHandler, ...] = (),
        pace: tuple[float, ...] | None = None,
        rules: Rules | None = None,
    ) -> None:
        super().__init__()
        self._services = services
        self._client = client
        self._session = session
        self._retries = retries
        self._pace = pace
        self._deduplication = Deduplication(services)
        self.form_ack_seconds = FORM_ACK_SECONDS
        self.word_after = WORD_AFTER
        self.access = Access(People(client, time.monotonic), rules or Rules())
        self._home_publisher = HomePublisher(services, client, self.access, self._check_rate)

    # --- what Bolt calls --------------------------------------------------------------------------------------------

    async def on_command(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.slash(body, **self._stamp())
        self._accept(Job(command, command.handle, request, origin, modal=command.wants_modal(request.text)))

    async def on_button(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.button(body, **self._stamp())
        pressed = str(body["actions"][0]["action_id"])
        action = command.actions.get(pressed.partition(".")[2])
        if action is None:
            log.warning("/%s has no such action", command.name)
            return
        self._accept(Job(command, action.handle, request, origin, modal=action.modal))

    async def on_shortcut(self, command: Command[Services], callback: str, ack: Ack, body: Payload) -> None:
        await ack()
        request, origin = payload.shortcut(body, command.name, **self._stamp())
        handler = self._with_files(command.shortcuts[callback], payload.files(body))
        self._accept(Job(command, handler, request, origin))

    async def on_form(self, command: Command[Services], ack: Ack, body: Payload) -> None:
        """The ack of a form carries its errors, so the handler's first step is awaited, but never past the limit."""
        request, origin = payload.form(body, **self._stamp())
        handler = command.forms.get(body["view"]["callback_id"].partition(".")[2])
        if handler is None:
            await ack()
            return
        verdict: FormVerdict = asyncio.get_running_loop().create_future()
        handler = self._with_files(handler, payload.files(body))
        self._accept(Job(command, handler, request, origin, verdict=verdict))
        await asyncio.wait({verdict}, timeout=self.form_ack_seconds)
        if not verdict.done():
            verdict.set_result(None)
        found = verdict.result()
        await (ack(response_action="errors", errors=dict(found.errors)) if found else ack())

    async def on_home(self, body: Payload) -> None:
        """Somebody opened the app. Bolt acknowledges an event once its listener is done, so the work is a task."""
        if (body["event"].get("tab") or "home") == "home":
            self.start(self._publish_home(body))

    def _accept(self, job: Job) -> None:
        self.start(self._serve(job))

    # --- serving ----------------------------------------------------------------------------------------------------

    async def _serve(self, job: Job) -> None:
        """Access, once, rate, handler, and whatever goes wrong: the asker always hears something."""
        surface = self._surface(job)
        name, request = job.command.name, job.request
        with metrics.serving(name, request.surface):
            try:
                await self._run(job, surface)
            except UserError as error:
                await surface.deliver(explain(error, job.command))
            except StorageError as error:
                log.error("request %s: /%s could not use the history: %s", request.request_id, name, error)  # noqa: TRY400 - the words say it all
                await _tell(surface, storage_failed(error))
            except asyncio.CancelledError:
                await asyncio.shield(asyncio.ensure_future(_tell(surface, CUT_SHORT)))
                raise
            except Exception as error:  # noqa: BLE001 - the boundary
                metrics.bugs.inc()
                log.error("request %s: /%s (%s) failed\n%s", request.request_id, name, request.surface, trace_of(error))  # noqa: TRY400 - see trace_of
                await _tell(surface, OUT_OF_FILES if is_shortage(error) else unexpected_error(request.request_id))
            finally:
                await surface.settle()

    async def _run(self, job: Job, surface: Surface) -> None:
        if not await self._deduplication.first(job.origin.key, job.request.at):
            return
        actor = job.request.actor
        if not self.access.knows(actor):
            raise DeclinedError(STRANGER)
        self._check_rate(actor)
        refusal = await surface.open()  # before anybody is looked up: a trigger lives 3 seconds
        if refusal is not None:
            await surface.deliver(refusal)
            return
        person = await self.access.admit(actor)
        admin = await self.access.sees_all(actor.user)
        request = replace(job.request, actor=replace(actor, admin=admin, zone=person.zone))
        services = self.access.narrowed(self._services, actor.user, job.origin.present_in)
        async for step in job.handler(request, services):
            await surface.deliver(step)

    async def _publish_home(self, body: Payload) -> None:
        request = payload.home(body, **self._stamp())
        if await self._deduplication.first(f"event:{body.get('event_id', '')}", request.at):
            await self._home_publisher.show(request, str((body["event"].get("view") or {}).get("hash", "")))

    def _check_rate(self, actor: Actor) -> None:
        seconds = self._services.limiter.wait(("user", actor.user), PER_USER)
        if seconds > 0:
            hint = f"Try again in {max(1, round(seconds))} s."
            raise DeclinedError("That was a lot of requests within a minute.", hint)

    def _with_files(self, handler: Handler[Services], attached: list[Payload]) -> Handler[Services]:
        """The handler, but it gets the content of the files that came along."""
        if not attached:
            return handler

        async def fetching(request: Request, services: Services) -> AsyncIterator[Step]:
            fetched = await files.fetch(self._client, attached)
            async for step in handler(replace(request, attachments=fetched), services):
                yield step

        return fetching

    def _surface(self, job: Job) -> Surface:
        delivery = AnswerDelivery(
            self._client,
            self._session,
            job.origin,
            channel=job.request.channel,
            user=job.request.actor.user,
            retries=self._retries,
            pace=self._pace,
            word_after=self.word_after,
        )
        opener = ModalOpener(self._client, job.request, job.origin.trigger_id)
        if job.modal:
            return ModalSurface(delivery, opener, job.origin.view_id)
        return MessageSurface(delivery, opener, job.verdict, job.origin.view_id)

    def _stamp(self) -> dict[str, Any]:
        return {"at": self._services.now(), "request_id": secrets.token_hex(4)}


async def _tell(surface: Surface, reply: Reply) -> None:
    try:
        await surface.deliver(reply)
    except Exception as error:  # noqa: BLE001 - there is no other way to tell
        log.error("an error could not be told to its asker\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
