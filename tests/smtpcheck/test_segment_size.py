"""TLS that stalls: a path that loses large packets is told from a server that is silent or slow."""

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS
from bot.demo.lab.scripts import dialogue, well_behaved
from bot.demo.lab.steps import Hang, Send, StartTls, Wait
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
GO = b"220 2.0.0 go\r\n"


def upgrading(*steps):
    return dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": steps}, banner=BANNER)


STALLED = upgrading(Send(GO), Hang())
SOUND = well_behaved(NAME, context=STAGE.context)
SOUND_IMPLICIT = well_behaved(NAME, context=STAGE.context, implicit=True)
SLOW = upgrading(Send(GO), Wait(5), StartTls(STAGE.context))


async def check_of(*scripts, port=587):
    async with probing() as (_, prober), Peer(*scripts) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (port,))
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == to_document(check)
    return check, peer


@pytest.mark.parametrize(("port", "scripts"), [(587, (STALLED, SOUND)), (465, ((Hang(),), SOUND_IMPLICIT))])
async def test_tls_that_comes_about_with_small_segments_alone_is_a_black_hole_on_the_path(port, scripts):
    check, peer = await check_of(*scripts, port=port)

    (report,) = check.endpoints
    codes = [found.code for found in report.findings]
    assert (peer.connections, codes[0], check.verdict) == (2, "path_mtu_black_hole", "failed")
    assert "tls_timeout" not in codes
    assert "with segments of 536 octets" in sentence(codes[0], report.findings[0].params)


@pytest.mark.parametrize("scripts", [(STALLED,), (STALLED, SLOW)], ids=["silent in any case", "slow"])
async def test_a_server_that_is_silent_or_slow_with_small_segments_too_gets_no_answer(scripts):
    check, peer = await check_of(*scripts)

    (report,) = check.endpoints
    assert peer.connections == 2
    assert [found.code for found in report.findings] == ["tls_timeout"]


async def test_a_server_that_does_not_answer_starttls_is_not_asked_again():
    check, peer = await check_of(upgrading(Hang()))

    assert (peer.connections, check.facts.experiments) == (1, ())
