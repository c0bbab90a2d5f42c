"""Slack as far as alerts need it, small and quick: a month has thousands. The strict one is `bot.demo.workspace`.

Calls fail now and then, before anything happened or after it. With `kill` the process ends right after a call.
"""

import asyncio
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace

from aiohttp import ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

OUR_BOT = "B1"
REFUSED, LOST = 0.01, 0.005
"""How often Slack refuses a call, and how often its answer does not come back."""


@dataclass
class Channels:
    """`reads`: the app may read histories. `now` is Slack's own clock, `kill` says whether the process ends now."""

    random: object
    now: object
    kill: object
    reads: bool = True
    said: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._channels = defaultdict(dict)
        self._threads = defaultdict(list)
        self._last = 0
        self._keys = set()
        self.mentioned = defaultdict(list)

    def posts(self, channel):
        """The messages of a channel, as they are now."""
        return list(self._channels[channel].values())

    def message(self, posted):
        """One, by what was kept of it."""
        return self._channels[posted["channel"]][posted["ts"]]

    def replies(self, channel):
        """What stands in the threads of a channel."""
        return [one for (where, _), them in self._threads.items() if where == channel for one in them]

    async def auth_test(self):
        return answer(bot_id=OUR_BOT)

    async def users_info(self, *, user):
        return answer(user={"id": user, "deleted": False})

    async def usergroups_users_list(self, *, usergroup):
        return answer(users=[f"U{usergroup}"])

    async def chat_postMessage(self, *, channel, metadata, thread_ts="", **content):  # noqa: N802 - Slack's
        self._may_refuse()
        key = metadata["event_payload"]["key"]
        ts = self._new_ts()
        message = {"ts": ts, "bot_id": OUR_BOT, "metadata": metadata, **content}
        if thread_ts:
            self._threads[channel, thread_ts].append(message)
        else:
            self._channels[channel][ts] = message
        self.mentioned[channel] += re.findall(r"<(?:@|!subteam\^)(\w+)>", content["text"])
        self.said["messages posted"] += 1
        self.said["messages posted twice"] += key in self._keys
        self._keys.add(key)
        self._may_get_lost()
        return answer(ts=ts)

    async def chat_update(self, *, channel, ts, **content):
        self._may_refuse()
        if ts not in self._channels[channel]:
            raise refusal("message_not_found")
        self._channels[channel][ts] |= content
        self.said["edits"] += 1
        self._may_get_lost()

    async def conversations_history(self, *, channel, **asked):
        return self._page(list(reversed(self._channels[channel].values())), **asked)

    async def conversations_replies(self, *, channel, ts, **asked):
        return self._page([self._channels[channel][ts], *self._threads[channel, ts]], **asked)

    def _page(self, messages, *, limit, cursor, **_):
        if not self.reads:
            raise refusal("missing_scope")
        self.said["looks before a post"] += 1
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(messages) else ""
        return answer(messages=messages[start : start + limit], response_metadata={"next_cursor": following})

    def _new_ts(self):
        self._last = max(int(self.now().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def _may_refuse(self):
        if self.random.random() < REFUSED:
            self.said["calls refused"] += 1
            raise refusal("ratelimited")

    def _may_get_lost(self):
        if self.kill():
            self.said["kills after a call"] += 1
            raise asyncio.CancelledError
        if self.random.random() < LOST:
            self.said["answers lost"] += 1
            raise ServerDisconnectedError


def answer(**fields):
    return AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"ok": True, **fields}, headers={}, status_code=200
    )


def refusal(code):
    return SlackApiError(code, SimpleNamespace(data={"ok": False, "error": code}, status_code=200))
