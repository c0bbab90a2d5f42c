"""An answer's way out to Slack: which door it takes, how it shrinks when Slack refuses it, how progress is paced.

Doors. A command and a button bring a `response_url` (five posts in 30 minutes, works where the bot is no member). It
edits in place only the message whose button was pressed: for a slash command Slack posts another message instead
(bolt-js issue 2287, bolt-python issue 1268), so there progress is sparse. Public answers are posted by
`chat.postMessage` and edited by `chat.update` where the bot may post, else they go through the `response_url`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.payload import Origin
from bot.shrink import defuse, ladder
from commands.contract import Reply

log = logging.getLogger(__name__)

IN_PLACE = (0.3, 1.5, 6.0)
APPENDED = (1.5,)
"""Seconds between progress posts: three edits of one message, or a single message of its own on a slow check."""

NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope"})


class Outbox:
    """Where the answer to one request goes. `pace` overrides the seconds between progress posts."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: ClientSession,
        origin: Origin,
        *,
        channel: str,
        user: str,
        retries: Sequence[AsyncRetryHandler] = (),
        pace: Sequence[float] | None = None,
    ) -> None:
        self._client = client
        self._origin = origin
        self._channel = channel
        self._user = user
        self._public_ts = ""
        self._hook = None
        if origin.response_url:
            self._hook = AsyncWebhookClient(origin.response_url, session=session, retry_handlers=list(retries))
        self._pace = pace
        self._progress: _Progress | None = None

    def progress(self, text: str, *, public: bool) -> None:
        """Offer a progress text; whether and when it is posted is the pace's business."""
        if self._progress is None:
            in_place = public or self._origin.source == "ephemeral"
            pace = self._pace if self._pace is not None else IN_PLACE if in_place else APPENDED
            self._progress = _Progress(lambda latest: self._post_progress(latest, public=public), pace)
        self._progress.offer(text)

    async def reply(self, reply: Reply) -> None:
        """Deliver the answer; raises nothing that the asker could not be told through another door."""
        await self.settle()
        for body in ladder(reply.text, reply.blocks):
            if await self._send(body, public=reply.public, replace=reply.replace or self._progress_shown):
                break
        else:
            log.error("an answer could not be delivered by any door")
        for attachment in reply.files:
            await self._send_file(attachment.name, attachment.content)

    async def settle(self) -> None:
        """Let a progress post that is under way arrive, and post no more: none may overtake the answer."""
        if self._progress is not None:
            await self._progress.stop()

    @property
    def _progress_shown(self) -> bool:
        return self._progress is not None and self._progress.posted > 0

    async def _post_progress(self, text: str, *, public: bool) -> bool:
        body = {"text": defuse(text)}
        if public:
            return await self._send_public(body)
        return await self._send_hook(body, public=False, replace=True)

    async def _send(self, body: dict[str, Any], *, public: bool, replace: bool) -> bool:
        if public:
            return await self._send_public(body) or await self._send_hook(body, public=True, replace=False)
        return await self._send_hook(body, public=False, replace=replace) or await self._send_directly(body)

    async def _send_hook(self, body: dict[str, Any], *, public: bool, replace: bool) -> bool:
        """Through the response_url. Bolt's `respond` and this client return failures silently: look at the status."""
        if self._hook is None:
            return False
        replace = replace and not public and self._origin.source == "ephemeral"
        kind = "in_channel" if public else "ephemeral"
        try:
            answer = await self._hook.send_dict({**body, "response_type": kind, "replace_original": replace, **QUIET})
        except (ClientError, TimeoutError, SlackApiError):
            log.warning("response_url could not be reached")
            return False
        if answer.status_code != 200:
            log.warning("response_url answered %s %s", answer.status_code, str(answer.body)[:60])
        return answer.status_code == 200

    async def _send_public(self, body: dict[str, Any]) -> bool:
        """As the bot's own message, edited in place afterwards; False where the bot may not post."""
        if not self._channel:
            return False
        if self._public_ts:
            return await self._call(self._client.chat_update, channel=self._channel, ts=self._public_ts, **body)
        try:
            posted = await self._client.chat_postMessage(channel=self._channel, **body, **QUIET)
        except (SlackApiError, ClientError, TimeoutError) as error:
            _note_failure("chat.postMessage", error)
            return False
        self._public_ts = str(posted["ts"])
        return True

    async def _send_directly(self, body: dict[str, Any]) -> bool:
        """Without a response_url: privately in the channel, else as a direct message."""
        if self._channel and await self._call(
            self._client.chat_postEphemeral, channel=self._channel, user=self._user, **body
        ):
            return True
        return await self._call(self._client.chat_postMessage, channel=self._user, **body, **QUIET)

    async def _send_file(self, name: str, content: bytes) -> None:
        """By direct message: an ephemeral message carries no files, and a channel is not the place unasked."""
        try:
            opened = await self._client.conversations_open(users=self._user)
            await self._client.files_upload_v2(channel=opened["channel"]["id"], filename=name, content=content)
        except (SlackApiError, ClientError, TimeoutError) as error:
            _note_failure("files_upload_v2", error)

    async def _call(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> bool:
        try:
            await method(**arguments)
        except (SlackApiError, ClientError, TimeoutError) as error:
            _note_failure(getattr(method, "__name__", "call"), error)
            return False
        return True


QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
"""A banner with a URL in it must not unfurl."""


def _note_failure(method: str, error: Exception) -> None:
    code = error.response.get("error", "") if isinstance(error, SlackApiError) else type(error).__name__
    level = logging.INFO if code in NOT_THERE else logging.WARNING
    log.log(level, "%s failed: %s", method, code)


class _Progress:
    """Posts the latest progress text at the given distances in time, and never behind the answer."""

    def __init__(self, post: Callable[[str], Awaitable[bool]], pace: Sequence[float]) -> None:
        self.posted = 0
        self._post = post
        self._pace = pace
        self._latest = ""
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def offer(self, text: str) -> None:
        self._latest = text
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        self._over.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        shown = ""
        for seconds in self._pace:
            if await self._is_over_after(seconds):
                return
            if self._latest != shown:
                shown = self._latest
                self.posted += await self._post(shown)

    async def _is_over_after(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return False
        return True
