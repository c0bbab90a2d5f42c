"""What people write in Slack by themselves: messages, mentions of the app, edits, deletions, and what the app hears.

Of a message with a mention the app hears `app_mention`, where it is a member and nowhere else; in its direct messages
`message` with `channel_type: im`, also of what it posted there itself. An edit is a `message_changed`, and a mention in
it comes once more, with a new event id and `edited` (docs.slack.dev, reference/events/app_mention, message.im,
message/message_changed, message/message_deleted; copies read on 2026-11-28).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.demo.workspace import payloads
from bot.demo.workspace.carrier import Carrier
from bot.demo.workspace.model import Channel, FileUpload, Message, Payload, User
from bot.demo.workspace.presence import present
from bot.demo.workspace.records import Interaction
from bot.demo.workspace.scene import Scene
from bot.demo.workspace.state import State

_LINKED = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<url>https?://[^\s<>|]+)|(?P<host>(?<![\w.@/:-])(?:[a-z0-9-]+\.)+[a-z]{2,}\b)"
    r"|@(?P<person>[\w-]+)|#(?P<channel>[\w-]+)"
)
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)


def as_sent(state: State, text: str) -> str:
    """A typed text as events bring it: & < > as entities; names, addresses and URLs as links, unless they are code."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parts = _CODE.split(escaped)
    parts[::2] = [_LINKED.sub(lambda found: _link(state, found), part) for part in parts[::2]]
    return "".join(parts)


def _link(state: State, found: re.Match[str]) -> str:
    kind, typed = found.lastgroup, found[0]
    if kind == "person":
        who = next((user for user in state.users.values() if user.name == found["person"]), None)
        return f"<@{who.id}>" if who else typed
    if kind == "channel":
        where = next((one for one in state.channels.values() if one.name == found["channel"]), None)
        return f"<#{where.id}|{where.name}>" if where else typed
    return {"mail": f"<mailto:{typed}|{typed}>", "url": f"<{typed}>"}.get(str(kind), f"<http://{typed}|{typed}>")


class Writing(Carrier, Scene):
    """Messages of people, and the events that they cause."""

    async def write(
        self,
        user: User | str,
        channel: Channel | str,
        text: str,
        *,
        attached: Iterable[FileUpload] = (),
        thread_ts: str = "",
    ) -> Message:
        """Writes a message (`@portero`, `@ana` and `#mailops` are mentions), and tells the app of it."""
        who, where = present(self.state, user, channel)
        stored = self.say(who, where, text, attached=attached, thread_ts=thread_ts)
        stored.text = as_sent(self.state, text)
        await self.tell_of(stored)
        return stored

    async def edit(self, message: Message, text: str) -> list[Interaction]:
        """Its author changes a message."""
        before = replace(message)
        message.text, message.edited, message.edited_at = as_sent(self.state, text), True, self.state.new_ts()
        return [*await self._changed(message, before), *await self.tell_of(message)]

    async def remove(self, message: Message) -> list[Interaction]:
        """Its author deletes a message."""
        before, message.deleted = replace(message), True
        said = {"previous_message": payloads.message(self.state, before), "deleted_ts": message.ts}
        return await self._hidden(message, "message_deleted", said)

    async def tell_of(self, message: Message, *, event_id: str = "") -> list[Interaction]:
        """Every event that Slack sends for a message; once more under an `event_id` that it had."""
        told = [payloads.event(self.state, body) for body in self._heard(message)]
        for payload in told:
            payload["event_id"] = event_id or payload["event_id"]
            payload["is_ext_shared_channel"] = bool(self.state.users[message.user].team)
        return [await self.deliver("events_api", payload) for payload in told]

    async def _changed(self, message: Message, before: Message) -> list[Interaction]:
        now, old = (payloads.message(self.state, one) for one in (message, before))
        return await self._hidden(message, "message_changed", {"message": now, "previous_message": old})

    async def _hidden(self, message: Message, subtype: str, said: Payload) -> list[Interaction]:
        """What the app hears of a change, in its direct messages alone: elsewhere it does not listen."""
        if self.state.channels[message.channel].kind != "dm":
            return []
        where = {"channel": message.channel, "channel_type": "im", "ts": self.state.new_ts(), "hidden": True}
        return [await self.event("message", **{"subtype": subtype, **where, **said})]

    def _heard(self, message: Message) -> Iterator[Payload]:
        where = self.state.channels[message.channel]
        if self.state.bot.id not in where.members or message.ephemeral_to:
            return
        if where.kind == "dm":
            if not message.edited:
                yield {**self._event(message), "channel_type": "im"}
        elif f"<@{self.state.bot.id}>" in message.text:
            yield {**self._event(message), "type": "app_mention"}

    def _event(self, message: Message) -> Payload:
        """A message as an event; of somebody of another organisation with what is said of them."""
        made = {**payloads.message(self.state, message), "channel": message.channel, "event_ts": message.ts}
        who = self.state.users[message.user]
        if message.files:
            made["subtype"] = "file_share"
        if not message.bot_id:
            made["client_msg_id"] = self.state.new_id("m")
        if who.team:
            about = {"team": who.team, "is_restricted": who.is_restricted, "name": who.name}
            made |= {"team": who.team, "user_team": who.team, "source_team": who.team, "user_profile": about}
        return made
