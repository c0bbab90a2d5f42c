"""A message's way into Slack: made to fit, made smaller where Slack refuses it, and the methods that post it.

Limits: 50 blocks a message; `chat.update` takes 4,000 characters of text. Tables and charts are new, and workspaces
that do not have them yet refuse the whole message: the second try shows charts as a line of bars, the third tables as
preformatted text, and the last one has no blocks at all.

A command and a button bring a `response_url` (five posts in 30 minutes, works where the bot is no member). It edits in
place only the message whose button was pressed: for a slash command Slack posts another message instead (bolt-js issue
2287, bolt-python issue 1268). Public messages are the bot's own, where it may post.
"""

import asyncio
import io
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

from aiohttp import ClientSession
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.client.web_client import FAULTS, LOGGER, passes, read, word_of
from bot.slack.requests.payload import Origin
from commands.blocks import Block, code, cut
from commands.contract import Attachment
from commands.sparkline import sparkline

log = logging.getLogger(__name__)

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 3900

_BROADCAST = re.compile(r"<!(?!date\^)")


def fallbacks(text: str, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """The bodies to try, best first: blocks, without charts, without tables, text alone."""
    text = defuse(cut(text, MESSAGE_TEXT))
    if blocks:
        fitting = [defused(block) for block in blocks[:MESSAGE_BLOCKS]]
        yield {"text": text, "blocks": fitting}
        for kind, plainer in PLAINER.items():
            if any(block["type"] == kind for block in fitting):
                fitting = [plainer(block) if block["type"] == kind else block for block in fitting]
                yield {"text": text, "blocks": fitting}
    yield {"text": text}


def defuse(text: str) -> str:
    """No broadcast and no group mention ever leaves, whatever a view let through. Dates stay."""
    return _BROADCAST.sub("&lt;!", text)


def defused(value: Any) -> Any:
    """The same block with every mrkdwn text defused; texts that parse nothing stay as they are."""
    if isinstance(value, list):
        return [defused(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {key: defused(item) for key, item in value.items()}
    if changed.get("type") == "mrkdwn":
        changed["text"] = defuse(changed["text"])
    return changed


def _plain_table(block: Block) -> Block:
    """A table as aligned preformatted text."""
    rows = [[cell.get("text", "") for cell in row] for row in block["rows"]]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return code("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))


def _plain_chart(block: Block) -> Block:
    """A chart as one line of bars for each of its series, with the least and the greatest value."""
    chart = block["chart"]
    lines = [_bars(each["name"], [point["value"] for point in each["data"]]) for each in chart["series"]]
    return code("\n".join([f"{block['title']} ({chart['axis_config']['y_label']})", *lines]))


def _bars(name: str, values: Sequence[float]) -> str:
    least, most = min(values, default=0), max(values, default=0)
    return f"{name:<8} {sparkline(values)}  {least:g} to {most:g}"


PLAINER: Mapping[str, Callable[[Block], Block]] = {"data_visualization": _plain_chart, "table": _plain_table}


Body: TypeAlias = dict[str, Any]


class Outcome(Enum):
    """What became of one post."""

    SENT = "sent"
    REFUSED = "the contents are refused here"
    CLOSED = "this method does not work here"
    FAILED = "Slack did not take it now"


PostMethod: TypeAlias = Callable[[Body], Awaitable[Outcome]]

CONTENT_ERRORS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
BY_STATUS = {400: Outcome.REFUSED, 429: Outcome.FAILED}
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope"})
HOOK_ERRORS = (
    "action_prohibited",
    "channel_is_archived",
    "channel_not_found",
    "expired_url",
    "invalid_blocks",
    "invalid_payload",
    "no_service",
    "no_text",
    "posting_to_general_channel_denied",
    "ratelimited",
    "rollup_error",
    "used_url",
    "user_not_found",
)
"""What a response_url is known to say; a proxy's page may repeat the URL.

Source: docs.slack.dev, messaging/sending-messages-using-incoming-webhooks.
"""

LONGEST = 40.0
"""Seconds for a response_url, with what is waited for and tried again; the client bounds its own calls."""

QUIET: Body = {"unfurl_links": False, "unfurl_media": False}
"""A banner with a URL in it must not unfurl."""


class PostMethods:
    """The methods that reach whoever made one request.

    `direct`: it was a button on a message in direct messages, most likely the bot's own: no answer need vanish there.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        session: ClientSession,
        origin: Origin,
        *,
        channel: str,
        user: str,
        retries: Sequence[AsyncRetryHandler] = (),
    ) -> None:
        self._client = client
        self._session = session
        self.in_place = origin.source == "ephemeral"
        self.direct = origin.source == "message" and channel.startswith("D")
        self._channel = channel
        self.user = user
        self.thread = {"thread_ts": origin.thread_ts} if origin.thread_ts else {}
        self._below = {"thread_ts": origin.below} if origin.below else self.thread
        self.public_ts = ""
        self._hook = None
        if origin.response_url:
            self._hook = AsyncWebhookClient(
                origin.response_url,
                session=session,
                logger=LOGGER,
                retry_handlers=list(retries),
            )

    async def by_response_url(self, body: Body, *, public: bool = False, replace: bool = False) -> Outcome:
        """The response_url. Bolt's `respond` and this client return failures silently: look at the status."""
        if self._hook is None:
            return Outcome.CLOSED
        kind = "in_channel" if public else "ephemeral"
        edit = replace and self.in_place
        where = self._below if public else {}
        try:
            async with asyncio.timeout(LONGEST):
                answer = await self._hook.send_dict(
                    {**body, "response_type": kind, "replace_original": edit, **where, **QUIET}
                )
        except (*FAULTS, ValueError, LookupError) as error:  # the last two: bytes that are no text
            log.warning("response_url could not be reached: %s", word_of(error))
            return Outcome.FAILED
        return _judged(answer.status_code, answer.body or "")

    async def in_channel(self, body: Body) -> Outcome:
        """The bot's own message, edited in place afterwards. Once the channel is closed it stays so."""
        if not self._channel:
            return Outcome.CLOSED
        if self.public_ts:
            edited = await self._call(self._client.chat_update, channel=self._channel, ts=self.public_ts, **body)
            if edited is not Outcome.CLOSED:
                return edited
            self.public_ts = ""  # somebody deleted it, or Slack lets nobody edit it any more
        outcome = await self._call(self._post_message, channel=self._channel, **self._below, **body)
        if outcome is Outcome.CLOSED:
            self._channel = ""
        return outcome

    async def ephemeral(self, body: Body) -> Outcome:
        if not self._channel:
            return Outcome.CLOSED
        post = self._client.chat_postEphemeral
        return await self._call(post, channel=self._channel, user=self.user, **self.thread, **body)

    async def direct_message(self, body: Body) -> Outcome:
        return await self._call(self._client.chat_postMessage, channel=self.user, **body, **QUIET)

    async def _post_message(self, **body: Any) -> None:
        posted = await self._client.chat_postMessage(**body, **QUIET)
        self.public_ts = read(posted).needed("ts")

    async def file(self, attachment: Attachment) -> str:
        """By direct message: an ephemeral message carries no files, and a channel is not the place unasked.

        The code of what stood in the way, or nothing.
        """
        try:
            opened = await self._client.conversations_open(users=self.user)
            await self._upload(read(opened).record("channel").needed("id"), attachment)
        except FAULTS as error:
            return _noted("a file", error)
        return ""

    async def _upload(self, channel: str, file: Attachment) -> None:
        """The three steps of an upload.

        The SDK's `files_upload_v2` makes of the second one a raw body, which aiohttp warns of above 1 MB, and lets a
        refused POST escape as no SlackApiError. Source: docs.slack.dev, messaging/working-with-files.
        """
        place = read(await self._client.files_getUploadURLExternal(filename=file.name, length=len(file.content)))
        async with self._session.post(place.needed("upload_url"), data=io.BytesIO(file.content)) as answer:
            answer.raise_for_status()
        about: dict[str, str | None] = {"id": place.needed("file_id"), "title": file.name}
        await self._client.files_completeUploadExternal(files=[about], channel_id=channel)

    async def _call(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Outcome:
        try:
            await method(**arguments)
        except FAULTS as error:
            code = _noted(method.__name__, error)
            if code in CONTENT_ERRORS:
                return Outcome.REFUSED
            return Outcome.FAILED if passes(code) else Outcome.CLOSED
        return Outcome.SENT


def _judged(status: int, body: str) -> Outcome:
    """What a response_url made of a post: a status of 200 says little, proxies and Slack itself refuse with it, too."""
    if status == 200 and _is_taken(body):
        return Outcome.SENT
    said = next((word for word in HOOK_ERRORS if word in body), "")
    log.warning("response_url answered %s %s", status, said)
    if said in CONTENT_ERRORS:
        return Outcome.REFUSED
    if status == 200:
        return Outcome.CLOSED if said else Outcome.FAILED
    return BY_STATUS.get(status, Outcome.CLOSED if status < 500 else Outcome.FAILED)


def _is_taken(body: str) -> bool:
    """`ok`, or an object that says so; servers that speak as Slack does also say nothing."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return body.strip() in {"ok", ""}
    return isinstance(said, dict) and said.get("ok") is True


def _noted(what: str, error: BaseException) -> str:
    """The code of an error, which is logged with it."""
    code = word_of(error)
    log.log(logging.INFO if code in NOT_THERE else logging.WARNING, "%s: %s", what, code)
    return code
