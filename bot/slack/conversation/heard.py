"""Whether something that Slack tells of was written to Portero by a person, and as what request. Pure, and total.

Everything else is dropped here, so that no two bots ever talk to each other: what Portero and other bots post,
deletions, and what Slack itself says of a channel. A mention comes once more with every edit, under a new event id, a
direct message as `message_changed`, also where only a link in it was unfurled: an edit counts for as long as it is
known what was answered. What comes twice has the same channel and `ts`, which is the key of
`bot.slack.tasks.Deduplication`.

Source: docs.slack.dev, reference/events/app_mention, message.im and message/message_changed, copies read on 2026-11-28.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.slack.requests.message_text import written
from bot.slack.requests.payload import Origin, Payload
from commands.contract import Actor, Request

WRITTEN = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of what a person wrote: alone, with files, in a thread and shown in the channel, too."""

NO_PERSON = ("bot_id", "bot_profile", "hidden")
"""What only messages have that are no person's, or are no new ones."""

EDITABLE = 600.0
"""Seconds for which an edit of a message counts: less than `bot.slack.tasks.KEEP`."""

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message for Portero. `text` is as Slack sent it, without the mention; `direct`: nobody else reads along.

    `edited` is the time of its edit, empty as long as there is none.
    """

    actor: Actor
    channel: str
    ts: str
    thread_ts: str
    text: str
    files: Sequence[Payload]
    direct: bool
    edited: str = ""

    def request(self, command: str, text: str, *, at: datetime, request_id: str) -> Request:
        surface = "direct" if self.direct else "mention"
        return Request(command, self.actor, at, text=text, channel=self.channel, surface=surface, request_id=request_id)

    @property
    def origin(self) -> Origin:
        """A mention is answered in its thread, which begins with it, a direct message beside it."""
        key, thread = f"message:{self.channel}:{self.ts}", self.thread_ts
        below = "" if self.direct else thread or self.ts
        return Origin("direct" if self.direct else "mention", "", "", key, thread, present_in=self.channel, below=below)


def heard(body: Payload, bot: str) -> Heard | None:
    """What was written to the bot with this user id; None for all that it has to be silent about."""
    event = _as_it_is_now(body["event"])
    direct = event["type"] == "message"
    if direct and event.get("channel_type") != "im":
        return None
    if any(event.get(name) for name in NO_PERSON) or (event.get("subtype") or "") not in WRITTEN:
        return None
    user, channel, ts = (event.get(name) or "" for name in ("user", "channel", "ts"))
    if not (user and channel and ts) or user in {bot, SLACKBOT}:
        return None
    edited = str((event.get("edited") or {}).get("ts") or "")
    if event.get("edited") and not _is_soon(ts, edited):
        return None
    thread = event.get("thread_ts") or ""
    text = _with_forwarded(without_mention(event.get("text") or "", bot), event.get("attachments") or [])
    files = event.get("files") or []
    return Heard(_actor(body, user), channel, ts, "" if thread == ts else thread, text, files, direct, edited)


def _as_it_is_now(event: Payload) -> Payload:
    """Of a message whose author has changed its words the message; any other event as it is.

    The page of `message_changed` has no kind of conversation in it; the ids of direct ones begin with D.
    """
    now, before = (event.get(name) or {} for name in ("message", "previous_message"))
    if event.get("subtype") != "message_changed" or not now.get("edited") or now.get("text") == before.get("text"):
        return event
    channel = event.get("channel") or ""
    kind = event.get("channel_type") or ("im" if channel.startswith("D") else "")
    return {**now, "type": event["type"], "channel": channel, "channel_type": kind}


def _with_forwarded(text: str, attachments: Sequence[Payload]) -> str:
    """With what stands in the message that was forwarded along, where little is said of it: `check this`."""
    if not attachments or len(text.split()) > FEW:
        return text
    said = [{**one, "fallback": one.get("text") or one.get("fallback")} for one in attachments]
    return f"{text}\n{written({'attachments': said})}".strip()


FEW = 8
"""Words beside a forwarded message that only point to it."""


def _is_soon(ts: str, edited: str) -> bool:
    try:
        return 0 <= float(edited) - float(ts) <= EDITABLE
    except ValueError:
        return False


def without_mention(text: str, bot: str) -> str:
    return re.sub(rf"<@{re.escape(bot)}(?:\|[^<>]*)?>[:,]?", " ", text).strip() if bot else text.strip()


def _actor(body: Payload, user: str) -> Actor:
    """Who wrote it, as somebody of the workspace through which we hear it: `bot.slack.access` looks up whose they are.

    In a shared channel `team_id` may be either side's.
    """
    team = body.get("context_team_id") or body.get("team_id") or ""
    return Actor(user, team, body.get("context_enterprise_id") or body.get("enterprise_id") or "")
