"""Sharing a result in a conversation, once, and taking it back.

What stands where is kept, so that a second press, also of somebody else or after a restart, posts nothing and says
where it is. Whether the post is still there is asked of Slack: what somebody deleted may be shared again.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from weakref import WeakValueDictionary

from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.client.web_client import FAULTS, read, word_of
from bot.slack.replies.answers import NOT_TAKEN_THERE, PrivateCopies, Surface
from bot.slack.replies.messages import Outcome
from bot.slack.requests.payload import Origin
from commands.blocks import Block
from commands.contract import DeclinedError, Reply, Request, Share, TakeBack
from commands.shared_words import (
    NOT_TAKEN_BACK,
    NOT_THERE,
    TAKEN_BACK,
    UNDER_WAY,
    WAS_GONE,
    alone,
    marked,
    offered,
    said,
    take_back_button,
    where,
)
from commands.sharing import share_button
from storage.shares import SharedResult

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)
"""A post takes no longer: what is on its way since then went down with its process."""

POSTING = 40.0
"""Seconds for the post, with what it waits for where Slack says that it is too much: less than `PATIENCE`."""

GONE = "message_not_found"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who pressed what, and how they are answered."""

    request: Request
    origin: Origin
    services: Services
    surface: Surface


@dataclass(frozen=True, slots=True)
class Told:
    """A line for whoever pressed, and the button that their private answer has from now on."""

    line: str
    offer: Block | None


class Sharing:
    """For one installation: who shares the same in the same place waits for whoever came first."""

    def __init__(self, client: AsyncWebClient, copies: PrivateCopies) -> None:
        self._client = client
        self._copies = copies
        self._turns: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()

    async def serve(self, step: Share | TakeBack, asked: Asked) -> None:
        if isinstance(step, Share):
            place = (step.id, asked.request.channel, asked.origin.thread_ts)
        else:
            place = (step.id, step.channel, step.thread)
        async with self._turns.setdefault(place, asyncio.Lock()):
            done = await (self._share(step, asked) if isinstance(step, Share) else self._take_back(step, asked))
        if isinstance(done, Reply):
            await asked.surface.deliver(done)
            return
        copy = self._copies.find(asked.origin.block_id, asked.request.actor.user) or (step.copy and step.copy())
        told = marked(copy, step.id, done.line, done.offer) if copy else None
        await asked.surface.revise(told, alone(done.line, done.offer))

    async def _share(self, step: Share, asked: Asked) -> Told | Reply:
        """A Reply: it was not shared."""
        request, services, viewer = asked.request, asked.services, await asked.services.viewer()
        wanted = SharedResult(step.id, request.channel, asked.origin.thread_ts, request.actor.user, request.at)
        known = await services.history.claim_share(wanted, viewer, patience=PATIENCE)
        url = await self._url(known) if known else ""
        if known and url is None:
            await services.history.drop_share(known, viewer)
            known = await services.history.claim_share(wanted, viewer, patience=PATIENCE)
        if known is None:
            outcome, ts = await _posted(asked.surface, step.post)
            if outcome is not Outcome.SENT:
                await services.history.drop_share(wanted, viewer)
                return Reply(NOT_TAKEN_THERE if outcome is Outcome.FAILED else step.post.instead, good=False)
            known = replace(wanted, posted=True, ts=ts)
            await services.history.keep_share(known, viewer)
            url = await self._url(known)
        if not known.posted:
            return Reply(UNDER_WAY)
        return Told(said(known, request.actor, request.at, url or ""), offered(step, known, request.actor))

    async def _take_back(self, step: TakeBack, asked: Asked) -> Told:
        history, viewer = asked.services.history, await asked.services.viewer()
        place, again = where(step.channel, step.thread), share_button(step.command, step.id, beside=step.beside)
        known = await history.shared(step.id, step.channel, step.thread, viewer)
        if known is None:
            return Told(NOT_THERE.format(where=place), again)
        if known.actor != asked.request.actor.user:
            raise DeclinedError("Only who shared a result takes it back.")
        code = await self._delete(known)
        if code not in {"", GONE}:
            return Told(NOT_TAKEN_BACK.format(where=place, code=code), take_back_button(step, known))
        await history.drop_share(known, viewer)
        return Told((WAS_GONE if code else TAKEN_BACK).format(where=place), again)

    async def _url(self, shared: SharedResult) -> str | None:
        """Where it stands; "" where Slack does not tell, None: it is not there any more."""
        if not shared.ts:
            return ""
        try:
            told = await self._client.chat_getPermalink(channel=shared.channel, message_ts=shared.ts)
            return read(told).needed("permalink")
        except FAULTS as error:
            log.info("a post that was shared could not be looked up: %s", word_of(error))
            return None if word_of(error) == GONE else ""

    async def _delete(self, shared: SharedResult) -> str:
        """What Slack said: a code, or nothing."""
        try:
            await self._client.chat_delete(channel=shared.channel, ts=shared.ts)
        except FAULTS as error:
            log.info("a post that was shared could not be deleted: %s", word_of(error))
            return word_of(error)
        return ""


async def _posted(surface: Surface, reply: Reply) -> tuple[Outcome, str]:
    try:
        async with asyncio.timeout(POSTING):
            return await surface.post(reply)
    except TimeoutError:
        return Outcome.FAILED, ""
