"""What is in the workspace and what can be seen of it: people, channels, messages, views, files, calls."""

import re
from collections.abc import Iterable

from bot.demo.workspace import files
from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import Channel, FileUpload, Message, StoredFile, User, View
from bot.demo.workspace.records import Call
from bot.demo.workspace.state import State

NAMED = re.compile(r"(?<![\w<&])([#@])([\w.-]+)")


class Scene:
    """The workspace to look at and to furnish."""

    state: State

    @property
    def bot(self) -> User:
        """The app's bot user."""
        return self.state.bot

    @property
    def users(self) -> dict[str, User]:
        return self.state.users

    @property
    def channels(self) -> dict[str, Channel]:
        return self.state.channels

    @property
    def files(self) -> dict[str, StoredFile]:
        return self.state.files

    @property
    def log(self) -> list[Call]:
        """Every Web API call and every post to a response URL, in order."""
        return self.state.log

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.log if call.method == method]

    def user(self, who: str) -> User:
        return self.state.user(who)

    def channel(self, where: str) -> Channel:
        return self.state.channel(where)

    def picked(self, text: str) -> str:
        """The text with the names of channels and people as links, as when they were picked from Slack's list."""
        channels = {one.name: f"<#{one.id}|{one.name}>" for one in self.channels.values() if one.kind != "dm"}
        people = {one.name: f"<@{one.id}|{one.name}>" for one in self.users.values()}
        known = {"#": channels, "@": people}
        return NAMED.sub(lambda found: known[found[1]].get(found[2], found[0]), text)

    def add_user(self, name: str, **details: str | int | bool) -> User:
        """A member; `details` are fields of `User`."""
        user = User(self.state.new_id("U"), name, **details)  # type: ignore[arg-type]
        self.users[user.id] = user
        return user

    def add_channel(
        self, name: str, members: Iterable[User | str], *, kind: str = "public", bot: bool = True
    ) -> Channel:
        channel = Channel(self.state.new_id("C"), name, kind, {self.state.user(who).id for who in members})
        if bot:
            channel.members.add(self.bot.id)
        self.channels[channel.id] = channel
        return channel

    def add_group(self, members: Iterable[User | str], handle: str = "ops") -> str:
        """A user group; its id. `handle` is what people type behind the @."""
        group = self.state.new_id("S")
        self.state.handles[group] = handle
        self.state.groups[group] = [self.state.user(who).id for who in members]
        return group

    def dm(self, *people: User | str) -> Channel:
        """The direct messages of two people, or of one with the bot."""
        ids = [self.state.user(who).id for who in people]
        return self.state.dm(*ids, *([self.bot.id] if len(ids) == 1 else []))

    def say(
        self,
        user: User | str,
        channel: Channel | str,
        text: str,
        *,
        attached: Iterable[FileUpload] = (),
        thread_ts: str = "",
    ) -> Message:
        """A message of a person. Slack stores & < > as entities; the app hears of it only through `event`."""
        who, where = self.state.user(user), self.state.channel(channel)
        stored = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        shared = [files.attach(self.state, upload, who.id, where.id) for upload in attached]
        message = Message(self.state.new_ts(), where.id, who.id, stored, files=shared, thread_ts=thread_ts)
        self.state.messages.append(message)
        self.state.changed()
        return message

    def messages(self, channel: Channel | str, viewer: User | str | None = None) -> list[Message]:
        """The messages of a channel in order, deleted ones left out: what `viewer` sees, or without one everything."""
        where = self.state.channel(channel)
        found = [message for message in self.state.messages if message.channel == where.id and not message.deleted]
        if viewer is None:
            return found
        who = self.state.user(viewer).id
        if where.kind != "public" and who not in where.members:
            return []
        return [message for message in found if message.ephemeral_to in {"", who}]

    def pressable(self, channel: Channel | str, viewer: User | str) -> Message | None:
        """The newest message with buttons that a viewer sees: the one whose buttons `render.channel` numbers."""
        seen = self.messages(channel, viewer)
        return next((message for message in reversed(seen) if numbered_buttons(message)), None)

    def view_of(self, user: User | str) -> View | None:
        """The modal on top for this user."""
        stack = self.state.stacks.get(self.state.user(user).id)
        return stack[-1] if stack else None

    def home_of(self, user: User | str) -> View | None:
        return self.state.homes.get(self.state.user(user).id)
