"""Whether a mention reaches anybody: people leave a workspace, and groups are emptied."""

import asyncio
import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, read, word_of

log = logging.getLogger(__name__)

SECONDS = 5.0
NOBODY = frozenset({"user_not_found", "no_such_subteam"})


async def has_left(client: AsyncWebClient, whom: str) -> bool:
    """Whether a person is deactivated, or nobody is in a user group. While Slack does not say, they are there."""
    try:
        async with asyncio.timeout(SECONDS):
            if whom.startswith("S"):
                return not read(await client.usergroups_users_list(usergroup=whom)).texts("users")
            return read(await client.users_info(user=whom)).record("user").flag("deleted")
    except FAULTS as error:
        log.info("whether a mention reaches anybody could not be looked up: %s", word_of(error))
        return word_of(error) in NOBODY
