"""The HTTP side under clients that say nothing, drip, come in crowds or hold much: real sockets, a clock that moves."""

import asyncio
import gc
import socket
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import uvloop

from bot.slack.transports import http_connections
from bot.slack.transports.http_connections import BODY, MOST, SECONDS
from bot.slack.transports.http_server import Server, always
from tests import moving

from .process import PATIENCE

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
PAGES = ("/healthz", "/readyz", "/metrics")


class Client:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, data):
        if not self.writer.is_closing():
            self.writer.write(data)

    async def status(self):
        """The status of the next answer, whose body is read, too."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        await self.reader.readexactly(length)
        return int(head.split()[1])

    async def closed(self):
        """What came until the server closed, and when that was."""
        try:
            rest = await self.reader.read()
        except ConnectionError:
            rest = b""
        return rest, asyncio.get_running_loop().time()

    async def drip(self, data):
        """A byte a second, until the server has enough of it."""
        for byte in data:
            if self.writer.is_closing() or self.reader.at_eof():
                return
            self.send(bytes([byte]))
            await asyncio.sleep(1)


@asynccontextmanager
async def serving(ready=always):
    server, made = Server(None, http_events=True, signing_secret="s", ready=ready), []
    async with server.listening("127.0.0.1", 0) as url:

        async def client(data=b""):
            made.append(Client(*await asyncio.open_connection("127.0.0.1", urlsplit(url).port)))
            made[-1].send(data)
            return made[-1]

        yield server, client
        for one in made:
            one.writer.close()
            await asyncio.gather(one.writer.wait_closed(), return_exceptions=True)
    gc.collect()


def test_the_loop_that_the_bot_runs_on_is_served_as_well():
    async def play():
        server = Server(None, http_events=True, signing_secret="s")
        async with server.listening("127.0.0.1", 0) as url:
            return await asyncio.to_thread(asked, urlsplit(url).port)

    def asked(port):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            client.sendall(HEALTH)
            return client.recv(1024).split()[1]

    assert uvloop.run(play()) == b"200"


def test_who_says_nothing_is_closed_after_fifteen_seconds():
    async def play():
        async with serving() as (server, client):
            rest, at = await (await client()).closed()
            assert (rest, len(server.connections)) == (b"", 0)
            return at

    assert moving.run(play()) == pytest.approx(SECONDS, abs=1)


HALF = {
    "a request line": b"GET /healthz HTTP/1.1 and so on and so on",
    "a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Note: and so on and so on and so on",
    "headers": b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * 20,
    "a body": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 60,
    "a chunked body": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"1\r\nx\r\n" * 20,
    "a body nobody wants": b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 60,
}


@pytest.mark.parametrize("name", HALF)
def test_half_a_request_is_closed_after_fifteen_seconds_although_bytes_drip_in(name):
    head, blank, tail = HALF[name].partition(b"\r\n\r\n")

    async def play():
        async with serving() as (_, client):
            slow = await client(head + blank if tail else b"")
            dripping = asyncio.ensure_future(slow.drip(tail or head))
            rest, at = await slow.closed()
            await dripping
            return rest, at

    rest, at = moving.run(play())
    assert at == pytest.approx(SECONDS, abs=2)
    assert b" 200 " not in rest


@pytest.mark.parametrize("page", PAGES)
def test_a_connection_is_used_again_and_closed_fifteen_seconds_after_its_last_answer(page):
    async def play():
        async with serving() as (_, client):
            kept = await client()
            for _ in range(3):
                kept.send(b"GET " + page.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                assert await kept.status() == 200
                await asyncio.sleep(10)
            return await kept.closed()

    rest, at = moving.run(play())
    assert rest == b""
    assert at == pytest.approx(20 + SECONDS, abs=2)


def test_an_answer_that_takes_long_is_waited_for():
    async def ready():
        await asyncio.sleep(100)
        return True

    async def play():
        async with serving(ready) as (_, client):
            return await (await client(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")).status()

    assert moving.run(play()) == 200


@pytest.mark.parametrize("held", [b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"])
def test_a_crowd_that_says_nothing_or_half_makes_place_for_who_speaks(held):
    async def play():
        async with serving() as (server, client):
            crowd = [await client(held) for _ in range(MOST)]
            await asyncio.sleep(1)
            assert len(server.connections) == MOST
            speaks = [await (await client(HEALTH)).status() for _ in range(3)]
            assert len(server.connections) <= MOST
            first = [await one.closed() for one in crowd[:3]]
            return speaks, [at < SECONDS for _, at in first], crowd[3].reader.at_eof()

    assert moving.run(play()) == ([200] * 3, [True] * 3, False)


def test_when_all_are_served_the_next_is_told_at_once():
    async def play():
        gate = asyncio.Event()
        async with serving(gate.wait) as (_, client):
            served = [await client(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(MOST)]
            await asyncio.sleep(1)
            late = await client(HEALTH)
            status, (_, at) = await late.status(), await late.closed()
            gate.set()
            return status, at < SECONDS, {await one.status() for one in served}

    assert moving.run(play()) == (503, True, {200})


def test_what_is_held_of_half_requests_is_bounded_and_the_oldest_go(monkeypatch):
    monkeypatch.setattr(http_connections, "HELD", 100_000)
    half = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + b"x" * 59_000

    async def play():
        async with serving() as (_, client):
            first = await client(half)
            await asyncio.sleep(1)
            second = await client(half)
            _, at = await first.closed()
            second.send(b"x" * 1000)
            return at < SECONDS, await second.status()

    assert moving.run(play()) == (True, 401)


@pytest.mark.parametrize("page", ["/slack/events", *PAGES])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_more_than_4_mb_is_turned_away(page, chunked):
    line = b"POST" if page == "/slack/events" else b"GET"
    size = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % (BODY + 1)
    head = line + b" " + page.encode() + b" HTTP/1.1\r\nHost: x\r\n" + size + b"\r\n\r\n"
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"

    async def play():
        async with serving() as (_, client):
            large = await client(head)
            for _ in range(65 if chunked else 0):
                large.send(piece)
            return await large.status()

    assert moving.run(play()) == 413


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nBroken\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nSeCrEt\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nX: " + b"SeCrEt" * 5_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_closed_without_a_trace(data, caplog):
    async def play():
        async with serving() as (_, client):
            return await (await client(data)).closed()

    rest, at = moving.run(play())
    assert at <= SECONDS + 1
    assert rest == b"" or b" 400 " in rest
    assert caplog.text == ""
