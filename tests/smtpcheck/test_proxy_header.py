"""A server that waits for a PROXY header, and servers that only look like it: one further connection decides."""

import json
from dataclasses import dataclass

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_PLAIN
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Close, Expect, Hang, Read, ReadBytes, Reset, Send, StartTls
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.details import details
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
V2 = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"
SMTPD = b"421 4.3.0 mail.example.com Server local error\r\n"
POSTSCREEN = b"421 4.3.2 No system resources\r\n"
BEHIND = dialogue({"EHLO": EHLO_PLAIN, "QUIT": b"221 bye\r\n"}, banner=BANNER)
GREETED = (Expect("PROXY UNKNOWN"), *BEHIND)
GREETED_BEHIND_V2 = (ReadBytes(len(V2)), *BEHIND)
GREETED_INSIDE_TLS = (Expect("PROXY UNKNOWN"), StartTls(STAGE.context), *BEHIND)
UNKNOWING = dialogue({"PROXY": b"502 5.5.2 Error: command not recognized\r\n", "EHLO": EHLO_PLAIN}, banner=BANNER)
GIVING_UP = dialogue({"QUIT": b"221 bye\r\n", "*": b"500 5.5.2 Error: bad syntax\r\n"}, banner=BANNER)


async def check_of(*scripts, port=25, ports=None):
    async with probing() as (_, prober), Peer(*scripts) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, ports or (port,))
        document = to_document(check)
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == document
    return check, peer, document


WAITING = {
    "smtpd": (
        25,
        ((Hang(5), Send(SMTPD), Close()), GREETED_BEHIND_V2),
        "gave up after 5.0 s ('421 4.3.0 mail.example.com",
    ),
    "postscreen": (
        25,
        ((Hang(5), Send(POSTSCREEN), Close()), GREETED_BEHIND_V2),
        "gave up after 5.0 s ('421 4.3.2 No system",
    ),
    "hangs up": (587, ((Hang(3), Close()), GREETED), "closed the connection after 3.0 s"),
    "hangs up on version 1, too": (587, ((Hang(3), Close()), (Read(), Close()), GREETED_BEHIND_V2), "closed the"),
    "resets": (587, ((Hang(3), Reset()), GREETED), "reset the connection after 3.0 s"),
    "says nothing": (25, ((Hang(),), (Hang(),), GREETED), "said nothing for 15.0 s"),
    "says nothing to version 1, either": (25, ((Hang(),), (Hang(),), (Hang(),), GREETED_BEHIND_V2), "said nothing"),
    "hangs up on a ClientHello": (
        465,
        ((ReadBytes(5), Close()), (ReadBytes(5), Close()), GREETED_INSIDE_TLS),
        "closed the connection after",
    ),
}


@pytest.mark.parametrize("name", WAITING)
async def test_a_server_that_greets_only_behind_a_proxy_header_is_named_and_does_not_work(name):
    port, scripts, told = WAITING[name]
    check, peer, document = await check_of(*scripts, port=port)

    (report,) = check.endpoints
    (found,) = report.findings
    assert (check.verdict, report.state, found.code) == ("failed", "proxy_header_expected", "proxy_header_expected")
    assert told in sentence(found.code, found.params)
    assert peer.connections == len(scripts)
    assert peer.sessions[-1].lines[-1] == b"QUIT"
    assert document["experiments"][-1]["purpose"] == ("proxy_v2" if GREETED_BEHIND_V2 in scripts else "proxy_v1")
    assert "waits for a PROXY header" in json.dumps(details(entry_of(document), pressing().actor).blocks)


NOT_WAITING = {
    "slow at first, and knows no PROXY": ((Hang(5), Send(SMTPD), Close()), UNKNOWING),
    "closed at first, and knows no PROXY": ((Hang(3), Close()), UNKNOWING),
    "refuses whoever talks early": ((Hang(3), Close()), (Read(), Send(b"554 SMTP synchronization error\r\n"), Close())),
    "slow at first, and takes the header for commands": ((Hang(5), Send(SMTPD), Close()), GIVING_UP),
    "busy with the header, too": ((Hang(5), Send(POSTSCREEN), Close()),),
    "closes with the header, too": ((Hang(3), Close()), (Read(), Close())),
    "greets behind the header and leaves": ((Hang(3), Close()), (Read(), Send(BANNER), Close())),
}


@pytest.mark.parametrize("name", NOT_WAITING)
async def test_nothing_is_said_of_a_header_where_the_server_did_not_read_it(name):
    check, peer, _ = await check_of(*NOT_WAITING[name])

    (report,) = check.endpoints
    assert peer.connections == 1 + len(check.facts.experiments) <= 3
    assert report.state in {"rate_limited", "temp_refused", "closed_before_greeting"}
    assert "proxy_header_expected" not in {found.code for found in report.findings}


BUSY = {
    "turned away at once": (Send(b"421 4.7.0 too many connections\r\n"), Close()),
    "refused after a while": (Hang(5), Send(b"554 5.7.1 no\r\n"), Close()),
}


@pytest.mark.parametrize("name", BUSY)
async def test_a_server_that_did_not_wait_for_anything_is_not_asked_again(name):
    check, peer, document = await check_of(BUSY[name])

    assert (peer.connections, check.facts.experiments) == (1, ())
    assert "experiments" not in document


async def test_a_server_that_took_our_hello_was_not_waiting_for_a_header():
    check, _, _ = await check_of((StartTls(STAGE.context), Hang()), port=465)

    assert {record.purpose for record in check.facts.experiments} == {"http"}


@dataclass(frozen=True)
class Behind:
    """Goes on for whoever begins with this header, and is silent to anybody else."""

    header: bytes

    async def play(self, wire):
        if await wire.some(len(self.header)) != self.header:
            await Hang().play(wire)


@pytest.mark.parametrize("header", [b"PROXY UNKNOWN\r\n", V2], ids=["version 1", "version 2"])
async def test_four_silent_ports_that_wait_for_a_header_are_told_by_two_experiments(header):
    check, _, _ = await check_of(*([(Behind(header), *BEHIND)] * 12), ports=(25, 465, 587, 2525))

    assert {record.purpose for record in check.facts.experiments} == {"proxy_v1", "proxy_v2"}
    told = sorted(report.findings[0].code for report in check.endpoints)
    assert told == ["proxy_header_expected", *["same_proxy_header"] * 3]


async def test_three_ports_that_give_up_alike_and_wait_for_a_header_are_told_by_two_experiments():
    waits = (Hang(5), Send(SMTPD), Close())
    behind = GREETED_BEHIND_V2
    check, _, _ = await check_of(waits, waits, waits, behind, behind, ports=(25, 587, 2525))

    told = sorted(report.findings[0].code for report in check.endpoints)
    assert told == ["proxy_header_expected", "proxy_header_expected", "same_proxy_header"]


async def test_at_most_two_experiments_are_made_and_never_more_connections_than_the_limit():
    check, peer, _ = await check_of((Hang(3), Close()), ports=(25, 587, 2525, 2526))

    assert [len(check.facts.experiments), peer.connections] == [2, 6]
    check, peer, _ = await check_of((Hang(3), Close()), ports=(25, 587, 2525, 2526, 2587))

    assert [len(check.facts.experiments), peer.connections] == [1, 6]
