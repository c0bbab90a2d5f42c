import asyncio
import ssl

import pytest

from bot.demo.lab.certificates import Authority
from bot.demo.lab.peer import FilteredPort, Peer, RefusedPort
from bot.demo.lab.scripts import READY, dialogue, reply, starttls, well_behaved
from bot.demo.lab.steps import Close, Drip, Expect, Hang, Raw, Read, Reset, Send, StartTls, Wait
from tests.lab.clients import everything

AUTHORITY = Authority()
CONTEXT = AUTHORITY.context("mail.lab.example")


async def test_what_the_client_sends_is_kept_with_its_time():
    async with Peer((Send(b"220 x\r\n"), Wait(0.2), Send(b"221 x\r\n"), Close())) as peer:
        began = asyncio.get_running_loop().time()
        assert await everything(peer.address, b"TOO EARLY\r\n") == (b"220 x\r\n221 x\r\n", "closed")
        (heard,) = peer.sessions[0].heard
    assert heard.data == b"TOO EARLY\r\n"
    assert 0 <= heard.at - began < 0.2
    assert not heard.secure
    assert peer.sessions[0].end == "played"


async def test_a_dialogue_answers_by_verb_in_any_case():
    table = {"EHLO": reply(250, "x", "SIZE 1"), "NOOP": b"250 noop\r\n", "*": b"599 what\r\n"}
    async with Peer(dialogue(table, banner=b"220 x\r\n")) as peer:
        got, end = await everything(peer.address, b"ehlo me\r\nNoop\r\nFOO\r\nQUIT\r\n")
    assert got == b"220 x\r\n250-x\r\n250 SIZE 1\r\n250 noop\r\n599 what\r\n221 2.0.0 Bye\r\n"
    assert end == "closed"


async def test_after_starttls_another_table_answers_and_early_plaintext_is_dropped():
    table = {"EHLO": b"250 clear\r\n", "STARTTLS": starttls(CONTEXT)}
    script = dialogue(table, secure={"EHLO": b"250 secret\r\n"}, banner=b"220 x\r\n")
    async with Peer(script) as peer:
        reader, writer = await asyncio.open_connection(*peer.address)
        writer.write(b"STARTTLS\r\nEHLO injected\r\n")
        assert await reader.readexactly(7 + len(READY)) == b"220 x\r\n" + READY
        client = ssl.create_default_context(cadata=AUTHORITY.pem)
        await writer.start_tls(client, server_hostname="mail.lab.example")
        writer.write(b"EHLO me\r\n")
        assert await reader.readline() == b"250 secret\r\n"
        writer.close()
        await writer.wait_closed()
    assert [heard.secure for heard in peer.sessions[0].heard] == [False, True]


async def test_expect_ends_the_script_at_another_command():
    async with Peer((Expect("EHLO"), Send(b"250 x\r\n"), Hang())) as peer:
        assert await everything(peer.address, b"HELO me\r\n") == (b"", "closed")
    assert peer.sessions[0].end.startswith("OffScriptError")


async def test_drip_sends_piece_by_piece():
    async with Peer((Drip(b"220 x\r\n", 0.02, piece=2), Close())) as peer:
        began = asyncio.get_running_loop().time()
        assert await everything(peer.address) == (b"220 x\r\n", "closed")
    assert asyncio.get_running_loop().time() - began >= 0.08


async def test_reset_and_close_are_told_apart():
    async with Peer((Reset(),), (Close(),)) as peer:
        assert (await everything(peer.address))[1] == "reset"
        assert (await everything(peer.address))[1] == "closed"


async def test_raw_goes_past_tls():
    async with Peer((StartTls(CONTEXT), Raw(b"\x15\x03\x03\x00\x02\x02\x28"), Hang())) as peer:
        reader, writer = await asyncio.open_connection(
            *peer.address, ssl=ssl.create_default_context(cadata=AUTHORITY.pem), server_hostname="mail.lab.example"
        )
        with pytest.raises(ssl.SSLError):
            await reader.read()
        writer.close()


async def test_a_script_that_is_wrong_is_reported_when_the_peer_ends():
    with pytest.raises(AttributeError):
        async with Peer((Read(), "no step")) as peer:
            await everything(peer.address, b"x\r\n", limit=0.05)


async def test_leaving_ends_connections_that_hang():
    async with Peer((Send(b"220 x\r\n"), Hang())) as peer:
        reader, writer = await asyncio.open_connection(*peer.address)
        await reader.readline()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_the_tls_session_of_a_connection_can_be_looked_at():
    async with Peer(well_behaved(context=CONTEXT, implicit=True)) as peer:
        reader, writer = await asyncio.open_connection(
            *peer.address, ssl=ssl.create_default_context(cadata=AUTHORITY.pem), server_hostname="mail.lab.example"
        )
        assert await reader.readline() == b"220 mail.lab.example ESMTP lab\r\n"
        writer.close()
        await writer.wait_closed()
        assert peer.sessions[0].secure.version() == "TLSv1.3"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_refused_and_filtered_ports_on_both_families(host):
    async with RefusedPort(host) as refused, FilteredPort(host) as filtered:
        with pytest.raises(ConnectionRefusedError):
            await everything(refused.address)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await everything(filtered.address)
