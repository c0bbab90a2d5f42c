"""Portero's first words: to whoever installed it, to a channel it is invited to, to somebody who opens its messages.

Each once, which is kept as a note of storage. No event tells who installed an app: those are PORTERO_ADMINS, and where
there are none whoever opens the app first. Beside that it suggests what to write, where the workspace has agents
(docs.slack.dev, reference/methods/assistant.threads.setSuggestedPrompts; with a `thread_ts` an agent's app shows
nothing).
"""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.access.access import Access
from bot.slack.alerts.posts import post
from bot.slack.client.web_client import FAULTS, word_of
from bot.slack.conversation import prompts, words
from bot.slack.replies.streaming import UNKNOWN, Abilities
from commands.contract import Reply, Request, UserError
from commands.watch.state.rows import of_row
from storage.history import Query, StorageError, Viewer, instant
from storage.watches import greeting_key

log = logging.getLogger(__name__)

INSTALLER = "installer"
"""In place of a person or a channel in the note: whether whoever installed Portero has been greeted."""

PATIENCE = 3.0
"""Seconds for which an answer waits for the greeting before it."""

PROMPTS = "assistant_threads_setSuggestedPrompts"


class Greeter:
    """Of one installation. Nothing that fails here keeps anybody from an answer: it is tried at the next occasion."""

    def __init__(self, services: Services, client: AsyncWebClient, access: Access, abilities: Abilities) -> None:
        self._services = services
        self._client = client
        self._access = access
        self._abilities = abilities
        self._greeted: set[str] = set()
        self._wrote: set[str] = set()
        self._under_way: dict[str, asyncio.Event] = {}

    async def expect_installer(self) -> None:
        """This installation is new: somebody is to be told."""
        await self._services.watches.note(self._key(INSTALLER), {"due": True})

    async def installed(self, admins: Collection[str]) -> None:
        """Greet those who installed it, if they are known and nobody has been greeted yet."""
        with suppress(StorageError):
            await self._greet_installers(admins)

    async def _greet_installers(self, admins: Collection[str]) -> None:
        if not await self._is_due():
            return
        told = [await self._once(person, person, words.installed()) for person in sorted(admins)]
        if any(told):
            await self._settle()

    async def invited(self, channel: object) -> None:
        """The bot has joined a channel. Where it watches something it is known."""
        if not isinstance(channel, str) or not channel:
            return
        with suppress(StorageError):
            there = Viewer(self._access.team, channels=frozenset({channel}))
            if not await self._services.watches.visible_to(there):
                await self._once(channel, channel, words.invited())

    async def opened(self, request: Request, channel: str, *, messages: bool) -> None:
        """Somebody opened the app; `messages`: the tab in which they write. Nothing is said to who is not served."""
        user = request.actor.user
        self._under_way[user] = over = asyncio.Event()
        try:
            await self._access.admit(request.actor)
            is_new = user not in self._wrote
            if is_new and await self._is_due() and await self._once(user, user, words.installed()):
                await self._settle()
            if messages:
                if is_new:
                    await self._once(user, user, words.opened())
                await self._suggest(user, channel)
        except UserError as error:
            log.info("nobody was greeted: %s", type(error).__name__)
        except StorageError as error:
            log.warning("a greeting could not be looked up: %s", error)
        finally:
            over.set()
            self._under_way.pop(user, None)

    async def before_answer(self, user: str) -> None:
        """Somebody writes: a greeting that is under way comes before the answer, and none after it."""
        if under_way := self._under_way.get(user):
            with suppress(TimeoutError):
                await asyncio.wait_for(under_way.wait(), PATIENCE)
        self._wrote.add(user)

    async def _once(self, whom: str, channel: str, reply: Reply) -> bool:
        """Whether they have been greeted, now or before."""
        key = self._key(whom)
        if key in self._greeted:
            return True
        self._greeted.add(key)  # before anything is waited for: the same may happen twice at once
        if key in await self._services.watches.notes(key):
            return True
        try:
            await post(self._client, channel, reply)
        except FAULTS as error:
            self._greeted.discard(key)
            log.warning("a greeting could not be posted: %s", word_of(error))
            return False
        await self._services.watches.note(key, {"at": instant(self._services.now())})
        return True

    async def _is_due(self) -> bool:
        key = self._key(INSTALLER)
        return bool((await self._services.watches.notes(key)).get(key, {}).get("due"))

    async def _settle(self) -> None:
        await self._services.watches.note(self._key(INSTALLER), {"due": False})

    async def _suggest(self, user: str, channel: str) -> None:
        """What fits: what is down now, and what they asked of last."""
        if PROMPTS in self._abilities.missing:
            return
        said = prompts.prompts(await self._down(user), await self._last(user))
        try:
            call = self._client.assistant_threads_setSuggestedPrompts
            await call(channel_id=channel, title=prompts.TITLE, prompts=said)
        except FAULTS as error:
            word = word_of(error)
            log.info("nothing could be suggested: %s", word)
            self._abilities.missing |= {PROMPTS} if word in UNKNOWN else set()

    async def _down(self, user: str) -> list[str]:
        services = self._access.viewing(self._services, user)
        watches = [of_row(row) for row in await services.watches.visible_to(await services.viewer())]
        down = (one for one in watches if one.kind == "check" and one.state.incident is not None)
        return [one.target for one in sorted(down, key=lambda one: one.target)]

    async def _last(self, user: str) -> str:
        services = self._access.viewing(self._services, user)
        asked = Query(await services.viewer(), actor=user, kind="check", watched=False)
        found: list[Any] = await services.history.page(asked, limit=1)
        return found[0].target if found else ""

    def _key(self, whom: str) -> str:
        return greeting_key(self._access.team, whom)
