"""Serves what `app` was asked: from a job to the posts of its answer.

Every request is handled once, also across processes and restarts, for people who are served (`bot.slack.access`),
within the user's rate, with an error boundary that gives the asker a request id. Work runs in tasks of its own that
`drain` waits for, so that nothing is lost when the program ends.
"""

import asyncio
import logging
import secrets
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import ClientSession
from slack_sdk.http_retry.async_handler import AsyncRetryHandler

from bot.console.process import is_shortage
from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.observability.served import Outcome, serving
from bot.provider_hosts import offering_hosts
from bot.rate_limits import REQUESTS
from bot.services import Services
from bot.slack.access.access import STRANGER, Access, Rules
from bot.slack.access.people import People
from bot.slack.client.web_client import FAULTS, SlackClient, patient
from bot.slack.conversation.greeting import Greeter
from bot.slack.conversation.threads import Threads, beside, going_on
from bot.slack.home.publisher import HomePublisher
from bot.slack.replies.answers import (
    WORD_AFTER,
    AnswerDelivery,
    MessageSurface,
    PrivateCopies,
    Surface,
)
from bot.slack.replies.dialogues import ModalOpener
from bot.slack.replies.error_messages import (
    CUT_SHORT,
    OUT_OF_FILES,
    explain,
    storage_failed,
    unexpected_error,
)
from bot.slack.replies.messages import PostMethods
from bot.slack.replies.modal_surface import ModalSurface
from bot.slack.replies.sharing import Asked, Sharing
from bot.slack.replies.spoken import ConversationSurface
from bot.slack.replies.streaming import Abilities, ThreadProgress
from bot.slack.requests import files, payload
from bot.slack.requests.job import FormVerdict, Job
from bot.slack.requests.payload import Payload
from bot.slack.tasks import Deduplication, Tasks
from commands.contract import Actor, FormErrors, NotServedError, Reply, Share, TakeBack, UserError
from commands.watch.state.model import Watch
from commands.watch.verbs.lookup import visible
from commands.watch.verbs.returning import go_on_in
from storage.history import StorageError

log = logging.getLogger(__name__)

FORM_ACK_SECONDS = 2.0
"""How long a submitted form may think before it is acknowledged without errors; Slack's limit is 3 s."""


class Dispatcher(Tasks):
    """Serves requests of one installation: `access.homes` holds the ids that auth.test gives it."""

    def __init__(
        self,
        services: Services,
        client: SlackClient,
        session: ClientSession,
        *,
        retries: tuple[AsyncRetryHandler, ...] = (),
        pace: tuple[float, ...] | None = None,
        rules: Rules | None = None,
    ) -> None:
        super().__init__()
        self._services = services
        self._client = client
        self._answering = patient(client)
        self._session = session
        self._retries = retries
        self._pace = pace
        self._deduplication = Deduplication(services)
        self._copies = PrivateCopies()
        self._sharing = Sharing(client, self._copies)
        self.form_ack_seconds = FORM_ACK_SECONDS
        self.word_after = WORD_AFTER
        self.access = Access(People(client, time.monotonic), rules or Rules())
        self._abilities = Abilities()
        self.threads = Threads(services.watches, lambda: self.access.team, services.now)
        self.greeter = Greeter(services, client, self.access, self._abilities)
        self._home_publisher = HomePublisher(services, client, self.access, self._check_rate)

    def stamp(self) -> dict[str, Any]:
        """What a payload does not say of a request."""
        return {"at": self._services.now(), "request_id": secrets.token_hex(4)}

    def accept(self, job: Job, surface: Surface | None = None) -> None:
        self.start(self.serve(job, surface))

    async def accept_form(self, job: Job) -> FormErrors | None:
        """What is wrong with the form, if the handler's first step says so before its ack may wait no longer."""
        verdict: FormVerdict = asyncio.get_running_loop().create_future()
        self.accept(replace(job, verdict=verdict))
        await asyncio.wait({verdict}, timeout=self.form_ack_seconds)
        if not verdict.done():
            verdict.set_result(None)
        return verdict.result()

    async def publish_home(self, body: Payload) -> None:
        """Somebody opened the app."""
        request = payload.home(body, **self.stamp())
        if await self._deduplication.first(f"event:{body.get('event_id', '')}", request.at):
            await self._home_publisher.show(request, str((body["event"].get("view") or {}).get("hash", "")))

    async def try_token(self) -> None:
        """Slack says that it was taken back: what it says of it now counts, and is told (`tokens`)."""
        with suppress(*FAULTS):
            await self._client.auth_test()

    async def greet(self, body: Payload) -> None:
        """Somebody opened the app: its Home, or its messages."""
        request, event = payload.home(body, **self.stamp()), body["event"]
        if await self._deduplication.first(f"opened:{body.get('event_id', '')}", request.at):
            await self.greeter.opened(request, event.get("channel") or "", messages=event.get("tab") == "messages")

    async def go_on_in(self, channel: object, event_id: str) -> None:
        """Slack may take posts in a channel again: the watches that waited for it go on."""
        at = self._services.now()
        if not isinstance(channel, str) or not await self._deduplication.first(f"event:{event_id}", at):
            return
        code = await go_on_in(channel, at, self.access.viewing_channel(self._services, channel))
        if code:
            log.info("a channel was tried again and still takes no post: %s", code)

    async def serve(self, job: Job, surface: Surface | None = None) -> None:
        """Access, once, rate, handler, and whatever goes wrong: the asker always hears something.

        `surface` is where that is no message and no dialogue.
        """
        surface = surface or self._surface(job)
        name, request = job.command.name, job.request
        with serving(name, request.surface, request.request_id, request.actor.user, request.channel) as served:
            try:
                await self._run(job, surface)
            except UserError as error:
                served.outcome = Outcome.DECLINED
                await surface.deliver(
                    explain(offering_hosts(error), job.command, request.text, self._services.about.commands)
                )
            except StorageError as error:
                served.outcome = Outcome.HISTORY_FAILED
                log.error("/%s could not use the history: %s", name, error)  # noqa: TRY400 - the words say it all
                await _tell(surface, storage_failed(error))
            except asyncio.CancelledError:
                served.outcome = Outcome.CUT_SHORT
                await asyncio.shield(asyncio.ensure_future(_tell(surface, CUT_SHORT)))
                raise
            except Exception as error:  # noqa: BLE001 - the boundary
                served.outcome = Outcome.FAILED
                metrics.bugs.inc()
                log.error("/%s (%s) failed\n%s", name, request.surface, trace_of(error))  # noqa: TRY400 - see trace_of
                await _tell(surface, OUT_OF_FILES if is_shortage(error) else unexpected_error(request.request_id))
            finally:
                await surface.settle()

    async def _run(self, job: Job, surface: Surface) -> None:
        if not await self._deduplication.first(job.origin.key, job.request.at):
            return
        actor = job.request.actor
        if not self.access.knows(actor):
            raise NotServedError(STRANGER)
        self._check_rate(actor)
        refusal = await surface.open()  # before anybody is looked up: a trigger lives 3 seconds
        if refusal is not None:
            await surface.deliver(refusal)
            return
        person = await self.access.admit(actor)
        admin = job.origin.source != "step" and await self.access.sees_all(actor.user)
        who = replace(actor, team=self.access.team, admin=admin, zone_name=person.zone_name)
        request = replace(job.request, actor=who)
        if job.attached:
            request = replace(request, attachments=await files.fetch(self._client, job.attached))
        services = self._seen_by(job)
        async for step in job.handler(request, services):
            if isinstance(step, Share | TakeBack):
                await self._sharing.serve(step, Asked(request, job.origin, services, surface))
            else:
                await surface.deliver(step)

    def _seen_by(self, job: Job) -> Services:
        """What everybody in a channel reads holds only what everybody in it may see; who reads of a step is open."""
        origin, user = job.origin, job.request.actor.user
        if origin.source == "step":
            return self.access.viewing_nothing(self._services)
        if origin.source == "mention":
            return self.access.viewing_channel(self._services, job.request.channel, user)
        return self.access.viewing(self._services, user, origin.present_in)

    def _check_rate(self, actor: Actor) -> None:
        seconds = self._services.limiter.wait(("requests", actor.user), REQUESTS)
        if seconds > 0:
            hint = f"Try again in {max(1, round(seconds))} s."
            raise NotServedError("That was a lot of requests within a minute.", hint)

    def _thread(self, job: Job, methods: PostMethods) -> ThreadProgress | None:
        """What shows in a thread how far an answer is that everybody there reads."""
        origin, request = job.origin, job.request
        thread = origin.below or (origin.thread_ts if origin.source == "direct" else "")
        if not thread:
            return None
        user, team = request.actor.user, request.actor.team or self.access.team
        return ThreadProgress(self._client, methods, self._abilities, request.channel, thread, user, team)

    async def _remember(self, job: Job, reply: Reply, ts: str) -> None:
        """What an answer that everybody reads is about, for who asks on below it."""
        subject, origin = reply.subject or job.subject, job.origin
        if subject is None:
            return
        direct = job.request.channel.startswith("D")
        thread = origin.below or origin.thread_ts or ts
        user = job.request.actor.user
        about = going_on(subject, job.before)
        await self.threads.keep(job.request.channel, [thread], about, user if direct else "")
        await self.threads.keep(job.request.channel, [beside(user)], about, user)

    async def alert_in(self, channel: str, thread: str) -> list[Watch]:
        """The watches whose open incidents are told in the message with which a thread begins."""
        there = self.access.viewing_channel(self._services, channel)
        try:
            return await there.channel_posts.told_in(channel, thread, await visible(there))
        except StorageError:
            return []

    async def ended_in(self, channel: str, thread: str) -> tuple[Watch, str] | None:
        """The watch whose incident was told there and is over, and the incident's id."""
        there = self.access.viewing_channel(self._services, channel)
        try:
            return await there.channel_posts.was_told_in(channel, thread, await visible(there))
        except StorageError:
            return None

    def _surface(self, job: Job) -> Surface:
        methods = PostMethods(
            self._answering,
            self._session,
            job.origin,
            channel=job.request.channel,
            user=job.request.actor.user,
            retries=self._retries,
        )
        told, thread = partial(self._remember, job), self._thread(job, methods)
        pace, after = self._pace, self.word_after
        delivery = AnswerDelivery(methods, self._copies, pace=pace, word_after=after, told=told, thread=thread)
        opener = ModalOpener(self._client, job.request, job.origin.trigger_id)
        if job.origin.source in {"mention", "direct"}:
            return ConversationSurface(delivery, job.request, direct=job.origin.source == "direct")
        if job.modal:
            return ModalSurface(delivery, opener, job.origin.view_id)
        return MessageSurface(delivery, opener, job.verdict, job.origin.view_id)


async def _tell(surface: Surface, reply: Reply) -> None:
    try:
        await surface.deliver(reply)
    except Exception as error:  # noqa: BLE001 - there is no other way to tell
        log.error("an error could not be told to its asker\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
