"""Telling the owner of a watch, by direct message, what could not be posted where it belongs."""

import logging
from collections.abc import Collection

from slack_sdk.web.async_client import AsyncWebClient

from bot.codes import FAULTS, word_of
from bot.watches.notifiers.post import post
from commands.contract import Reply
from commands.watch.state.events import Delivery
from commands.watch.view.undelivered import lost_digest, paused_words

log = logging.getLogger(__name__)


async def tell_owner(client: AsyncWebClient, delivery: Delivery, code: str, admins: Collection[str]) -> None:
    """Once, before the watch is paused. `admins` hear of what was made in a terminal. `code` is what Slack said."""
    event, watch = delivery.event, delivery.watch
    if watch is not None and watch.paused is not None:
        return
    owner = watch.owner if watch is not None else str(event.facts.get("owner", ""))
    words = paused_words(event, code, watch.id) if watch is not None else lost_digest(event, code)
    for person in [owner] if owner else sorted(admins):
        try:
            await post(client, person, Reply(words))
        except FAULTS as error:
            log.warning("an owner could not be told that a watch is paused: %s", word_of(error))
