"""The connection and the tap on it, on real sockets."""

import asyncio
import errno
import gc
import socket
import struct
import time
from contextlib import asynccontextmanager

import pytest

from bot.demo.lab.peer import FilteredPort, Peer, RefusedPort
from bot.demo.lab.steps import Close, Flood, Hang, Read, Reset, Send
from commands.smtpcheck.wire.connection import CONNECT_OUTCOMES, direct, open_socket, through
from commands.smtpcheck.wire.recorder import SESSION_LIMIT, Recorder


@asynccontextmanager
async def tapped(*steps):
    """A tap on a connection to a peer that plays these steps: the tap, a reader, a writer, the peer."""
    async with Peer(steps) as peer:
        outcome, real = await open_socket(*peer.address, 2.0)
        assert outcome == "connected"
        began = time.perf_counter()
        tap = Recorder(lambda: (time.perf_counter() - began) * 1000)
        reader, writer = await asyncio.open_connection(sock=await tap.splice(real))
        try:
            yield tap, reader, writer, peer
        finally:
            writer.close()
            tap.close()
            await asyncio.sleep(0)


def said(tap, sender="server"):
    return b"".join(chunk.data for chunk in tap.chunks if chunk.sender == sender)


async def test_every_byte_of_both_sides_is_noted_in_order_with_its_time():
    async with tapped(Send(b"220 a\r\n"), Read(), Send(b"250 b\r\n"), Close()) as (tap, reader, writer, peer):
        assert await reader.readline() == b"220 a\r\n"
        writer.write(b"EHLO x\r\n")
        assert await reader.read() == b"250 b\r\n"
        assert [(chunk.sender, chunk.data) for chunk in tap.chunks] == [
            ("server", b"220 a\r\n"), ("client", b"EHLO x\r\n"), ("server", b"250 b\r\n"),
        ]  # fmt: skip
        times = [chunk.at_ms for chunk in tap.chunks]
        assert times == sorted(times)
        assert peer.lines == [b"EHLO x"]


@pytest.mark.parametrize(("end", "ended"), [(Close(), "fin"), (Reset(), "reset")])
async def test_an_end_and_a_reset_are_told_apart(end, ended):
    async with tapped(end) as (tap, reader, _, _peer):
        assert await reader.read() == b""
        assert tap.ended == ended


async def test_a_reset_that_a_send_meets_first_is_still_a_reset():
    left, right = socket.socketpair()
    server = socket.create_server(("127.0.0.1", 0))
    real = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    tap = Recorder(lambda: 0.0)
    real.setblocking(False)
    client = await tap.splice(real)
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    accepted.close()
    client.send(b"EHLO x\r\n")
    tap._client._readable()  # the client's bytes are passed on before the loop has seen the reset
    tap._server._readable()
    assert tap.ended == "reset"
    tap.close()
    for held in (left, right, server, client):
        held.close()


async def test_what_came_before_the_end_still_reaches_the_client():
    async with tapped(Send(b"554 no\r\n" * 500), Close()) as (tap, reader, _, _peer):
        assert len(await reader.read()) == 4000
        assert tap.ended == "fin"


async def test_a_flood_is_cut_off_and_its_memory_is_bounded():
    async with tapped(Flood(b"A" * 4096)) as (tap, reader, _, _peer):
        await reader.read()
        assert tap.flooded
        assert len(said(tap)) <= SESSION_LIMIT + 64 * 1024


async def test_a_client_that_does_not_read_loses_nothing():
    data = bytes(range(256)) * 1500
    async with tapped(Send(data), Close()) as (tap, reader, _, _peer):
        await tap._news.wait()
        assert await reader.read() == data


async def test_bytes_can_be_said_after_the_client_has_left_and_the_answer_is_waited_for():
    async with tapped(Send(b"554 no\r\n"), Read(), Send(b"221 bye\r\n"), Close()) as (tap, reader, writer, peer):
        await reader.readline()
        writer.close()
        await tap.say(b"QUIT\r\n")
        assert said(tap) == b"554 no\r\n221 bye\r\n"
        assert peer.lines == [b"QUIT"]


async def test_nothing_is_said_to_a_server_that_is_gone():
    async with tapped(Close()) as (tap, reader, _, _peer):
        await reader.read()
        await tap.say(b"QUIT\r\n")
        assert said(tap, "client") == b""


async def test_every_socket_is_closed_whoever_ends_the_connection():
    for steps in [(Close(),), (Reset(),), (Hang(),), (Send(b"220 a\r\n"), Hang())]:
        async with tapped(*steps) as (tap, _, _, _peer):
            ends = tap._server, tap._client
        assert [end._sock.fileno() for end in ends] == [-1, -1]
    gc.collect()  # warnings are errors: a socket that was left open would raise here


async def test_a_connection_that_is_reset_before_we_look_was_accepted(monkeypatch: pytest.MonkeyPatch):
    loop = asyncio.get_running_loop()
    connect = loop.sock_connect

    async def connect_and_lose(sock, address):
        await connect(sock, address)
        raise ConnectionResetError(errno.ECONNRESET, "what Linux tells once the reset is in")

    monkeypatch.setattr(loop, "sock_connect", connect_and_lose)
    async with Peer((Reset(),)) as peer:
        outcome, sock = await open_socket(*peer.address, 1.0)
        assert outcome == "connected"
        sock.close()


@pytest.mark.parametrize(
    ("number", "chosen", "expected"),
    [
        (errno.EHOSTUNREACH, "", "not_permitted"), (errno.EINVAL, "", "not_permitted"),
        (errno.EACCES, "", "not_permitted"), (errno.ENETUNREACH, "", "no_route"),
        (errno.EHOSTUNREACH, "127.0.0.1", "unreachable"),
    ],
)  # fmt: skip
async def test_a_route_that_forbids_is_ours_where_no_address_to_come_from_was_chosen(
    monkeypatch: pytest.MonkeyPatch, number, chosen, expected
):
    async def fail(sock, _):
        if chosen:
            sock.bind((chosen, 0))
        raise OSError(number, "what Linux tells")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", fail)
    assert await open_socket("198.51.100.1", 25, 1.0) == (expected, None)


async def test_connecting_tells_open_refused_and_silent_ports_apart():
    async with Peer((Hang(),)) as peer, RefusedPort() as refused, FilteredPort() as filtered:
        outcome, sock = await open_socket(*peer.address, 1.0)
        sock.close()
        assert outcome == "connected"
        assert await open_socket(*refused.address, 1.0) == ("refused", None)
        assert await open_socket(*filtered.address, 0.05) == ("no_answer", None)


async def test_a_cancelled_connect_leaves_no_socket_behind():
    async with FilteredPort() as filtered:
        task = asyncio.ensure_future(open_socket(*filtered.address, 5.0))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    gc.collect()


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (errno.ECONNREFUSED, "refused"), (errno.EHOSTUNREACH, "unreachable"), (errno.ENETUNREACH, "no_route"),
        (errno.ETIMEDOUT, "no_answer"), (errno.EPERM, "not_permitted"), (errno.EACCES, "not_permitted"),
    ],
)  # fmt: skip
def test_what_the_system_says_of_a_connect_has_a_name(number, outcome):
    assert CONNECT_OUTCOMES[number] == outcome


def test_a_route_sends_lab_addresses_to_the_lab_and_others_where_they_say():
    route = through({("198.51.100.1", 25): ("127.0.0.1", 4025)})
    assert route("198.51.100.1", 25) == ("127.0.0.1", 4025)
    assert route("198.51.100.2", 25) == direct("198.51.100.2", 25) == ("198.51.100.2", 25)
