"""Socket Mode: single-use tickets, `hello`, envelopes to one socket each, acks, `disconnect`.

At most 10 sockets; each envelope goes to any one of them, never to two (docs.slack.dev,
apis/events-api/using-socket-mode).
"""

import asyncio
import itertools
import json
import secrets
import time
import uuid

from aiohttp import WSCloseCode, WSMsgType, web

from bot.demo.workspace.delivery import Answer, within
from bot.demo.workspace.model import Payload
from bot.demo.workspace.state import State

MOST_SOCKETS = 10
TICKET_SECONDS = 30.0
HUB: web.AppKey["Sockets"] = web.AppKey("sockets")


def connections_open(state: State, _args: Payload) -> Payload:
    """apps.connections.open: an address with a ticket that lets one socket in."""
    ticket = secrets.token_urlsafe(16)
    state.tickets[ticket] = state.clock.now()
    return {"url": f"{state.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={state.app_id}"}


class Sockets:
    """The open sockets of the app. `strays` are acks that came too late or belong to nothing, `refused` counts 503s."""

    def __init__(self, state: State, ack_seconds: float) -> None:
        self.open: list[web.WebSocketResponse] = []
        self.strays: list[Payload] = []
        self.refused = 0
        self._retired: list[web.WebSocketResponse] = []
        self._state, self._clock, self._ack_seconds = state, state.clock, ack_seconds
        self._waiting: dict[str, asyncio.Future[Payload]] = {}
        self._turn = itertools.count()
        self._refusals = 0

    def refuse(self, times: int) -> None:
        """The next upgrades are answered 503; their tickets are spent all the same."""
        self._refusals += times

    async def deliver(self, kind: str, payload: Payload, attempt: int = 0, reason: str = "") -> Answer:
        """Sends one envelope to one socket and waits for its ack: `dispatch_failed` when no socket is open."""
        live = [socket for socket in self.open if not socket.closed]
        if not live:
            return Answer("dispatch_failed")
        envelope: Payload = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": accepts_payload(kind, payload),
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return await self._exchange(live[next(self._turn) % len(live)], envelope)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every client to connect anew. The old sockets get no more envelopes and stay until the client leaves."""
        leaving, self.open = self.open, []
        self._retired += leaving
        for socket in leaving:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})

    async def say(self, text: str) -> None:
        """Sends every socket a message as it is, whatever that may be."""
        for socket in self.open:
            await socket.send_str(text)

    async def drop(self) -> None:
        """Closes every socket without a word."""
        leaving, self.open, self._retired = [*self.open, *self._retired], [], []
        for socket in leaving:
            await socket.close(code=WSCloseCode.GOING_AWAY, drain=False)
        self._state.changed()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The upgrade and the life of one socket."""
        issued = self._state.tickets.pop(request.query.get("ticket", ""), None)
        if self._refuses(issued):
            self.refused += 1
            self._state.changed()
            return web.Response(status=503, text="no such ticket")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.open.append(socket)
        await socket.send_json(self._hello())
        self._state.changed()
        await self._listen(socket)
        return socket

    def _refuses(self, issued: float | None) -> bool:
        on_demand, self._refusals = self._refusals > 0, max(self._refusals - 1, 0)
        return on_demand or issued is None or self._clock.now() - issued > TICKET_SECONDS

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(message.data)
        finally:
            for sockets in (self.open, self._retired):
                if socket in sockets:
                    sockets.remove(socket)
            self._state.changed()

    async def _exchange(self, socket: web.WebSocketResponse, envelope: Payload) -> Answer:
        ack: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = ack
        begun = time.perf_counter()
        try:
            await socket.send_json(envelope)
            answer = await within(self._clock, self._ack_seconds, ack)
        except ConnectionError:
            return Answer("dispatch_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]
        if answer is None:
            return Answer("operation_timeout")
        payload = answer.get("payload") if envelope["accepts_response_payload"] else None
        return Answer(payload=payload or {}, seconds=time.perf_counter() - begun)

    def _acked(self, data: str) -> None:
        """An ack may come through another socket than the envelope's: the client may just have reconnected."""
        answer = json.loads(data)
        ack = self._waiting.get(answer.get("envelope_id", ""))
        if ack is None or ack.done():
            self.strays.append(answer)
        else:
            ack.set_result(answer)
        self._state.changed()

    def _hello(self) -> Payload:
        debug = {"host": "local", "approximate_connection_time": 18060}
        info = {"app_id": self._state.app_id}
        return {"type": "hello", "num_connections": len(self.open), "connection_info": info, "debug_info": debug}


def accepts_payload(kind: str, payload: Payload) -> bool:
    """Whether Slack reads what comes with the ack: for commands, submitted modals and option lists."""
    return kind == "slash_commands" or payload.get("type") in {"view_submission", "block_suggestion"}


async def link(request: web.Request) -> web.StreamResponse:
    return await request.app[HUB].handle(request)
