"""What the workspace knows at a moment. No sockets here: the other modules read and change this."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.demo.workspace.clock import Clock
from bot.demo.workspace.faults import Faults
from bot.demo.workspace.model import Channel, Impossible, Message, Payload, Refusal, StepRun, StoredFile, User, View
from bot.demo.workspace.rates import Rates
from bot.demo.workspace.records import Call
from bot.demo.workspace.tickets import ResponseUrl, Triggers

T = TypeVar("T")


APP_ID = "A0000000001"
EVERYDAY = frozenset(
    {"app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands"}
    | {"files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write"}
    | {"mpim:read", "usergroups:read", "users:read"}
)


@dataclass
class State:
    """One team, one installed app. `bot` is the app's bot user; ids are made as Slack makes them, but counted.

    `functions` are the steps of workflows in the app's manifest, by callback id, `runs` their runs.
    """

    clock: Clock
    team: str = "T0000000001"
    team_name: str = "mailops"
    app_id: str = APP_ID
    bot_id: str = "B0000000001"
    bot: User = field(default_factory=lambda: User("U0000000001", "portero", "Portero", is_bot=True))
    scopes: frozenset[str] | None = None
    revoked: str = ""
    unknown_blocks: frozenset[str] = frozenset()
    unknown_methods: frozenset[str] = frozenset()
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-{APP_ID}-1-{secrets.token_hex(12)}")
    config_token: str = field(default_factory=lambda: f"xoxe.xoxp-1-{secrets.token_hex(12)}")
    manifest: Payload = field(default_factory=dict)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    origin: str = ""
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    functions: dict[str, Payload] = field(default_factory=dict)
    runs: dict[str, StepRun] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: dict[str, list[Payload]] = field(default_factory=dict)
    streams: dict[str, float] = field(default_factory=dict)
    tickets: dict[str, float] = field(default_factory=dict)
    log: list[Call] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.triggers = Triggers(self.clock)
        self.rates = Rates(self.clock)
        self.users[self.bot.id] = self.bot
        self._numbers = itertools.count(2)
        self._last_ts = 0
        self._changed = asyncio.Event()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """Seconds and microseconds; unique and rising, since Slack keys a channel's messages by it."""
        self._last_ts = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    @property
    def granted(self) -> frozenset[str]:
        """What stands in the header of answers: of an app without a list of scopes those that this workspace knows."""
        return EVERYDAY if self.scopes is None else self.scopes

    def has_scope(self, scope: str) -> bool:
        """Whether the app was installed with this scope; without a list of scopes it has them all."""
        return self.scopes is None or scope in self.scopes

    def changed(self) -> None:
        """Wakes everybody in `wait_for`."""
        self._changed.set()
        self._changed = asyncio.Event()

    def next_change(self) -> asyncio.Event:
        """Set when something changes after this call."""
        return self._changed

    async def wait_for(self, predicate: Callable[[], T], timeout: float) -> T:
        """The first true value of `predicate`, asked again after every change; TimeoutError after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await self._changed.wait()
                return value
        except TimeoutError:
            recent = ", ".join(f"{call.method} {call.error or 'ok'}" for call in self.log[-8:])
            raise TimeoutError(f"not within {timeout} s; last calls: {recent or 'none'}") from None

    def user(self, who: User | str) -> User:
        """A user by record, id or name."""
        return who if isinstance(who, User) else _find(self.users.values(), who, "user")

    def channel(self, where: Channel | str) -> Channel:
        """A channel by record, id or name, with or without its #."""
        return where if isinstance(where, Channel) else _find(self.channels.values(), where.lstrip("#"), "channel")

    def dm(self, *people: str) -> Channel:
        """The direct messages between these users, opened when there are none yet."""
        members = set(people)
        for channel in self.channels.values():
            if channel.kind == "dm" and channel.members == members:
                return channel
        made = Channel(self.new_id("D"), "directmessage", "dm", members)
        self.channels[made.id] = made
        return made

    def bot_channel(self, reference: str) -> Channel:
        """The channel that the app means: an id, `#name` or a user id (its DM); one it cannot see is not found."""
        if reference in self.users and reference != self.bot.id:
            return self.dm(self.bot.id, reference)
        for channel in self.channels.values():
            if channel.id == reference or (channel.kind != "dm" and channel.name == reference.lstrip("#")):
                if channel.kind == "public" or self.bot.id in channel.members:
                    return channel
                break
        raise Refusal("channel_not_found")

    def message(self, channel: str, ts: str) -> Message | None:
        """A stored message; ephemerals are not stored, so Slack cannot find them by their ts."""
        for message in reversed(self.messages):
            if (message.channel, message.ts) == (channel, ts) and not (message.deleted or message.ephemeral_to):
                return message
        return None

    def view(self, view_id: str) -> View | None:
        open_views = [view for stack in self.stacks.values() for view in stack]
        return next((view for view in [*open_views, *self.homes.values()] if view.id == view_id), None)

    def fill_ids(self, blocks: list[Payload]) -> list[Payload]:
        """The blocks with the ids that Slack gives to blocks and elements that came without."""
        for block in blocks:
            block.setdefault("block_id", self.new_id("b"))
            for element in interactive(block):
                element.setdefault("action_id", self.new_id("a"))
        return blocks


def interactive(block: Payload) -> list[Payload]:
    """The elements of a block that a person can press or fill in, in reading order."""
    found = [*block.get("elements", [])] if block.get("type") in {"actions", "context_actions"} else []
    found += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    return [element for element in found if element.get("type") not in {"image", "rich_text"}]


Named = TypeVar("Named", User, Channel)


def _find(records: Iterable[Named], reference: str, what: str) -> Named:
    for record in records:
        if reference in {record.id, record.name}:
            return record
    raise Impossible(f"there is no {what} {reference!r} in this workspace")
