"""Whether something that Slack tells of was written to Portero by a person, and as what request. Pure, and total.

Everything else is dropped here, so that no two bots ever talk to each other: what Portero and other bots post, edits
(a mention comes once more with every one of them, under a new event id), deletions, and what Slack itself says of a
channel. What comes twice has the same channel and `ts`, which is the key of `bot.slack.tasks.Deduplication`.

Source: docs.slack.dev, reference/events/app_mention and message.im, copies read on 2026-11-28.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.slack.requests.payload import Origin, Payload
from commands.contract import Actor, Request

WRITTEN = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of what a person wrote: alone, with files, in a thread and shown in the channel, too."""

NO_PERSON = ("bot_id", "bot_profile", "edited", "hidden")
"""What only messages have that are no person's, or are no new ones."""

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message for Portero. `text` is as Slack sent it, without the mention; `direct`: nobody else reads along."""

    actor: Actor
    channel: str
    ts: str
    thread_ts: str
    text: str
    files: Sequence[Payload]
    direct: bool

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
    event = body["event"]
    direct = event["type"] == "message"
    if direct and event.get("channel_type") != "im":
        return None
    if any(event.get(name) for name in NO_PERSON) or (event.get("subtype") or "") not in WRITTEN:
        return None
    user, channel, ts = (event.get(name) or "" for name in ("user", "channel", "ts"))
    if not (user and channel and ts) or user in {bot, SLACKBOT}:
        return None
    thread = event.get("thread_ts") or ""
    text = without_mention(event.get("text") or "", bot)
    files = event.get("files") or []
    return Heard(_actor(body, user), channel, ts, "" if thread == ts else thread, text, files, direct)


def without_mention(text: str, bot: str) -> str:
    return re.sub(rf"<@{re.escape(bot)}(?:\|[^<>]*)?>[:,]?", " ", text).strip() if bot else text.strip()


def _actor(body: Payload, user: str) -> Actor:
    """Who wrote it, as somebody of the workspace through which we hear it: `bot.slack.access` looks up whose they are.

    In a shared channel `team_id` may be either side's.
    """
    team = body.get("context_team_id") or body.get("team_id") or ""
    return Actor(user, team, body.get("context_enterprise_id") or body.get("enterprise_id") or "")
