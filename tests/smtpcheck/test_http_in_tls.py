"""A port that takes TLS and then says nothing: what it chooses of protocols, and answers, tells a web server."""

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST
from bot.demo.lab.steps import Close, Expect, Hang, Read, Send, StartTls, Wait
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.details import details
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
OK = b"HTTP/1.1 405 Not Allowed\r\nServer: nginx\r\n\r\n"


def choosing(*protocols):
    context = STAGE.authority.issue(HOST).context()
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return StartTls(context)


SILENT = (choosing("h2", "http/1.1"), Hang())


async def check_of(*scripts, port=465):
    async with probing() as (_, prober), Peer(*scripts) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (port,))
        document = to_document(check)
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == document
    return check, peer, document


async def test_a_web_server_on_a_mail_port_is_named_by_what_it_chose_and_said():
    answering = (choosing("h2", "http/1.1"), Expect("HEAD / HTTP/1.1"), Read(), Read(), Send(OK), Close())
    check, peer, document = await check_of(SILENT, answering)

    (report,) = check.endpoints
    (found,) = report.findings
    assert (check.verdict, report.state, report.tls_state) == ("failed", "not_smtp", "ok")
    assert "speaks HTTP over TLS, not SMTP" in sentence(found.code, found.params)
    assert "'HTTP/1.1 405 Not Allowed'" in sentence(found.code, found.params)
    assert [record.handshake.alpn for record in check.facts.experiments] == ["http/1.1"]
    assert peer.sessions[-1].lines[:2] == [b"HEAD / HTTP/1.1", b"Host: mail.lab.example"]
    assert "whether it speaks HTTP over TLS" in str(details(entry_of(document), pressing().actor).blocks)


async def test_it_is_found_as_well_where_a_silent_port_of_starttls_turns_out_to_speak_tls_first():
    answering = (choosing("http/1.1"), Expect("HEAD / HTTP/1.1"), Read(), Read(), Send(OK), Close())
    check, _, _ = await check_of((Hang(),), SILENT, answering, port=587)

    assert [report.state for report in check.endpoints] == ["not_smtp"]


NOT_HTTP = {
    "knows no names": ((choosing(), Hang()), 1),
    "knows another": ((choosing("smtp"), Hang()), 1),
    "chooses it and is silent": (SILENT, 1),
    "chooses it and answers in another language": ((choosing("http/1.1"), Read(), Send(b"500 what?\r\n"), Close()), 1),
    "hangs up": ((Close(),), 0),
}


@pytest.mark.parametrize("name", NOT_HTTP)
async def test_who_does_not_answer_in_http_stays_silent(name):
    script, handshakes = NOT_HTTP[name]
    check, peer, _ = await check_of(SILENT, script)

    assert [report.state for report in check.endpoints] == ["no_greeting"]
    assert sum(record.handshake is not None for record in check.facts.experiments) == handshakes
    assert name.startswith("chooses") or peer.sessions[-1].lines == []


async def test_a_server_that_greets_late_is_not_asked_in_http():
    check, peer, document = await check_of((choosing(), Wait(10.0), Send(b"220 mail.example.com\r\n"), Hang()))

    assert (peer.connections, "experiments" in document) == (1, False)
    assert check.endpoints[0].state != "not_smtp"
