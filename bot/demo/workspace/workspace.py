"""The strict local Slack: one team, one installed app, on a loopback port of its own.

Everything that a bot needs of Slack is here, and refuses what Slack refuses. Tests and the demo look at it from the
outside through `Workspace`.
"""

import asyncio
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.demo.workspace import files, responses, sockets, webapi
from bot.demo.workspace.actions import Actions
from bot.demo.workspace.clock import Clock
from bot.demo.workspace.delivery import HttpDelivery
from bot.demo.workspace.faults import Fault
from bot.demo.workspace.oddities import Raw
from bot.demo.workspace.payloads import STATE
from bot.demo.workspace.sockets import HUB, Sockets
from bot.demo.workspace.state import State
from bot.demo.workspace.writing import Writing

T = TypeVar("T")
UPLOAD_BYTES = 64 * 1024 * 1024


class Workspace(Actions, Writing):
    """A running workspace: `async with Workspace() as ws`.

    At first there are the users ana (an admin), bruno and greta (a guest), and the channels #mailops and #general
    (public; the bot is only in #mailops), #delivery (private, with the bot) and #board (private, without it).
    `scopes` limits what the app was granted (None: everything but chat:write.public), `start` sets the clock,
    `unknown_blocks` and `unknown_methods` have not been rolled out to this workspace.
    """

    def __init__(
        self,
        *,
        request_url: str = "",
        scopes: Collection[str] | None = None,
        unknown_blocks: Collection[str] = (),
        unknown_methods: Collection[str] = (),
        start: float | None = None,
        ack_seconds: float = 3.0,
    ) -> None:
        self.clock = Clock(start)
        state = State(self.clock, scopes=None if scopes is None else frozenset(scopes))
        http = HttpDelivery(self.clock, state.signing_secret, ack_seconds)
        state.unknown_blocks = frozenset(unknown_blocks)
        state.unknown_methods = frozenset(unknown_methods)
        super().__init__(state, Sockets(state, ack_seconds), http)
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
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return len(self.sockets.open)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """The first true value of `predicate`, asked again whenever something changes; no polling."""
        return await self.state.wait_for(predicate, timeout)

    def rate_limit(self, method: str, times: int = 1, retry_after: int | str | None = 1) -> None:
        """The next calls of a method (`response_url` is one) are answered 429; None leaves Retry-After out."""
        self.state.faults.add(method, Fault("ratelimited", 429, retry_after), times)

    def keep_rates(self) -> None:
        """From here on who posts or edits faster than Slack's pages allow is answered 429 (`rates`)."""
        self.state.rates.kept = True

    def fail(self, method: str, error: str, times: int = 1, *, status: int = 200) -> None:
        """The next calls of a method are answered with this error."""
        self.state.faults.add(method, Fault(error, status), times)

    def redirect(self, method: str, location: str, times: int = 1, *, status: int = 307) -> None:
        """The next calls of a method are redirected, `upload` and `download` of files, too."""
        self.state.faults.add(method, Fault("redirected", status, location=location), times)

    def answer_oddly(self, method: str, raw: Raw, times: int = 1) -> None:
        """The next calls of a method get an answer that is none of Slack's, or lose their connection."""
        self.state.faults.add(method, raw, times)

    def hold(self, method: str) -> asyncio.Event:
        """Calls of a method are not answered before the returned event is set."""
        return self.state.faults.hold(method)

    def revoke(self, error: str = "token_revoked") -> None:
        """From here on the bot's token is refused with this error; an empty one takes it again."""
        self.state.revoked = error

    async def refresh(self) -> None:
        """Asks every socket to connect anew, as Slack does every few hours."""
        await self.sockets.refresh()

    async def drop_sockets(self) -> None:
        """Cuts every socket without a word."""
        await self.sockets.drop()

    def refuse_upgrades(self, times: int = 1) -> None:
        """The next WebSocket upgrades are answered 503; their tickets are spent."""
        self.sockets.refuse(times)
