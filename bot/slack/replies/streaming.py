"""What a thread shows while an answer is made: a status at once, and a message that is written along if it takes long.

Slack shows a status for two minutes, or until the app writes there. A message that is streamed has one task, whose
title says how far it is; it is stopped before the answer takes its place, since Slack refuses to edit one that is
still open (`streaming_state_conflict`). Both are there where the workspace has them: what fails once is not asked for
again in this answer, what the workspace does not know never again, and a message that is edited says it instead.

Source: docs.slack.dev, reference/methods/assistant.threads.setStatus, chat.startStream, chat.appendStream and
chat.stopStream, copies read on 2026-11-28; a title has 256 characters.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, read, word_of
from bot.slack.replies.messages import Outcome, PostMethods, defuse

log = logging.getLogger(__name__)

PACE = (0.0, 1.5, *(3.0,) * 20)
"""Seconds before each of what is shown: the status at once, then the message, and its title every so often."""

SECONDS = 3.0
"""How long Slack may take for one of them: no answer waits for a decoration."""

ENDED = "message_not_in_streaming_state"
"""Slack ends a stream by itself some five minutes after it began."""

TITLE = 200
TASK = "answer"
UNKNOWN = frozenset({"unknown_method", "missing_scope", "not_allowed_token_type", "feature_not_enabled"})
"""What stays so until the app is installed anew."""

_EMOJI = re.compile(r":[a-z_]+:\s*")
_MARKS = re.compile(r"[*`]")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(text: str) -> str:
    """A progress text for what shows no mrkdwn."""
    text = _MARKS.sub("", _EMOJI.sub("", text))
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text.strip()[:TITLE]


def as_status(text: str) -> str:
    """Slack puts the app's name before it."""
    said = plain(text)
    return f"is {said[:1].lower()}{said[1:]}" if said.partition(" ")[0].endswith("ing") else "is working on it …"


@dataclass
class Abilities:
    """The methods that this workspace does not have, as far as it has said so."""

    missing: set[str] = field(default_factory=set)


@dataclass
class ThreadProgress:
    """Of one answer. `user` and `team` are whom it is for."""

    client: AsyncWebClient
    methods: PostMethods
    abilities: Abilities
    channel: str
    thread: str
    user: str
    team: str
    _status: bool = False
    _stream: str = ""
    _title: str = ""
    _posts: int = 0
    _word: str = ""

    async def post(self, text: str) -> bool:
        """Show how far it is; whether it shows."""
        self._posts += 1
        if self._posts == 1:
            return await self._say_status(as_status(text))
        return await self._write(plain(text)) or await self._edit(text)

    async def stop(self) -> None:
        """The answer comes. A stream that stays open cannot be edited: then it is a message of its own."""
        if not self._stream:
            return
        done = self._task(self._title, "complete")
        stopped = await self._call(self.client.chat_stopStream, ts=self._stream, chunks=[done])
        if stopped is None and self._word != ENDED:
            self.methods.public_ts = ""
        self._stream = ""

    async def clear(self) -> None:
        """All is said. Slack takes a status away itself when the answer stands in its thread."""
        if self._status and not self.methods.public_ts:
            await self._say_status("")
        self._status = False

    async def _say_status(self, status: str) -> bool:
        where = {"channel_id": self.channel, "thread_ts": self.thread}
        self._status = await self._call(self.client.assistant_threads_setStatus, status=status, **where) is not None
        return self._status

    async def _write(self, title: str) -> bool:
        """In the message that is streamed, which begins with this where there is none."""
        self._title, chunks = title, [self._task(title, "in_progress")]
        if self._stream:
            return await self._call(self.client.chat_appendStream, ts=self._stream, chunks=chunks) is not None
        if self.methods.public_ts:
            return False
        whom = {"recipient_user_id": self.user, "recipient_team_id": self.team}
        started = await self._call(self.client.chat_startStream, thread_ts=self.thread, chunks=chunks, **whom)
        self._stream = self.methods.public_ts = started or ""
        return bool(started)

    async def _edit(self, text: str) -> bool:
        if self._stream:
            return False
        return await self.methods.in_channel({"text": defuse(text)}) is Outcome.SENT

    async def _call(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> str | None:
        """The `ts` of the answer, if it has one; None where Slack did not do it."""
        name = method.__name__
        if name in self.abilities.missing:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                where = {} if "channel_id" in arguments else {"channel": self.channel}
                return read(await method(**where, **arguments)).text("ts")
        except FAULTS as error:
            word = self._word = word_of(error)
            log.log(logging.INFO if word in UNKNOWN else logging.WARNING, "%s: %s", name, word)
            self.abilities.missing |= {name} if word in UNKNOWN else set()
            return None

    @staticmethod
    def _task(title: str, status: str) -> dict[str, str]:
        return {"type": "task_update", "id": TASK, "title": title, "status": status}
