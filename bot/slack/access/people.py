"""What Slack says of a person, of the channels they are in, and of user groups. Kept for minutes: a change shows soon.

Who somebody is, and who is in a group, holds for a day while Slack does not say; in which channels they are does not:
what they see of the history hangs on it.

Scopes: `users:read`; `usergroups:read` for groups; `channels:read` for public and `groups:read` for private channels.
Of private channels Slack names only those in which the bot is, too (users.conversations); direct messages are not asked
for.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import OddAnswerError, code_of, read, word_of

log = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
STALE_SECONDS = 86_400.0
"""While Slack does not say who somebody is, what it said within the last day holds."""

HURRY_SECONDS, PATIENCE_SECONDS = 2.0, 10.0
"""How long a request waits for Slack where something is known of the person, and where nothing is."""

NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Failures that are answers: there is no such person, or none that we may serve."""

NO_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required", "missing_scope"})
"""The same of groups: there is none of this id, the workspace has none, or we may not know who is in it."""

PEOPLE_KEPT = 5_000
PAGE = 200
PAGES = 10
"""Channels of one person: 2,000 at most are looked at. Results of further ones stay hidden from them."""
KINDS = ("public_channel", "private_channel")


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

ASK_AGAIN = 10.0
"""Seconds after a failure for which what was known before is said at once."""


@dataclass(slots=True)
class Kept(Generic[Value]):
    """A question under way or answered, with what was known before it was asked, and since when."""

    at: float
    answer: asyncio.Future[Value]
    before: tuple[float, Value] | None

    @property
    def failed(self) -> bool:
        return self.answer.done() and (self.answer.cancelled() or self.answer.exception() is not None)

    @property
    def known(self) -> tuple[float, Value] | None:
        if self.failed or not self.answer.done():
            return self.before
        return self.at, self.answer.result()


class AnswerCache(Generic[Key, Value]):
    """Answers of `ask` by key, each for `seconds` of `clock` (monotonic), the least recently asked thrown out first.

    Who asks while the same question is under way waits for its answer: 200 first commands at once ask one time. When
    it fails, or takes longer than `hurry`, an answer that is younger than `stale` seconds is good enough, unless `ends`
    says that the failure is an answer itself. Without one the failure is raised, TimeoutError after `patience` seconds.
    """

    def __init__(
        self,
        ask: Callable[[Key], Awaitable[Value]],
        clock: Callable[[], float],
        *,
        seconds: float,
        most: int,
        stale: float = 0.0,
        hurry: float | None = None,
        patience: float | None = None,
        ends: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._stale = stale
        self._hurry = hurry
        self._patience = patience
        self._ends = ends
        self._kept: OrderedDict[Key, Kept[Value]] = OrderedDict()

    async def get(self, key: Key) -> Value:
        kept = self._kept.get(key)
        if kept is None or self._clock() - kept.at >= self._lasts(kept):
            kept = self._asked(key, kept.known if kept is not None else None)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        before = kept.before if kept.before and self._clock() - kept.before[0] < self._stale else None
        try:
            async with asyncio.timeout(self._patience if before is None else self._hurry):
                return await asyncio.shield(kept.answer)
        except Exception as error:
            if before is None or self._ends(error):
                raise
            return before[1]

    def _asked(self, key: Key, before: tuple[float, Value] | None) -> Kept[Value]:
        answer = asyncio.ensure_future(self._ask(key))
        answer.add_done_callback(_heard)
        kept = self._kept[key] = Kept(self._clock(), answer, before)
        return kept

    def _lasts(self, kept: Kept[Value]) -> float:
        """Seconds for which it is not asked anew."""
        if not kept.failed:
            return self._seconds
        return 0.0 if kept.before is None else ASK_AGAIN


def _heard(answer: asyncio.Future[Value]) -> None:
    """Nobody may be left to hear of a failure."""
    if not answer.cancelled():
        answer.exception()


@dataclass(frozen=True, slots=True)
class Person:
    """`homes` are the ids of their team and their enterprise; `guest` is a member with few channels, or with one.

    `zone_name` is what Slack calls their time zone, whatever that is.
    """

    homes: frozenset[str]
    admin: bool = False
    guest: bool = False
    gone: bool = False
    zone_name: str = ""


def _outliving(
    ask: Callable[[str], Awaitable[Value]], clock: Callable[[], float], final: Collection[str]
) -> AnswerCache[str, Value]:
    """Answers that stand in for Slack while it fails; words of Slack that are `final` end them."""
    return AnswerCache(
        ask,
        clock,
        seconds=KEPT_SECONDS,
        most=PEOPLE_KEPT,
        stale=STALE_SECONDS,
        hurry=HURRY_SECONDS,
        patience=PATIENCE_SECONDS,
        ends=lambda error: word_of(error) in final,
    )


class People:
    """Look-ups by id. All raise what is in `FAULTS`."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._channels = AnswerCache(
            self._ask_channels, clock, seconds=KEPT_SECONDS, most=PEOPLE_KEPT, patience=PATIENCE_SECONDS
        )
        self._persons = _outliving(self._ask_person, clock, NOBODY)
        self._groups = _outliving(self._ask_group, clock, NO_GROUP)

    async def person(self, user: str) -> Person:
        return await self._persons.get(user)

    async def channels(self, user: str) -> frozenset[str]:
        """Those that Slack lets us know of; none where the app was installed without the scopes."""
        return await self._channels.get(user)

    async def group(self, group: str) -> frozenset[str]:
        """The user ids of those who are in a user group (usergroups.users.list)."""
        return await self._groups.get(group)

    async def _ask_group(self, group: str) -> frozenset[str]:
        return frozenset(read(await self._client.usergroups_users_list(usergroup=group)).texts("users"))

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
            zone_name=record.text("tz"),
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
