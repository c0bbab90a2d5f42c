import asyncio
import contextlib
import re

import aiosmtplib
import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST, Stage
from bot.demo.lab.quirks import QUIRKS, UNSCRIPTED
from tests.lab.clients import TIMEOUT, everything, first
from tests.lab.staging import STAGE, client_of, playing, upgrade

LISTED = {"G": 34, "E": 21, "T": 20, "M": 6, "Q": 5}
IN_FULL = [q.id for q in QUIRKS.values() if q.port != 465 and q.expect in {"ok", "ok_slow"} and q.target == HOST]
ENDS = {
    "G07": (b"", "silence"),
    "G08": (b"", "closed"),
    "G09": (b"", "reset"),
    "G12": (b"220 mail.example.com ESMTP\r", "silence"),
    "G13": (b"Welcome to mail\r\n", "closed"),
    "G14": (b"SSH-2.0-OpenSSH_9.2\r\n", "closed"),
    "G19": (b"421 4.7.0 mail.example.com Error: too many connections from 192.0.2.10\r\n", "closed"),
    "G30": (b"220-a\r\n421 b\r\n", "closed"),
    "G32": (b"220-mail.example.com\r\n550 5.7.1 go away\r\n", "closed"),
    "M01": (b"", "silence"),
    "M06": (b"", "closed"),
}


def test_every_quirk_of_the_list_is_there():
    wanted = {f"{letter}{n:02}" for letter, last in LISTED.items() for n in range(1, last + 1)}
    assert wanted - {re.sub(r"[a-z]$", "", quirk) for quirk in QUIRKS} == set()
    assert not UNSCRIPTED.keys() & QUIRKS.keys()


def test_every_quirk_says_what_a_truthful_probe_answers():
    for quirk in QUIRKS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", quirk.expect), quirk.id
        assert quirk.summary


async def test_every_quirk_outlives_a_client_that_talks_and_leaves():
    await asyncio.gather(*(talk_and_leave(quirk) for quirk in QUIRKS))


async def talk_and_leave(quirk):
    async with playing(quirk) as peer:
        with contextlib.suppress(ConnectionError):
            await everything(peer.address, b"EHLO probe.example\r\nSTARTTLS\r\nQUIT\r\n", limit=0.1)
        assert peer.connections == 1, quirk


@pytest.mark.parametrize("quirk", IN_FULL)
async def test_a_harmless_quirk_lets_a_real_client_through_to_its_quit(quirk):
    async with playing(quirk) as peer:
        client = await upgrade(peer)
        await client.ehlo()
        with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError):
            await client.quit(timeout=0.2)
        client.close()
        assert peer.lines == [b"EHLO probe.example", b"STARTTLS", b"EHLO probe.example", b"QUIT"]


@pytest.mark.parametrize(("quirk", "expected"), ENDS.items(), ids=ENDS.keys())
async def test_a_silent_client_gets_exactly_these_bytes_and_this_end(quirk, expected):
    async with playing(quirk) as peer:
        limit = 0.1 if expected[1] == "silence" else TIMEOUT
        assert await everything(peer.address, limit=limit) == expected


@pytest.mark.parametrize("quirk", ["G27", "G28"])
async def test_floods_are_longer_than_any_sane_limit(quirk):
    async with playing(quirk) as peer:
        assert len(await first(peer.address, 2**19)) == 2**19


async def test_hostile_bytes_are_sent_unchanged():
    async with playing("G26") as peer:
        got, _ = await everything(peer.address, b"QUIT\r\n", limit=0.2)
    assert got.startswith(b"220 x <!channel> <@U123> *b* `code` <https://evil.example|login> \x1b[31m\x00\r\n")


async def test_a_client_that_speaks_before_the_greeting_is_sent_away():
    async with Peer(*QUIRKS["E09"].scripts(Stage(pace=0.1))) as peer:
        got, end = await everything(peer.address, b"EHLO early\r\n")
    assert (got, end) == (b"554 SMTP synchronization error\r\n", "closed")


@pytest.mark.parametrize(("quirk", "offered"), [("E14", False), ("E15a", False), ("E02", True), ("E05", True)])
async def test_masked_extensions_are_not_offered_and_untidy_ones_are(quirk, offered):
    async with playing(quirk) as peer:
        client = await client_of(peer)
        await client.ehlo()
        assert client.supports_extension("starttls") is offered
        await client.quit()


async def test_one_at_a_time_answers_421_to_a_second_connection():
    async with Peer(*QUIRKS["G07"].scripts(STAGE), one_at_a_time=True) as peer:
        got = await asyncio.gather(*(everything(peer.address, limit=0.1) for _ in range(2)))
        assert {greeting[:3] for greeting, _ in got} == {b"", b"421"}
        assert peer.most_at_once == 2
