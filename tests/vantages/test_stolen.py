"""What a stolen credentials file is worth: its own errands, and nothing else. Raw lines, at a real server.

fra-1 is the vantage whose file was stolen, mta-03 the one that others check from.
"""

import asyncio
import json
import ssl
from contextlib import suppress

import pytest

from bot.vantages import server
from bot.vantages.errand import Answer, Word
from bot.vantages.keys import new_seed, public_key, signed
from bot.vantages.server import LIMITS
from commands.contract import DeclinedError
from tests.smtpcheck.labs import probing
from tests.vantages.brokers import ask, brokering, remote

LISTEN = (
    ">", "*", "*.*.*.*", "portero.>", "portero.T1.>", "portero.*.*.errand", "portero.T1.*.errand",
    "portero.*.mta-03.errand",
    "portero.T1.mta-03.errand", "portero.T1.mta-03.errand mta-03", "portero.T1.mta-03.errand fra-1",
    "portero.T1.mta-03.hello", "portero.T1.mta-03.cancel", "portero.T1.fra-1.errand", "portero.T1.fra-1.errand other",
    "portero.T1.fra-1.>", "_INBOX.>", "_INBOX.portero.>", "_INBOX.portero.*", "_INBOX.*.*", "$SYS.>", "$SYS.REQ.>",
    "$JS.API.>", "portero.T2.fra-1.errand fra-1",
)  # fmt: skip
SAY = (
    "portero.T1.mta-03.errand", "portero.T1.mta-03.hello", "portero.T1.mta-03.cancel", "portero.T1.fra-1.errand",
    "portero.T1.fra-1.hello", "portero.T2.mta-03.errand", "_INBOX.portero", "_INBOX.portero.x", "_INBOX.x",
    "$SYS.REQ.SERVER.PING",
    "$SYS.REQ.USER.INFO", "$SYS.REQ.ACCOUNT.PING.CONNZ", "$JS.API.INFO", "$JS.API.STREAM.CREATE.x", "portero", "x",
)  # fmt: skip


OPENED: list[asyncio.StreamWriter] = []


@pytest.fixture(autouse=True)
async def nothing_stays_open():
    """From Python 3.13 on a connection that was not closed is a complaint."""
    yield
    while OPENED:
        OPENED.pop().close()


class Thief:
    """A raw connection with a key."""

    def __init__(self, place):
        self._place = place
        self.heard, self.replies = [], []
        self.errors = 0

    async def connect(self, seed="", **more):
        """Log in; False when the server does not take it."""
        host, port = self._place.listen
        self.reader, self.writer = await asyncio.open_connection(host, port)
        OPENED.append(self.writer)
        info = json.loads((await self.reader.readline()).partition(b" ")[2])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await self.writer.start_tls(context)
        said = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True, **more}
        if seed:
            said |= {"nkey": public_key(seed), "sig": signed(seed, info["nonce"]).decode(), **more}
        self.writer.write(b"CONNECT " + json.dumps(said).encode() + b"\r\nPING\r\n")
        return await self.sync()

    async def sync(self):
        """Read until the server has answered all there was; what is a message is kept. False: it hung up."""
        try:
            while (line := await asyncio.wait_for(self.reader.readline(), 10)) != b"PONG\r\n":
                if not line:
                    return False
                self.errors += line.startswith(b"-ERR")
                if line.startswith((b"MSG", b"HMSG")):
                    self.heard.append(line.decode().split()[1])
                    self.replies.append(line.split()[3])
                    await self.reader.readexactly(int(line.split()[-1]) + 2)
        except (OSError, asyncio.IncompleteReadError):
            return False
        return True

    async def say(self, *lines):
        self.writer.write(b"".join(line.encode() + b"\r\n" for line in lines) + b"PING\r\n")
        return await self.sync()


@pytest.fixture
async def broker(tmp_path):
    async with brokering(tmp_path, "mta-03", "fra-1") as made, probing() as (_, prober):
        made.prober = prober
        made.worker = await made.worker("mta-03", prober)
        made.place_asked = remote(await made.link(), "mta-03", prober.store)
        yield made


async def test_it_hears_nothing_of_others_and_says_nothing_to_anybody(broker):
    thief = Thief(broker.place)
    assert await thief.connect(broker.seeds["fra-1"])
    for number, subject in enumerate(LISTEN):
        assert await thief.say(f"SUB {subject} {number}"), subject
    for subject in SAY:
        assert await thief.say(f"PUB {subject} _INBOX.portero.y 2", "{}"), subject
        assert await thief.say(f"PUB {subject} 2", "{}"), subject
    assert thief.errors == len(LISTEN) + 2 * len(SAY)
    check = await ask(broker.place_asked)
    assert await thief.say()
    assert [one.state for one in check.endpoints] == ["open"] * 4
    assert thief.heard == []


async def test_many_connections_with_one_key_leave_room_for_all_others(broker):
    thieves = [Thief(broker.place) for _ in range(20)]
    came = [await thief.connect(broker.seeds["fra-1"]) for thief in thieves]
    assert came == [True] * 8 + [False] * 12
    check = await ask(broker.place_asked, ports=(587,))
    assert [one.state for one in check.endpoints] == ["open"]


SILENT = 300
"""Connections that say nothing, all at once; 1,900 were tried by hand."""


async def test_many_connections_that_say_nothing_keep_nobody_out_and_are_ended(broker):
    assert LIMITS["max_connections"] > 2 * SILENT
    silent = [await asyncio.open_connection(*broker.place.listen) for _ in range(SILENT)]
    check = await ask(remote(await broker.link(), "mta-03", broker.prober.store), ports=(587,))
    assert [one.state for one in check.endpoints] == ["open"]
    assert await Thief(broker.place).connect(broker.seeds["fra-1"])
    await asyncio.gather(*(reader.read() for reader, _ in silent))
    for _, writer in silent:
        writer.close()


async def test_a_key_is_revoked_also_at_a_server_that_began_with_the_limits_of_an_older_version(broker, monkeypatch):
    """It reads no configuration anew whose limits it cannot change while it runs."""
    thief = Thief(broker.place)
    assert await thief.connect(broker.seeds["fra-1"])
    monkeypatch.setitem(server.LIMITS, "logfile_max_num", 3)
    seed = broker.seeds.pop("fra-1")
    broker.write()
    async with asyncio.timeout(20):
        while await thief.say():
            pass
        while True:
            with suppress(OSError):
                assert not await Thief(broker.place).connect(seed)
                break
            await asyncio.sleep(0.1)
        place = remote(await broker.link(), "mta-03", broker.prober.store)
        check = None
        while check is None:  # its worker connects anew, too
            with suppress(DeclinedError):
                check = await ask(place, ports=(587,))
    assert [one.state for one in check.endpoints] == ["open"]


BROKEN = (
    "PUB portero.T1.fra-1.errand 2000000",
    f"SUB {'x' * 5000} 1",
    "CONNECT {}",
    "NONSENSE",
    "PUB x -1",
    "HPUB x 5 2",
)


@pytest.mark.parametrize("line", BROKEN)
async def test_what_breaks_the_protocol_ends_its_own_connection_alone(broker, line):
    thief = Thief(broker.place)
    assert await thief.connect(broker.seeds["fra-1"])
    await thief.say(line)
    check = await ask(broker.place_asked, ports=(587,))
    assert [one.state for one in check.endpoints] == ["open"]


ODD_HEADS = (
    b"NATS/1.0", b"N", b"NATS/1.0 \xff\xff\xff\r\n\r\n", b"NATS/1.0 200 \xff\r\n\r\n", b"NATS/1.0 \xb2\xb3\xb9\r\n\r\n",
    b"NATS/1.0 200 x\r\n\xff: \xff\r\n\r\n", b"NATS/1.0\r\nauthorization: \xff\r\n\r\n",
    b"NATS/1.0\r\n\x00\r\n\r\n", b"\x00" * 60_000,
)  # fmt: skip


async def test_no_head_of_an_answer_ends_the_connection_that_all_others_are_asked_over(broker):
    thief, link = Thief(broker.place), broker.place_asked.link
    assert await thief.connect(broker.seeds["fra-1"])
    assert await thief.say("SUB portero.T1.fra-1.hello 1")
    before = [*broker.told]  # a first try may have come before the server
    for head in ODD_HEADS:
        async with link.exchange("portero.T1.fra-1.hello", b"") as exchange:
            async with asyncio.timeout(10):
                while not thief.replies:
                    assert await thief.say()
            sizes = f" {len(head)} {len(head) + 2}\r\n".encode()
            thief.writer.write(b"HPUB " + thief.replies.pop() + sizes + head + b"{}\r\n")
            assert await exchange.answer(5) == b"{}", head
    assert broker.told == before
    assert [one.state for one in (await ask(broker.place_asked, ports=(587,))).endpoints] == ["open"]


async def test_nobody_comes_in_without_the_key_that_belongs_to_it(broker):
    stolen, other = broker.seeds["fra-1"], broker.seeds["mta-03"]
    tries = (
        {},
        {"seed": new_seed()},
        {"user": "portero", "pass": "portero"},
        {"auth_token": "portero"},
        {"nkey": public_key(other)},
        {"seed": stolen, "nkey": public_key(other)},
        {"seed": stolen, "sig": ""},
        {"seed": stolen, "nkey": public_key(other), "sig": "AAAA"},
    )
    assert [await Thief(broker.place).connect(**one) for one in tries] == [False] * len(tries)


async def test_a_server_without_tls_is_told_nothing(broker):
    """Whoever stands on the way leaves TLS out: no signature is given away."""
    heard, told = [], asyncio.Event()

    async def in_clear(reader, writer):
        writer.write(b'INFO {"nonce": "x", "auth_required": true, "headers": true, "max_payload": 1000}\r\n')
        heard.append(await reader.read(1000))
        told.set()
        writer.close()

    server = await asyncio.start_server(in_clear, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    credentials = broker.place.credentials("T1", "fra-1", broker.seeds["fra-1"], f"{host}:{port}")
    connecting = asyncio.ensure_future(broker.link(credentials))
    await asyncio.wait_for(told.wait(), 10)
    connecting.cancel()
    server.close()
    assert heard[0] == b""


@pytest.mark.parametrize(
    "answered",
    [
        b"", b"nonsense", b"part 00000000 0 1\n{}", b"part 00000000 0 99\n{}", b"heard 00000000\n" + b"[" * 100_000,
        b"part 00000000 0 1\n" + b"x" * 900_000, b'heard 00000000\n{"schema": "portero.record/1"}',
    ],
)  # fmt: skip
async def test_what_is_no_record_is_refused_with_a_sentence(broker, answered):
    link = await broker.link(broker.credentials("fra-1"))

    async def answer(_data, reply):
        await link.publish(reply, answered)

    await link.serve("portero.T1.fra-1.errand", answer, "fra-1")
    await link.flush()
    with pytest.raises(DeclinedError, match="What fra-1 answered was not taken"):
        await ask(remote(await broker.link(), "fra-1", broker.prober.store))


async def test_a_flood_of_answers_ends_the_errand_and_not_the_bot(broker):
    link = await broker.link(broker.credentials("fra-1"))
    flood = Answer("00000000", Word.ALIVE, (), b"x" * 500_000).to_bytes()

    async def answer(_data, reply):
        for _ in range(40):
            await link.publish(reply, flood)

    await link.serve("portero.T1.fra-1.errand", answer, "fra-1")
    await link.flush()
    with pytest.raises(DeclinedError):
        await ask(remote(await broker.link(), "fra-1", broker.prober.store))
    assert [one.state for one in (await ask(broker.place_asked, ports=(587,))).endpoints] == ["open"]
