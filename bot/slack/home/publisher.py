"""Serves the event that somebody opened the app: looks up what they may see, publishes their Home."""

import logging
from collections.abc import Callable
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.observability.served import Outcome, note, serving, undelivered
from bot.services import Services
from bot.slack.access.access import Access
from bot.slack.client.web_client import FAULTS, word_of
from bot.slack.home import home_view
from bot.slack.replies.dialogues import VIEW_BLOCKS
from bot.slack.replies.error_messages import unexpected_error
from bot.slack.replies.messages import defused
from commands.blocks import Block
from commands.contract import Actor, Request, UserError

log = logging.getLogger(__name__)


class HomePublisher:
    """Homes of one installation. `check_rate` raises UserError when somebody asks too often."""

    def __init__(
        self, services: Services, client: AsyncWebClient, access: Access, check_rate: Callable[[Actor], None]
    ) -> None:
        self._services = services
        self._client = client
        self._access = access
        self._check_rate = check_rate

    async def show(self, request: Request, hash: str) -> None:  # noqa: A002 - Slack's word
        """Publish. `hash` is that of the Home they opened: one that was made meanwhile is newer, and stays."""
        with serving("home", request.surface, request.request_id, request.actor.user, ""):
            blocks = await self._blocks(request)
            view = {"type": "home", "blocks": defused(blocks[:VIEW_BLOCKS])}
            try:
                await self._client.views_publish(user_id=request.actor.user, view=view, hash=hash or None)
            except FAULTS as error:
                word = word_of(error)
                if word != "hash_conflict":
                    undelivered()
                log.log(logging.INFO if word == "hash_conflict" else logging.WARNING, "Home: %s", word)

    async def _blocks(self, request: Request) -> list[Block]:
        try:
            self._check_rate(request.actor)
            return await self._home(request)
        except UserError as error:
            return home_view.refused(f"{error.message} {error.hint}".strip())
        except Exception as error:  # noqa: BLE001 - the boundary
            metrics.bugs.inc()
            note(Outcome.FAILED)
            log.error("Home failed\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
            return home_view.refused(unexpected_error(request.request_id).text)

    async def _home(self, request: Request) -> list[Block]:
        person = await self._access.admit(request.actor)
        user = request.actor.user
        admin = await self._access.sees_all(user)
        actor = replace(request.actor, team=self._access.team, admin=admin, zone_name=person.zone_name)
        return await home_view.home(actor, request.at, self._access.viewing(self._services, user))
