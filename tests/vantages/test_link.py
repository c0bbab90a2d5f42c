"""A connection that cannot be made at first is made as soon as it can be."""

import asyncio
import ssl

import pytest

from bot.vantages import link as links
from bot.vantages.credentials import Credentials
from bot.vantages.keys import new_seed
from bot.vantages.link import Once, connect
from bot.vantages.managed import Place, binary, running
from tests.vantages.brokers import free_port, now


@pytest.fixture
def place(tmp_path):
    return prepared(tmp_path / "nats", free_port())


def prepared(folder, port):
    made = Place(folder, ("127.0.0.1", port))
    made.prepare(now())
    made.write([])
    return made


async def test_a_try_that_is_given_up_ends_although_the_library_takes_that_for_a_failure(place, monkeypatch):
    trying = asyncio.Event()

    async def fails(_client, **_options):
        trying.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError from None

    monkeypatch.setattr(links.SecureClient, "connect", fails)
    task = asyncio.ensure_future(connect(place.bot()))
    await trying.wait()
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled()


class Trying:
    """Somebody who tries to connect; `failed` has what came of each try that came to nothing."""

    def __init__(self, place):
        self.failed = asyncio.Queue()
        self.task = asyncio.ensure_future(connect(place.bot(), failed=self.failed.put_nowait))

    async def until(self, error):
        while not isinstance(await self.failed.get(), error):
            pass

    async def up(self):
        link = await asyncio.wait_for(self.task, 30)
        is_up = link.is_up
        await link.close()
        return is_up


async def test_whoever_met_the_server_of_another_database_first_connects_to_the_right_one_later(place, tmp_path):
    trying = Trying(place)
    async with running(prepared(tmp_path / "other", place.listen[1]), binary()):
        await trying.until(ssl.SSLCertVerificationError)
        await trying.until(ssl.SSLCertVerificationError)
    async with running(place, binary()):
        assert await trying.up()


async def test_a_server_that_says_nothing_is_tried_again(place, monkeypatch):
    monkeypatch.setattr(links, "CONNECT_SECONDS", 0.05)
    accepted = asyncio.Queue()
    silent = await asyncio.start_server(lambda *ends: accepted.put_nowait(ends), *place.listen)
    trying = Trying(place)
    for _ in range(3):
        (await accepted.get())[1].close()
    silent.close()
    monkeypatch.undo()
    async with running(place, binary()):
        assert await trying.up()


async def test_whoever_stops_trying_leaves_nothing_behind(place):
    trying = Trying(place)
    await trying.until(OSError)
    trying.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trying.task


ODD_REPLIES = (b"a\x0bb", b"a\x0b7", b"\x0c9", b"a\x1cb", b"\xff\xfe", b"a\xc2\xa0b", b"x" * 3_900)


async def test_no_reply_that_somebody_writes_ends_the_connection():
    """Where bot and machines are in one account the server hands it on as it is."""

    async def serve(reader, writer):
        writer.write(b'INFO {"headers": true, "max_payload": 1000}\r\n')
        while line := await reader.readline():
            if line == b"PING\r\n":
                writer.write(b"PONG\r\n")
            if line.startswith(b"PUB"):
                inbox = line.split()[2]
                writer.writelines(b"MSG %b 1 %b 2\r\n{}\r\n" % (inbox, one) for one in ODD_REPLIES)
                writer.writelines(b"HMSG %b 1 %b 8 10\r\nNATS/1.0{}\r\n" % (inbox, one) for one in ODD_REPLIES)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    link = await asyncio.wait_for(connect(Credentials(f"nats://{host}:{port}", "", "T1", "bot", new_seed())), 30)
    async with link.exchange("portero.T1.fra-1.hello", b"") as exchange:
        assert [await exchange.answer(10) for _ in ODD_REPLIES * 2] == [b"{}"] * 2 * len(ODD_REPLIES)
    await link.close()
    server.close()


def test_of_what_keeps_it_from_connecting_each_is_told_once_and_that_it_goes_on_trying(caplog):
    told = Once()
    for problem in ("refused", "refused", "timed out"):
        told(problem)
    assert caplog.messages == [f"no connection to NATS, trying again: {why}" for why in ("refused", "timed out")]
