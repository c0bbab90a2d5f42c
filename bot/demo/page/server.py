"""Serves the page on loopback, to whoever has the token of its address: one WebSocket for each window."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from aiohttp import WSMsgType, web

from bot.demo.page.deeds import Said, do
from bot.demo.page.window import Window
from bot.demo.workspace.workspace import Workspace

KINDS = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
LOOPBACK = ("127.0.0.1", "localhost")
MOST_SAID = 64 * 1024 * 1024
"""Bytes of what a window may say at once: files are in it."""

Wait = Callable[[float], Awaitable[None]]


@dataclass
class Demo:
    """What the page shows beside the workspace: `wait` lets hours pass, `set_host` starts or stops a lab host."""

    workspace: Workspace
    commands: list[dict[str, str]]
    escapes: frozenset[str]
    message_shortcuts: dict[str, str]
    shortcuts: dict[str, str]
    hosts: list[dict[str, str]]
    wait: Wait
    set_host: Callable[[str, bool], None]
    now: Callable[[], str]
    steps: Mapping[str, float] = field(
        default_factory=lambda: {"10 minutes": 1 / 6, "1 hour": 1.0, "1 day": 24.0, "3 days": 72.0}
    )


class Page:
    """The handlers. The token is in the address that is printed; without it nothing is shown and nothing is done."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.token = demo, secrets.token_urlsafe(16)
        self._waiting = asyncio.Lock()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded])
        app.router.add_get("/", self._page)
        app.router.add_get("/socket", self._socket)
        for name in KINDS.keys() - {"page.html"}:
            app.router.add_get(f"/{name}", _asset)
        return app

    @web.middleware
    async def _guarded(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Only from this machine and only to names of loopback: no other page may have a browser ask in its place."""
        host = (request.headers.get("Host") or "").rpartition(":")[0]
        origin = request.headers.get("Origin")
        if host not in LOOPBACK or origin not in {None, f"http://{request.headers['Host']}"}:
            raise web.HTTPForbidden(text="This page is for this machine alone.")
        return await handler(request)

    def _admit(self, request: web.Request) -> None:
        if not secrets.compare_digest(request.query.get("token", "").encode(), self.token.encode()):
            raise web.HTTPForbidden(text="Open the address that `portero demo --web` printed: its token is missing.")

    async def _page(self, request: web.Request) -> web.Response:
        self._admit(request)
        return _file("page.html")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self._admit(request)
        socket = web.WebSocketResponse(max_msg_size=MOST_SAID)
        await socket.prepare(request)
        window = Window(self.demo.workspace, self.demo.message_shortcuts, self.demo.escapes)
        view = Shown(socket, window, self.demo)
        await view.begin()
        showing = asyncio.ensure_future(view.keep())
        doing: set[asyncio.Task[None]] = set()
        try:
            async for said in socket:
                if said.type is WSMsgType.TEXT:
                    task = asyncio.ensure_future(self._heard(view, said.data))
                    doing.add(task)
                    task.add_done_callback(doing.discard)
        finally:
            for task in (showing, *doing):
                task.cancel()
            await asyncio.gather(showing, *doing, return_exceptions=True)
        return socket

    async def _heard(self, view: "Shown", text: str) -> None:
        try:
            await self._do(view, json.loads(text))
        except (LookupError, TypeError, ValueError) as error:  # only the page's own script sends here
            await view.say(f"The page sent what is not understood: {type(error).__name__}.")

    async def _do(self, view: "Shown", said: Said) -> None:
        match said.get("do"):
            case "wait":
                await self._wait(view, float(said["hours"]))
            case "host":
                self.demo.set_host(str(said["name"]), bool(said["up"]))
            case _:
                if words := await do(view.window, said):
                    await view.say(words)
                await view.show()

    async def _wait(self, view: "Shown", hours: float) -> None:
        async with self._waiting:  # who clicks twice lets both pass, one after the other
            await self.demo.wait(min(max(hours, 0.0), max(self.demo.steps.values())))
        await view.show()


class Shown:
    """What one browser has been sent, so that only what is new is sent."""

    def __init__(self, socket: web.WebSocketResponse, window: Window, demo: Demo) -> None:
        self.window, self._socket, self._demo = window, socket, demo
        self._sent: dict[str, dict[str, str]] = {}
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        people = [user.name for user in self.window.workspace.users.values() if not user.is_bot]
        known = {"commands": self._demo.commands, "shortcuts": self._demo.shortcuts, "people": people}
        await self._send("setup", **known, steps=dict(self._demo.steps), hosts=self._demo.hosts)
        await self.show()

    async def keep(self) -> None:
        """Show what changes, for ever."""
        while True:
            change = self.window.workspace.state.next_change()
            await self.show()
            await change.wait()

    async def show(self) -> None:
        async with self._lock:
            await self._send("title", words=self.window.title(), now=self._demo.now(), who=self.window.who)
            for at, parts in self.window.regions().items():
                known = self._sent.get(at)
                new = {part.key: part.html for part in parts}
                if known != new:
                    self._sent[at] = new
                    changed = {key: html for key, html in new.items() if (known or {}).get(key) != html}
                    await self._send("region", at=at, parts=changed, order=list(new))

    async def say(self, words: str) -> None:
        await self._send("say", words=words)

    async def _send(self, what: str, **more: Any) -> None:
        if not self._socket.closed:
            await self._socket.send_json({"show": what, **more})


async def _asset(request: web.Request) -> web.Response:
    return _file(request.path.strip("/"))


def _file(name: str) -> web.Response:
    text = files("bot.demo.page").joinpath(name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=KINDS[name], headers=HEADERS)


@asynccontextmanager
async def serving(demo: Demo, port: int = 0) -> AsyncIterator[str]:
    """The page's address, with its token; 0 is any free port."""
    page = Page(demo)
    runner = web.AppRunner(page.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/?token={page.token}"
    finally:
        await runner.cleanup()
