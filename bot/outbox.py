"""An answer's way out to Slack: which door it takes, and what it becomes when Slack refuses its contents.

Doors. A command and a button bring a `response_url` (five posts in 30 minutes, works where the bot is no member). It
edits in place only the message whose button was pressed: for a slash command Slack posts another message instead
(bolt-js issue 2287, bolt-python issue 1268), so there progress is sparse. Public answers are posted by
`chat.postMessage` and edited by `chat.update` where the bot may post, else they go through the `response_url`.
When a door is closed the next one is tried; when the contents are refused, smaller contents at the same door. What
was asked for in a thread is answered there; a `response_url` cannot show a private answer in a thread.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from typing import Any, TypeAlias

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.codes import code_of
from bot.payload import Origin
from bot.progress import APPENDED, IN_PLACE, Pacer
from bot.shrink import defuse, ladder
from commands.blocks import section
from commands.contract import Reply

log = logging.getLogger(__name__)

Body: TypeAlias = dict[str, Any]


class Outcome(Enum):
    """What became of one post."""

    SENT = "sent"
    REFUSED = "the contents are refused here"
    CLOSED = "this door is closed"


Door: TypeAlias = Callable[[Body], Awaitable[Outcome]]

CONTENT_ERRORS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope"})
NOT_POSTED = (
    "*Only you see this*: Portero could not post it in the channel. Type `/invite @portero` there, then ask again."
)
QUIET: Body = {"unfurl_links": False, "unfurl_media": False}
"""A banner with a URL in it must not unfurl."""


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
        self._in_place = origin.source == "ephemeral"
        self._channel = channel
        self._user = user
        self._thread = {"thread_ts": origin.thread_ts} if origin.thread_ts else {}
        self._public_ts = ""
        self._hook = None
        if origin.response_url:
            self._hook = AsyncWebhookClient(origin.response_url, session=session, retry_handlers=list(retries))
        self._pace = pace
        self._pacer: Pacer | None = None

    def progress(self, text: str, *, public: bool) -> None:
        """Offer a progress text; whether and when it is posted is the pace's business."""
        if self._pacer is None:
            usual = IN_PLACE if public or self._in_place else APPENDED
            door = self._publicly if public else partial(self._through_hook, replace=True)
            self._pacer = Pacer(partial(_post_text, door), usual if self._pace is None else self._pace)
        self._pacer.offer(text)

    async def reply(self, reply: Reply) -> None:
        """Deliver the answer by the first door that takes it."""
        await self.settle()
        if not await self._deliver(reply):
            log.error("an answer could not be delivered by any door")
        for attachment in reply.files:
            await self._send_file(attachment.name, attachment.content)

    async def settle(self) -> None:
        """Let a progress post that is under way arrive, and post no more: none may overtake the answer."""
        if self._pacer is not None:
            await self._pacer.stop()

    async def _deliver(self, reply: Reply) -> bool:
        bodies = list(ladder(reply.text, reply.blocks))
        if reply.public or self._public_ts:  # a public "Checking ..." must not stand there for ever
            if await _by_any([self._publicly, partial(self._through_hook, public=True)], bodies):
                return True
            bodies = list(_unposted(reply))
        return await _by_any(self._private_doors(reply), bodies)

    def _private_doors(self, reply: Reply) -> list[Door]:
        replace = reply.replace or (self._pacer is not None and self._pacer.posted > 0)
        hook = partial(self._through_hook, replace=replace)
        if self._thread and not (replace and self._in_place):
            return [self._ephemerally, hook, self._directly]
        return [hook, self._ephemerally, self._directly]

    # --- doors ------------------------------------------------------------------------------------------------------

    async def _through_hook(self, body: Body, *, public: bool = False, replace: bool = False) -> Outcome:
        """The response_url. Bolt's `respond` and this client return failures silently: look at the status."""
        if self._hook is None:
            return Outcome.CLOSED
        kind = "in_channel" if public else "ephemeral"
        edit = replace and self._in_place
        where = self._thread if public else {}
        try:
            answer = await self._hook.send_dict(
                {**body, "response_type": kind, "replace_original": edit, **where, **QUIET}
            )
        except (ClientError, TimeoutError, SlackApiError):
            log.warning("response_url could not be reached")
            return Outcome.CLOSED
        if answer.status_code == 200:
            return Outcome.SENT
        log.warning("response_url answered %s %s", answer.status_code, str(answer.body)[:60])
        return Outcome.REFUSED if answer.status_code == 400 else Outcome.CLOSED

    async def _publicly(self, body: Body) -> Outcome:
        """The bot's own message, edited in place afterwards. Once the channel is closed it stays so."""
        if not self._channel:
            return Outcome.CLOSED
        if self._public_ts:
            return await self._call(self._client.chat_update, channel=self._channel, ts=self._public_ts, **body)
        outcome = await self._call(self._post_message, channel=self._channel, **self._thread, **body)
        if outcome is Outcome.CLOSED:
            self._channel = ""
        return outcome

    async def _ephemerally(self, body: Body) -> Outcome:
        if not self._channel:
            return Outcome.CLOSED
        post = self._client.chat_postEphemeral
        return await self._call(post, channel=self._channel, user=self._user, **self._thread, **body)

    async def _directly(self, body: Body) -> Outcome:
        return await self._call(self._client.chat_postMessage, channel=self._user, **body, **QUIET)

    async def _post_message(self, **body: Any) -> None:
        posted = await self._client.chat_postMessage(**body, **QUIET)
        self._public_ts = str(posted["ts"])

    async def _send_file(self, name: str, content: bytes) -> None:
        """By direct message: an ephemeral message carries no files, and a channel is not the place unasked."""
        outcome = await self._call(self._upload, name=name, content=content)
        if outcome is not Outcome.SENT:
            await self.reply(Reply(f":warning: The file {defuse(name)} could not be sent.", good=False))

    async def _upload(self, *, name: str, content: bytes) -> None:
        opened = await self._client.conversations_open(users=self._user)
        await self._client.files_upload_v2(channel=opened["channel"]["id"], filename=name, content=content)

    async def _call(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Outcome:
        try:
            await method(**arguments)
        except (SlackApiError, ClientError, TimeoutError) as error:
            code = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.log(logging.INFO if code in NOT_THERE else logging.WARNING, "%s: %s", method.__name__, code)
            return Outcome.REFUSED if code in CONTENT_ERRORS else Outcome.CLOSED
        return Outcome.SENT


def _unposted(reply: Reply) -> Iterator[Body]:
    """What the asker reads in place of a public answer that no public door took."""
    if reply.instead:
        yield {"text": defuse(reply.instead)}
        return
    yield from ladder(f"{NOT_POSTED}\n{reply.text}", [section(NOT_POSTED), *reply.blocks] if reply.blocks else ())


async def _by_any(doors: Sequence[Door], bodies: Sequence[Body]) -> bool:
    """Through the first door that takes one of the bodies."""
    for door in doors:
        if await _through(door, bodies):
            return True
    return False


async def _through(door: Door, bodies: Sequence[Body]) -> bool:
    """Try the bodies, best first, as long as only the contents are refused."""
    for body in bodies:
        outcome = await door(body)
        if outcome is not Outcome.REFUSED:
            return outcome is Outcome.SENT
    return False


async def _post_text(door: Door, text: str) -> bool:
    return await door({"text": defuse(text)}) is Outcome.SENT
