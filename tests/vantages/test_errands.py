"""Checks from another place, over a real NATS server, in the lab."""

import asyncio
import copy

import pytest

from bot.vantages.errand import SCHEMA, Answer, Errand, Word, read_answer
from bot.vantages.subjects import Subjects
from commands.contract import DeclinedError
from commands.smtpcheck.network.asking import looked
from commands.smtpcheck.places.checker import PlaceError
from commands.smtpcheck.probe.concurrent_connections import Waiting
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import says_nothing, to_document
from tests.smtpcheck.labs import probing
from tests.vantages.brokers import PORTS, SPACE, ask, brokering, remote


@pytest.fixture
async def broker(tmp_path):
    async with brokering(tmp_path, "mta-03", "fra-1") as made:
        yield made


@pytest.fixture
async def lab():
    async with probing() as (there, prober):
        there.prober = prober
        yield there


async def test_a_check_from_another_place_is_what_it_would_be_from_here(broker, lab):
    await broker.worker("mta-03", lab.prober)
    heard = []
    there = await ask(remote(await broker.link(), "mta-03", lab.prober.store), heard=heard.append)
    here = await ask(lab.prober)
    assert sorted(one.port for one in heard) == list(PORTS)
    assert (there.facts.id, there.facts.vantage, there.facts.target) == ("c1", "mta-03", "mail.lab.example")
    assert [(one.port, one.state, one.tls_state) for one in there.endpoints] == [
        (one.port, one.state, one.tls_state) for one in here.endpoints
    ]
    told = [{finding.code for one in check.endpoints for finding in one.findings} for check in (there, here)]
    assert told[0] == told[1]


async def test_nobody_there_is_said_at_once(broker, lab):
    with pytest.raises(DeclinedError, match="fra-1 is not connected"):
        await ask(remote(await broker.link(), "fra-1", lab.prober.store))


async def test_a_deep_check_tells_what_it_is_at(broker, lab):
    await broker.worker("mta-03", lab.prober)
    heard = []
    place = remote(await broker.link(), "mta-03", lab.prober.store)
    check = await ask(place, ports=(25,), heard=heard.append, deep=True)
    assert {"versions", "suites"} <= {one.purpose for one in heard if not isinstance(one, EndpointReport | Waiting)}
    assert check.facts.further is not None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ports": (25, 2526)}, "Port 2526 may not be checked from mta-03"),
        ({"source": "192.0.2.9"}, "mta-03/192.0.2.9 is not set up"),
        ({"source": "192.0.2.7"}, "does not have the address 192.0.2.7"),
    ],
)
async def test_what_the_machine_there_does_not_allow_is_said(broker, lab, asked, said):
    foreign = copy.copy(lab.prober)
    foreign.source = "192.0.2.7"
    await broker.worker("mta-03", lab.prober, probers={"": lab.prober, "192.0.2.7": foreign})
    place = remote(await broker.link(), "mta-03", lab.prober.store, source=asked.get("source", ""))
    with pytest.raises(DeclinedError, match=said):
        await ask(place, ports=asked.get("ports", PORTS))
    assert all(peer.connections == 0 for peer in lab.peers.values())


async def test_a_source_address_is_what_the_server_sees(broker, lab):
    second = copy.copy(lab.prober)
    second.source, second.ehlo_name = "127.0.0.9", "mta3b.example.com"
    await broker.worker("mta-03", lab.prober, probers={"127.0.0.9": second})
    check = await ask(remote(await broker.link(), "mta-03", lab.prober.store, source="127.0.0.9"), ports=(25,))
    (report,) = check.endpoints
    assert (report.record.source, report.record.ehlo_name) == ("127.0.0.9", "mta3b.example.com")
    assert to_document(check)["vantage"] == "mta-03/127.0.0.9"


async def test_the_rates_of_the_machine_there_hold(broker, lab):
    await broker.worker("mta-03", lab.prober, clock=lambda: 0.0)
    place = remote(await broker.link(), "mta-03", lab.prober.store)
    for _ in range(6):
        await ask(place, ports=(587,))
    with pytest.raises(DeclinedError, match="often enough"):
        await ask(place, ports=(587,))


async def test_who_goes_away_in_the_middle_leaves_what_was_heard_and_the_rest_as_not_heard(broker, lab):
    worker = await broker.worker("mta-03", lab.prober)
    place = remote(await broker.link(), "mta-03", lab.prober.store)
    ports = (25, 587)
    heard = asyncio.Queue()
    asking = asyncio.ensure_future(ask(place, "slow.lab.example", ports, heard=heard.put_nowait))
    assert (await heard.get()).port == 587
    await worker._link.close()
    check = await asking
    states = {one.port: one.state for one in check.endpoints}
    assert states == {25: "not_heard", 587: "refused"}
    gone = check.findings[0]
    assert (gone.code, gone.params) == ("vantage_gone", {"vantage": "mta-03", "heard": "587"})
    assert check.verdict == "unknown"
    assert not says_nothing(check)


class Way:
    """The bot's way to the server, as far as it says that it is up."""

    def __init__(self, link):
        self.link, self.is_up = link, True

    def __getattr__(self, name):
        return getattr(self.link, name)


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        (
            "goes on",
            "vantage_late",
            "mta-03 did not end its check and was given up after 300 s. It had told 587: this ",
        ),
        ("is cut off", "vantage_cut", "Portero lost the way to mta-03 after 587: this check is incomplete."),
    ],
)
async def test_why_a_check_is_incomplete_is_told_as_it_was(broker, lab, monkeypatch, what, code, said):
    worker = await broker.worker("mta-03", lab.prober)
    way, times = Way(await broker.link()), [0.0]
    place = remote(way, "mta-03", lab.prober.store, clock=lambda: times[0])
    heard = asyncio.Queue()
    asking = asyncio.ensure_future(ask(place, "slow.lab.example", (25, 587), heard=heard.put_nowait))
    await heard.get()
    if what == "goes on":
        times[0] = 300.0
    else:
        monkeypatch.setattr("bot.vantages.asking.BACK_SECONDS", 0.0)
        way.is_up = False
        await worker._link.close()
    check = await asking
    found = check.findings[0]
    assert (found.code, {one.port: one.state for one in check.endpoints}) == (code, {25: "not_heard", 587: "refused"})
    assert sentence(found.code, found.params).startswith(said)


async def test_who_goes_on_for_ever_without_a_port_is_not_called_away(broker, lab):
    await broker.worker("mta-03", lab.prober)
    at_first = iter([0.0] * 3)
    place = remote(await broker.link(), "mta-03", lab.prober.store, clock=lambda: next(at_first, 300.0))
    with pytest.raises(PlaceError) as lost:
        await ask(place, "slow.lab.example", (25,))
    message = "mta-03 did not end its check and told no port: it was given up after 300 s."
    assert (lost.value.code, lost.value.message) == ("vantage_late", message)


async def test_the_network_of_another_place_is_judged_here_from_what_its_control_hosts_said(broker, lab):
    await broker.worker("mta-03", lab.prober)
    place = remote(await broker.link(), "mta-03", lab.prober.store)
    there, here = await looked(PORTS, place, "n1"), await looked(PORTS, lab.prober, "n2")
    assert (there["vantage"], here["vantage"]) == ("mta-03", "local")
    assert [(one["port"], one["state"]) for one in there["ports"]] == [
        (one["port"], one["state"]) for one in here["ports"]
    ]
    assert {one["state"] for one in there["ports"]} == {"open"}


async def test_several_bots_ask_one_machine_and_each_has_its_own_answers(broker, lab):
    await broker.worker("mta-03", lab.prober)
    bots = [remote(await broker.link(), "mta-03", lab.prober.store) for _ in range(2)]
    asked = ("mail.lab.example", "plain.lab.example")
    found = await asyncio.gather(*(ask(bot, target, (587,)) for bot, target in zip(bots, asked, strict=True)))
    assert [(check.facts.target, check.endpoints[0].record.host) for check in found] == [(one, one) for one in asked]


async def test_who_leaves_ends_the_errand_there(broker, lab):
    worker = await broker.worker("mta-03", lab.prober)
    place = remote(await broker.link(), "mta-03", lab.prober.store)
    heard = asyncio.Queue()
    asking = asyncio.ensure_future(ask(place, "slow.lab.example", (25, 587), heard=heard.put_nowait))
    await heard.get()
    asking.cancel()
    (running,) = worker._errands.values()
    await asyncio.wait({running.task}, timeout=5)
    assert running.task.done()


async def test_an_errand_that_is_asked_again_is_not_done_again(broker, lab):
    await broker.worker("mta-03", lab.prober)
    link = await broker.link()
    errand = Errand("0" * 16, "check", (25,), "mail.lab.example", "name")
    for _ in range(2):
        async with link.exchange(Subjects(SPACE, "mta-03").errand, errand.to_bytes()) as exchange:
            while (answer := read_answer(await exchange.answer(5))).word is not Word.PART:
                assert answer.word in {Word.HEARD, Word.ALIVE}
    assert sum(peer.connections for peer in lab.peers.values()) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"schema": "portero.errand/2"}',
        b'{"schema": "portero.errand/1", "kind": "shell"}',
        b"x" * 20_000,
    ],
)
def test_what_is_no_errand_is_refused(data):
    with pytest.raises(RecordError):
        Errand.read(data)


def test_an_errand_comes_back_as_it_was():
    errand = Errand(
        "ab" * 8, "check", (25, 587), "mail.example.com", "domain", deep=True, source="192.0.2.1", lane="watch"
    )
    assert Errand.read(errand.to_bytes()) == errand
    assert SCHEMA.encode() in errand.to_bytes()


@pytest.mark.parametrize(
    "data", [b"", b"heard\n", b"shout 00000000\n", b"alive 0000000\n", b"alive 00000000 \x00\n", b"\xff"]
)
def test_what_is_no_answer_is_none(data):
    assert read_answer(data) is None
    assert read_answer(Answer("00000000", Word.PART, ("0", "1"), b"\n\xff").to_bytes()).body == b"\n\xff"
