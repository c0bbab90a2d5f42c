"""What Slack says of a person, and of the channels they are in. Kept for minutes, so that a change shows soon.

Who somebody is holds for a day while Slack does not say; in which channels they are does not: what they see of the
history hangs on it.

Scopes: `users:read`; `channels:read` for public and `groups:read` for private channels. Of private channels Slack names
only those in which the bot is, too (users.conversations); direct messages are not asked for.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.access.answer_cache import AnswerCache
from bot.slack.client.web_client import OddAnswerError, code_of, read, word_of
from commands.times import zone_of

log = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
STALE_SECONDS = 86_400.0
"""While Slack does not say who somebody is, what it said within the last day holds."""

HURRY_SECONDS, PATIENCE_SECONDS = 2.0, 10.0
"""How long a request waits for Slack where something is known of the person, and where nothing is."""

NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Failures that are answers: there is no such person, or none that we may serve."""

PEOPLE_KEPT = 5_000
PAGE = 200
PAGES = 10
"""Channels of one person: 2,000 at most are looked at. Results of further ones stay hidden from them."""
KINDS = ("public_channel", "private_channel")


@dataclass(frozen=True, slots=True)
class Person:
    """`homes` are the ids of their team and their enterprise; `guest` is a member with few channels, or with one."""

    homes: frozenset[str]
    admin: bool = False
    guest: bool = False
    gone: bool = False
    zone: str = "UTC"


class People:
    """Look-ups by user id. Both raise what is in `FAULTS`."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._persons = AnswerCache(
            self._ask_person,
            clock,
            seconds=KEPT_SECONDS,
            most=PEOPLE_KEPT,
            stale=STALE_SECONDS,
            hurry=HURRY_SECONDS,
            patience=PATIENCE_SECONDS,
            ends=lambda error: word_of(error) in NOBODY,
        )
        self._channels = AnswerCache(
            self._ask_channels, clock, seconds=KEPT_SECONDS, most=PEOPLE_KEPT, patience=PATIENCE_SECONDS
        )

    async def person(self, user: str) -> Person:
        return await self._persons.get(user)

    async def channels(self, user: str) -> frozenset[str]:
        """Those that Slack lets us know of; none where the app was installed without the scopes."""
        return await self._channels.get(user)

    async def _ask_person(self, user: str) -> Person:
        record = read(await self._client.users_info(user=user)).record("user")
        homes = frozenset({record.text("team_id"), record.record("enterprise_user").text("enterprise_id")} - {""})
        if not homes:
            raise OddAnswerError("a person without a team")
        return Person(
            homes,
            admin=any(record.flag(name) for name in ("is_admin", "is_owner", "is_primary_owner")),
            guest=any(record.flag(name) for name in ("is_restricted", "is_ultra_restricted")),
            gone=record.flag("deleted"),
            zone=zone_of(record.text("tz")) or "UTC",
        )

    async def _ask_channels(self, user: str) -> frozenset[str]:
        """Each kind by itself: an app may have been granted one scope and not the other."""
        found: set[str] = set()
        for kind in KINDS:
            try:
                found |= await self._of_kind(user, kind)
            except SlackApiError as error:
                if code_of(error) != "missing_scope":
                    raise
                log.warning("users.conversations: the scope for %s is missing; their results stay hidden", kind)
        return frozenset(found)

    async def _of_kind(self, user: str, kind: str) -> set[str]:
        found: set[str] = set()
        cursor = ""
        for _ in range(PAGES):
            page = read(await self._client.users_conversations(user=user, types=kind, limit=PAGE, cursor=cursor))
            found |= {channel.needed("id") for channel in page.records("channels")}
            cursor = page.cursor()
            if not cursor:
                return found
        log.warning("a person is in more than %d channels of a kind; the others are not looked at", PAGE * PAGES)
        return found
