"""A port that greets some connections and hangs up on others, as behind a load balancer with a server that is down."""

from contextlib import AsyncExitStack

import pytest

from bot.demo.lab.peer import Peer, RefusedPort
from bot.demo.lab.scripts import dialogue, well_behaved
from bot.demo.lab.steps import Close, Hang, Read, Reset, Send, StartTls, Wait
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.details import details
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME, OWN = "mail.lab.example", ("198.51.100.25",)
WELL = well_behaved(NAME, context=STAGE.context, auth=("PLAIN",))
WELL_IN_TLS = well_behaved(NAME, context=STAGE.context, implicit=True, auth=("PLAIN",))
UNKNOWING = dialogue({"*": b"500 5.5.2 Error: command not recognized\r\n"}, banner=b"220 mail.example.com ESMTP\r\n")
IN_CLEAR_TO_TLS = (Send(b"220 mail.example.com ESMTP\r\n"), Hang())


async def check_of(scripts):
    """A check of the ports that these scripts are for, its document, and how many connections each port had."""
    async with AsyncExitStack() as stack:
        _, prober = await stack.enter_async_context(probing())
        peers = {port: await stack.enter_async_context(Peer(*played)) for port, played in scripts.items()}
        prober.route = lambda _address, port: peers[port].address
        check = await checked(prober, NAME, tuple(scripts))
        document = to_document(check)
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == document
    return check, document, {port: peer.connections for port, peer in peers.items()}


def told(report):
    return [sentence(one.code, one.params) for one in report.findings if one.code == "answers_some"]


GREETED_NEXT = {
    "closes": (25, ((Close(),), WELL), "closed, no word"),
    "resets": (25, ((Reset(),), WELL), "reset, no word"),
    "closes on a ClientHello": (465, ((Close(),), WELL_IN_TLS), "closed, no word"),
    "closes inside TLS": (465, ((StartTls(STAGE.context), Close()), WELL_IN_TLS), "closed, no word"),
    "closes late": (587, ((Hang(3), Close()), UNKNOWING, WELL), "closed, no word"),
    "is silent": (587, ((Hang(),), IN_CLEAR_TO_TLS, WELL), "no greeting"),
}


@pytest.mark.parametrize("name", GREETED_NEXT)
async def test_a_port_that_greets_the_next_connection_is_judged_by_that_one(name):
    port, scripts, how = GREETED_NEXT[name]
    check, document, connections = await check_of({port: scripts})

    (report,) = check.endpoints
    (said,) = told(report)
    assert (check.verdict, str(report.state), report.tls_state) == ("degraded", "open", "ok")
    assert f"answered 1 of 2 connections (the first: {how})" in said
    assert connections == {port: len(scripts)}
    assert "turned away" in str(details(entry_of(document), pressing().actor).blocks)


async def test_a_port_that_refuses_the_first_and_greets_the_next_is_judged_by_that_one():
    """As behind a router that forwards connections in turn, one of them to where nobody listens."""
    async with probing() as (_, prober), Peer(WELL) as well, RefusedPort() as nobody:
        places = iter((nobody.address, well.address))
        prober.route = lambda address, _port: next(places, nobody.address) if address in OWN else nobody.address
        check = await checked(prober, NAME, (25,))

    (said,) = told(check.endpoints[0])
    assert (check.verdict, str(check.endpoints[0].state)) == ("degraded", "open")
    assert "answered 1 of 2 connections (the first: refused)" in said


async def test_a_port_that_hangs_up_on_the_next_connection_too_does_not_work():
    check, _, connections = await check_of({25: ((Close(),),)})

    assert (check.verdict, str(check.endpoints[0].state)) == ("failed", "closed_before_greeting")
    assert [record.purpose for record in check.facts.experiments] == ["alone"]
    assert (told(check.endpoints[0]), connections) == ([], {25: 2})


NOT_SEEN = {
    "late": ((Hang(3), Close()), UNKNOWING, (Hang(3), Close())),
    "silent": ((Hang(),), IN_CLEAR_TO_TLS, (Hang(),)),
}


@pytest.mark.parametrize("name", NOT_SEEN)
async def test_a_port_of_which_only_the_greeting_was_seen_is_unknown(name):
    """A balancer that takes its two servers in turn shows the good one to the connection that begins oddly."""
    check, _, _ = await check_of({25: NOT_SEEN[name]})

    (said,) = told(check.endpoints[0])
    assert (check.verdict, check.endpoints[0].health.name) == ("unknown", "UNKNOWN")
    assert "answered 1 of 3 connections" in said


async def test_ports_that_all_hang_up_at_first_are_all_asked_again():
    scripts = {25: ((Close(),), WELL), 465: ((Close(),), WELL_IN_TLS), 587: ((Close(),), WELL)}
    check, _, connections = await check_of(scripts)

    assert [str(report.state) for report in check.endpoints] == ["open"] * 3
    assert [len(told(report)) for report in check.endpoints] == [1, 1, 1]
    assert set(connections.values()) == {2}


async def test_one_that_there_was_no_connection_left_for_is_unknown():
    scripts = {port: ((Close(),), WELL) for port in (25, 587, 2525, 2526)}
    check, _, _ = await check_of(scripts)

    assert sorted(str(report.state) for report in check.endpoints) == ["not_asked_alone"] * 2 + ["open"] * 2
    (found, _) = [one for report in check.endpoints for one in report.findings if one.code == "not_asked_alone"]
    assert "which then answered a second connection" in sentence(found.code, found.params)


async def test_a_refusal_is_an_answer_and_no_greeting():
    refuses = (Send(b"554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org\r\n"), Close())
    check, _, _ = await check_of({25: ((Close(),), refuses)})

    (said,) = told(check.endpoints[0])
    assert (check.verdict, str(check.endpoints[0].state)) == ("unknown", "refused_by_policy")
    assert "answered 1 of 2 connections" in said


async def test_who_is_refused_in_words_alone_was_turned_away_for_no_number_of_connections():
    refuses = (Send(b"554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org\r\n"), Close())
    check, _, _ = await check_of({25: (WELL,), 587: ((Close(),), refuses)})

    assert str(check.endpoints[1].state) == "refused_by_policy"
    assert "few_connections" not in {one.code for one in check.endpoints[1].findings}


async def test_a_busy_server_that_greets_later_was_not_down():
    """The next connection may be put off, too: that is no greeting."""
    check, _, _ = await check_of({25: ((Close(),), (Send(b"421 4.3.2 busy\r\n"), Close()))})

    assert told(check.endpoints[0]) == []
    assert str(check.endpoints[0].state) == "closed_before_greeting"


async def test_a_greeting_behind_a_proxy_header_alone_is_no_greeting_of_a_client():
    check, _, _ = await check_of({25: ((Hang(3), Close()), (Read(), Send(b"220 hello\r\n"), Wait(0.1), Close()))})

    assert told(check.endpoints[0]) == []
