"""The strict local Slack: one team, one installed app, on a loopback port of its own.

Everything that a bot needs of Slack is here, and refuses what Slack refuses. Tests and the demo look at it from the
outside through `Workspace`.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.workspace import files, responses, sockets, webapi
from bot.workspace.actions import Actions
from bot.workspace.clock import Clock
from bot.workspace.delivery import HttpDelivery
from bot.workspace.faults import Fault
from bot.workspace.model import Call, Channel, FileUpload, Message, StoredFile, User, View
from bot.workspace.payloads import STATE
from bot.workspace.sockets import HUB, Sockets
from bot.workspace.state import State

T = TypeVar("T")
UPLOAD_BYTES = 64 * 1024 * 1024


class Workspace(Actions):
    """A running workspace: `async with Workspace() as ws`.

    At first there are the users ana (an admin), bruno and greta (a guest), and the channels #mailops and #general
    (public; the bot is only in #mailops), #delivery (private, with the bot) and #board (private, without it).
    `scopes` limits what the app was granted (None: everything but chat:write.public), `start` sets the clock.
    """

    def __init__(
        self,
        *,
        request_url: str = "",
        scopes: Collection[str] | None = None,
        start: float | None = None,
        ack_seconds: float = 3.0,
    ) -> None:
        self.clock = Clock(start)
        state = State(self.clock, scopes=None if scopes is None else frozenset(scopes))
        http = HttpDelivery(self.clock, state.signing_secret, ack_seconds)
        super().__init__(state, Sockets(state, self.clock, ack_seconds), http)
        self.http.url = request_url
        self._runner: web.AppRunner | None = None
        ana = self.add_user("ana", real_name="Ana Ruiz", is_admin=True, locale="es-ES")
        bruno, greta = self.add_user("bruno"), self.add_user("greta", is_restricted=True)
        self.add_channel("mailops", [ana, bruno, greta])
        self.add_channel("general", [ana, bruno], bot=False)
        self.add_channel("delivery", [ana, bruno], kind="private")
        self.add_channel("board", [ana], kind="private", bot=False)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_BYTES)
        app[STATE], app[HUB] = self.state, self.sockets
        app.router.add_route("*", "/api/{method}", webapi.handle)
        app.router.add_get("/link/", sockets.link)
        app.router.add_post("/{family:commands|actions|app}/{team}/{number}/{key}", responses.handle)
        app.router.add_post("/upload/v1/{id}", files.upload)
        app.router.add_get("/files-pri/{team}-{id}/download/{name}", files.download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.state.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sockets.drop()
        await self.http.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base address for a client; it ends in /api/."""
        return f"{self.state.origin}/api/"

    @property
    def bot_token(self) -> str:
        return self.state.bot_token

    @property
    def app_token(self) -> str:
        return self.state.app_token

    @property
    def signing_secret(self) -> str:
        return self.state.signing_secret

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

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return len(self.sockets.open)

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.log if call.method == method]

    def user(self, who: str) -> User:
        return self.state.user(who)

    def channel(self, where: str) -> Channel:
        return self.state.channel(where)

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

    def add_group(self, members: Iterable[User | str]) -> str:
        """A user group; its id."""
        group = self.state.new_id("S")
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

    def view_of(self, user: User | str) -> View | None:
        """The modal on top for this user."""
        stack = self.state.stacks.get(self.state.user(user).id)
        return stack[-1] if stack else None

    def home_of(self, user: User | str) -> View | None:
        return self.state.homes.get(self.state.user(user).id)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """The first true value of `predicate`, asked again whenever something changes; no polling."""
        return await self.state.wait_for(predicate, timeout)

    def rate_limit(self, method: str, times: int = 1, retry_after: int = 1) -> None:
        """The next calls of a method (`response_url` is one) are answered 429 with Retry-After."""
        self.state.faults.add(method, Fault("ratelimited", 429, retry_after), times)

    def fail(self, method: str, error: str, times: int = 1, *, status: int = 200) -> None:
        """The next calls of a method are answered with this error."""
        self.state.faults.add(method, Fault(error, status), times)

    def hold(self, method: str) -> asyncio.Event:
        """Calls of a method are not answered before the returned event is set."""
        return self.state.faults.hold(method)
