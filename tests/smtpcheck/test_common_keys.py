"""A certificate with a key that many clients do not know: a hello without that kind of key tells what they meet."""

import ssl
import tempfile

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS, HOST
from bot.demo.lab.scripts import dialogue, well_behaved
from bot.demo.lab.steps import Close, ReadBytes, Send
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.details import details
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
RARE = STAGE.authority.issue(HOST, key="Ed25519")


def serving(*leaves, least=ssl.TLSVersion.TLSv1_2):
    """A context that shows each client the first of these certificates whose key it knows."""
    context = leaves[0].context()
    context.minimum_version = least
    for leaf in leaves[1:]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(leaf.pem)
            file.flush()
            context.load_cert_chain(file.name)
    return context


async def check_of(*scripts, ports=(25,)):
    async with probing() as (_, prober), Peer(*scripts) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, ports)
        document = to_document(check)
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == document
    return check, document


OF_KEYS = {"cert_rare_key", "cert_only_rare_key"}


def codes(check):
    return [
        {str(one.code) for one in report.findings} & {"cert_rare_key", "cert_only_rare_key"}
        for report in check.endpoints
    ]


async def test_a_server_with_a_rare_key_alone_is_said_to_refuse_who_does_not_know_it():
    check, document = await check_of(well_behaved(HOST, context=serving(RARE)))

    assert codes(check) == [{"cert_only_rare_key"}]
    (found,) = [one for one in check.endpoints[0].findings if one.code == "cert_only_rare_key"]
    assert "only a certificate with a key of Ed25519" in sentence(found.code, found.params)
    assert (check.endpoints[0].usable, found.severity.name) == (True, "warning")
    (tried,) = document["experiments"]
    assert tried["purpose"] == "common_keys"
    assert "do not know its kind of key" in str(details(entry_of(document), pressing().actor).blocks)


@pytest.mark.parametrize(("kind", "asked"), [("EC", 0), ("RSA 2048", 1)])  # of EC we are shown that one at once
async def test_a_server_with_another_certificate_for_them_is_as_it_should_be(kind, asked):
    check, _ = await check_of(well_behaved(HOST, context=serving(RARE, STAGE.authority.issue(HOST, key=kind))))

    assert (codes(check), len(check.facts.experiments)) == ([set()], asked)


async def test_a_server_that_says_nothing_to_the_hello_leaves_it_open():
    silent = dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": (Send(b"220 go\r\n"), ReadBytes(5), Close())}, banner=BANNER)
    check, _ = await check_of(well_behaved(HOST, context=serving(RARE)), silent)

    assert codes(check) == [{"cert_rare_key"}]
    (found,) = [one for one in check.endpoints[0].findings if one.code == "cert_rare_key"]
    assert "Whether they are shown another one was not seen" in sentence(found.code, found.params)


async def test_a_server_of_tls_1_3_alone_that_finds_the_hello_too_old_leaves_it_open():
    check, _ = await check_of(well_behaved(HOST, context=serving(RARE, least=ssl.TLSVersion.TLSv1_3)))

    assert codes(check) == [{"cert_rare_key"}]


async def test_what_one_port_showed_is_known_of_others_with_the_same_certificate():
    check, _ = await check_of(well_behaved(HOST, context=serving(RARE)), ports=(25, 587, 2525))

    assert len(check.facts.experiments) == 2
    assert sorted(codes(check), key=len) == [set(), {"cert_only_rare_key"}, {"cert_only_rare_key"}]


@pytest.mark.parametrize("kind", ["EC", "RSA 2048"])
async def test_a_common_key_calls_for_no_experiment(kind):
    check, document = await check_of(well_behaved(HOST, context=serving(STAGE.authority.issue(HOST, key=kind))))

    assert (codes(check), "experiments" in document) == ([set()], False)
