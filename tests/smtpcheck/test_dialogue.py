"""One session on a real socket: what is said, in which order, what is kept, and when it ends."""

import asyncio
import gc
import re
import socket
import weakref
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.demo.lab.peer import FilteredPort, Peer, RefusedPort
from bot.demo.lab.quirk import BANNER, HOST
from bot.demo.lab.quirks import QUIRKS
from bot.demo.lab.scripts import dialogue, starttls, well_behaved
from bot.demo.lab.steps import Close, Drip, Hang, Read, Send, Wait
from commands.smtpcheck.wire import recorder
from commands.smtpcheck.wire.connection import Limits
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, HELO, STARTTLS
from tests.smtpcheck.speaking import ADDRESS, EHLO_NAME, STAGE, dialogue_with, judged, spoken

HELLO = f"EHLO {EHLO_NAME}".encode()
SOUND = well_behaved(HOST, context=STAGE.context, auth=("PLAIN", "LOGIN"))
IMPLICIT = well_behaved(HOST, context=STAGE.context, implicit=True, auth=("PLAIN",))
COMMAND = re.compile(rb"[A-Za-z]{4,}(?: [ -~]*)?")
"""Bytes of TLS that happen to end a line are none: their first four are hardly ever letters."""
ALLOWED = (b"EHLO ", b"HELO ", b"STARTTLS", b"QUIT")


async def session(*script, settle=True, **how):
    """The record, and the lines that the peer received until the farewell was over."""
    async with Peer(script) as peer:
        async with spoken(peer, **how) as record:
            pass
        if settle:
            await asyncio.gather(*peer._tasks)
        return record, peer.lines


async def test_starttls_goes_greeting_ehlo_starttls_ehlo_and_quit():
    record, lines = await session(*SOUND)
    assert [(step.name, step.code) for step in record.steps] == [
        (GREETING, 220), (EHLO, 250), (STARTTLS, 220), (EHLO_AFTER_TLS, 250),
    ]  # fmt: skip
    assert lines == [HELLO, b"STARTTLS", HELLO, b"QUIT"]
    assert (record.host, record.address, record.port, record.mode) == (HOST, ADDRESS, 25, "starttls")
    assert record.ended == ""


async def test_implicit_tls_goes_greeting_ehlo_and_quit_inside_tls():
    record, lines = await session(*IMPLICIT, port=465)
    assert [step.name for step in record.steps] == [GREETING, EHLO]
    assert lines == [HELLO, b"QUIT"]
    assert "AUTH PLAIN" in record.step(EHLO).text


@pytest.mark.parametrize(("script", "port"), [(SOUND, 25), (IMPLICIT, 465)])
async def test_the_handshake_is_kept_with_the_chain_as_the_server_sent_it(script, port):
    record, _ = await session(*script, port=port)
    assert record.handshake.version == "TLSv1.3"
    assert record.handshake.cipher.startswith("TLS_")
    assert record.handshake.chain[0][:1] == b"\x30"


async def test_a_sent_intermediate_is_part_of_the_chain():
    leaf = STAGE.authority.issue(HOST, intermediate="sent")
    record, _ = await session(*well_behaved(HOST, context=leaf.context()))
    assert record.handshake.chain == (leaf.der, *leaf.intermediates)


async def test_times_run_forward_and_lie_within_the_session():
    record, _ = await session(Wait(0.05), *SOUND)
    moments = [record.connect_ms] + [moment for step in record.steps for moment in (step.started_ms, step.ended_ms)]
    assert moments == sorted(moments)
    assert 50 <= moments[-1] <= record.elapsed_ms


async def test_a_greeting_in_two_parts_is_waited_for_and_nothing_is_said_in_between():
    async with Peer((Send(b"220-a.example\r\n"), Wait(0.05), Send(b"220 a.example\r\n"), *STAGE.rest())) as peer:
        async with spoken(peer) as record:
            pass
        assert peer.sessions[0].heard[0].at - peer.sessions[0].opened_at >= 0.05
    assert record.step(GREETING).text == "a.example\na.example"


async def test_nothing_but_greetings_starttls_and_quit_is_ever_sent_to_anybody():
    async def lines_to(quirk):
        _, lines = await session(*quirk.scripts(STAGE)[0], port=quirk.port, settle=False)
        return [line for line in lines if COMMAND.fullmatch(line)]

    for lines in await asyncio.gather(*map(lines_to, QUIRKS.values())):
        assert all(line.startswith(ALLOWED) for line in lines)


@pytest.mark.parametrize(
    "script",
    [
        (Send(b"554 5.7.1 blocked\r\n"), Read(), Send(b"221 bye\r\n"), Close()),
        (Send(b"421-busy\r\n421 later\r\n"), Read(), Close()),
        (Send(b"451 later\r\n"), Read(), Hang()),
    ],
)
async def test_a_server_that_refuses_us_in_its_greeting_still_gets_its_quit(script):
    _, lines = await session(*script, settle=False, limits=Limits(quit=0.1))
    assert lines == [b"QUIT"]


async def test_a_server_that_refuses_ehlo_gets_helo_and_quit():
    record, lines = await session(*dialogue({"EHLO": b"502 no\r\n"}, banner=BANNER))
    assert lines == [HELLO, b"HELO " + EHLO_NAME.encode(), b"QUIT"]
    assert record.step(HELO).code == 250


@pytest.mark.parametrize("first", [(Hang(),), (Send(b"220-half\r\n"), Hang())])
async def test_nothing_at_all_is_said_before_a_greeting_is_complete(first):
    record, lines = await session(*first, settle=False, limits=Limits(greeting=0.05, piece=0.05))
    assert record.step(GREETING).error == "timeout"
    assert lines == []


async def test_quit_comes_behind_the_answer_and_is_bounded():
    script = dialogue({"EHLO": b"250 a\r\n", "QUIT": (Hang(),)}, banner=BANNER)
    async with Peer(script) as peer:
        talk = dialogue_with(peer, limits=Limits(quit=0.05))
        record = await talk.run()
        assert record.step(EHLO).code == 250
        assert b"QUIT" not in peer.lines
        began = asyncio.get_running_loop().time()
        await talk.farewell()
        assert asyncio.get_running_loop().time() - began == pytest.approx(0.05)
        assert peer.lines[-1] == b"QUIT"


async def test_the_whole_session_has_a_deadline_and_says_in_which_step_it_ended():
    script = dialogue({"EHLO": (Hang(),)}, banner=BANNER)
    record, _ = await session(*script, settle=False, limits=Limits(check=0.05, quit=0.01))
    assert [(step.name, step.error) for step in record.steps] == [(GREETING, ""), (EHLO, "not_finished")]
    assert record.elapsed_ms < 1000


async def test_a_reply_that_drips_is_followed_until_it_tells_a_tarpit_and_no_longer():
    limits = Limits(greeting=0.05, piece=0.2, reply=5.0, gap=0.04)
    record, _ = await session(Drip(BANNER, 0.06), settle=False, limits=limits)
    assert record.step(GREETING).error == "timeout"
    assert 0.18 < record.step(GREETING).elapsed_ms / 1000 < 1.5


async def test_a_reply_that_comes_in_pieces_may_take_longer_than_the_first_byte():
    pieces = (Send(b"220-a\r\n"), Wait(0.08), Send(b"220 a\r\n"), *STAGE.rest())
    record, _ = await session(*pieces, limits=Limits(greeting=0.05, piece=1.0))
    assert record.step(GREETING).code == 220


async def test_a_port_that_refuses_or_is_silent_has_no_steps():
    async with RefusedPort() as refused, FilteredPort() as filtered:
        for port, outcome in [(refused, "refused"), (filtered, "no_answer")]:
            async with spoken(port, limits=Limits(connect=0.05)) as record:
                assert (record.connect, record.steps, record.chunks, record.last) == (outcome, (), (), None)


async def test_a_cancelled_session_closes_its_socket():
    async with Peer((Hang(),)) as peer:
        talk = dialogue_with(peer)
        running = asyncio.ensure_future(talk.run())
        while not peer.sessions:  # noqa: ASYNC110 - the peer has no event for it
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await talk.farewell()
        await asyncio.gather(*peer._tasks)
        assert peer.sessions[0].ended
    gc.collect()


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize("turns", range(6))
async def test_a_session_that_is_cancelled_early_leaves_no_end_open(turns, mode, monkeypatch):
    """Nor while nobody has taken over the end that the client is to speak over."""
    pair, ends = socket.socketpair, []
    monkeypatch.setattr(recorder.socket, "socketpair", lambda: ends.append(pair()) or ends[-1])
    async with Peer((Hang(),)) as peer:
        talk = dialogue_with(peer, mode=mode)
        running = asyncio.ensure_future(talk.run())
        while not ends:  # noqa: ASYNC110 - the pair has no event for it
            await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await talk.farewell()
        await asyncio.gather(*peer._tasks)
    assert [end.fileno() for end in ends[0]] == [-1, -1]


async def test_a_name_that_tls_cannot_carry_ends_the_step_and_not_the_program():
    record, _ = await session(*SOUND, host="x" * 300 + ".example", settle=False)
    assert record.step(STARTTLS).error in {"local", "tls", "closed"}


async def test_starttls_that_was_not_offered_is_not_tried():
    _, lines = await session(*well_behaved(HOST))
    assert b"STARTTLS" not in lines


async def test_starttls_in_lower_case_is_taken():
    table = {"EHLO": b"250-a\r\n250 starttls\r\n", "STARTTLS": starttls(STAGE.context)}
    record, _ = await session(*dialogue(table, secure={"EHLO": b"250 a\r\n"}, banner=BANNER))
    assert record.handshake is not None


async def test_a_session_that_waits_for_its_place_loses_none_of_its_own_time():
    places = asyncio.Semaphore(1)
    await places.acquire()
    async with Peer(SOUND) as peer:
        talk = dialogue_with(peer, limits=Limits(check=0.3), places=places)
        asyncio.get_running_loop().call_later(0.5, places.release)
        record = await talk.run()
        await talk.farewell()
    assert asyncio.get_running_loop().time() >= 0.5
    assert (record.step(GREETING).code, record.handshake is not None) == (220, True)
    assert record.elapsed_ms < 300
    assert not places.locked()


async def test_a_server_that_has_hung_up_before_we_speak_closed_and_is_not_silent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        places = asyncio.Semaphore(0)
        dialogue = dialogue_with(SimpleNamespace(address=server.getsockname()), port=465, places=places)
        speaking = asyncio.ensure_future(dialogue.run())
        accepted, _ = await asyncio.get_running_loop().sock_accept(server)
        accepted.close()
        places.release()
        record = await speaking
        await dialogue.farewell()

    assert [step.error for step in record.steps] == ["closed"]
    assert judged(record).state == "closed_before_greeting"
    assert judged(replace(record, steps=(record.steps[0]._replace(error="os"),))).state == "closed_before_greeting"


@pytest.mark.parametrize(
    ("script", "port"),
    [(SOUND, 25), (IMPLICIT, 465), (dialogue({"EHLO": b"250 a\r\n"}, banner=BANNER), 25), ((Send(b"554 no\r\n"),), 25)],
)
async def test_a_session_that_is_over_is_gone_without_the_garbage_collector(script, port):
    gc.disable()
    try:
        async with Peer(script) as peer:
            talk = dialogue_with(peer, port=port)
            await talk.run()
            await talk.farewell()
            parts = [weakref.ref(part) for part in (talk, talk._dialogue, talk._dialogue.recorder)]
            del talk
            await asyncio.gather(*peer._tasks)
        assert [part() for part in parts] == [None, None, None]
    finally:
        gc.enable()
