"""A host that counts our connections: a port that it turns away beside another is asked alone first."""

import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.demo.lab.peer import FilteredPort, Peer, RefusedPort
from bot.demo.lab.script import play
from bot.demo.lab.scripts import well_behaved
from bot.demo.lab.steps import Close, Hang, Reset, Send, StartTls, Wait
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.details import details
from commands.smtpcheck.view.told_findings import worst_findings
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE

NAME = "mail.lab.example"
PORTS = (25, 465, 587)
WORDS = b"421 Too many concurrent SMTP connections from this IP address; please try again later.\r\n"


@dataclass
class Counting:
    """A host that takes so many connections at a time over all its ports, and what the next one meets.

    Without `refusal` that is a port that refuses or, where it is `silent`, answers nothing, as a firewall makes it.
    A session takes `seconds`. Once `forgotten` of them were over at once it counts each for a while longer.
    """

    places: int = 1
    refusal: tuple = ()
    ports: tuple = PORTS
    silent: bool = False
    seconds: float = 0.5
    forgotten: int = 9
    taken: int = 0
    turned_away: int = 0
    asked: list = field(default_factory=list)

    async def at_port(self, wire, implicit):
        if self.refusal and not self.has_place():
            await play(self.refusal, wire)
            return
        try:
            await Wait(self.seconds).play(wire)
            await play(well_behaved(NAME, context=STAGE.context, implicit=implicit, auth=("PLAIN",)), wire)
        finally:
            self.taken -= self.forgotten > 0
            self.forgotten -= 1

    def has_place(self):
        if self.taken >= self.places:
            self.turned_away += 1
            return False
        self.taken += 1
        return True


@dataclass(frozen=True)
class AtPort:
    host: Counting
    port: int

    async def play(self, wire):
        await self.host.at_port(wire, self.port == 465)


@asynccontextmanager
async def checking(host, ports=PORTS):
    """A check of the host, its document, and the prober."""
    async with AsyncExitStack() as stack:
        _, prober = await stack.enter_async_context(probing())
        served = {port: await stack.enter_async_context(Peer((AtPort(host, port),))) for port in host.ports}
        nobody = await stack.enter_async_context(FilteredPort() if host.silent else RefusedPort())

        def route(_address, port):
            host.asked.append(port)
            there = port in served and (host.refusal or host.has_place())
            return served[port].address if there else nobody.address

        prober.route = route
        check = await checked(prober, NAME, ports)
        document = to_document(check)
        await prober.close()
        assert to_document(replay(saved_again(check, prober.store), store=prober.store)) == document
        yield check, document


def few(report):
    return [one for one in report.findings if one.code == "few_connections"]


HOW = {
    "refused": Counting(),
    "in_words": Counting(refusal=(Send(WORDS), Close())),
    "closed": Counting(refusal=(Close(),)),
    "reset": Counting(refusal=(Reset(),)),
}


@pytest.mark.parametrize("how", HOW)
async def test_a_host_that_takes_one_connection_at_a_time_is_judged_by_each_port_alone(how):
    host = HOW[how]
    async with checking(host) as (check, document):
        assert [str(report.state) for report in check.endpoints] == ["open"] * 3
        assert [report.tls_state for report in check.endpoints] == ["ok"] * 3
        told = [few(report)[0].params for report in check.endpoints if few(report)]

    assert (host.turned_away, len(host.asked)) == (2, 5)
    assert [one["how"] for one in told] == [how] * 2
    assert [tried["purpose"] for tried in document["experiments"]] == ["beside"] * 2
    (said,) = [one["message"] for one in worst_findings(document) if one["code"] == "few_connections"]
    assert "beside another connection of ours" in said
    assert "takes one connection at a time from here" in said
    assert "the one before, which was turned away" in json.dumps(details(entry_of(document), pressing().actor).blocks)


async def test_a_server_that_said_why_is_quoted():
    async with checking(Counting(refusal=(Send(WORDS), Close())), (25, 465)) as (check, _):
        (found,) = [one for report in check.endpoints for one in few(report)]

    assert found.params["said"].startswith("421 Too many concurrent SMTP connections")
    assert "421 Too many" in sentence(found.code, found.params)


async def test_a_port_that_is_turned_away_alone_too_is_what_it_is_and_nothing_is_said_of_a_limit():
    """25 is well; 587 hangs up on everybody."""
    async with AsyncExitStack() as stack:
        _, prober = await stack.enter_async_context(probing())
        well = await stack.enter_async_context(Peer(well_behaved(NAME, context=STAGE.context)))
        ill = await stack.enter_async_context(Peer((Close(),)))
        prober.route = lambda _address, port: (well if port == 25 else ill).address
        check = await checked(prober, NAME, (25, 587))

    assert [str(report.state) for report in check.endpoints] == ["open", "closed_before_greeting"]
    assert [record.purpose for record in check.facts.experiments] == ["alone"]
    assert ill.connections == 2
    assert not any(map(few, check.endpoints))


async def test_a_refused_port_of_a_host_that_counts_nothing_is_asked_alone_and_stays_refused():
    host = Counting(places=9, ports=(25,))
    async with checking(host, (25, 465, 587, 2525)) as (check, _):
        assert [str(report.state) for report in check.endpoints] == ["open", "refused", "refused", "refused"]

    assert host.asked[4:] == [587, 465]  # two experiments, and these are the ports that are served for mail
    assert not any(map(few, check.endpoints))


async def test_an_odd_port_that_is_refused_beside_several_is_not_asked_again():
    host = Counting(places=9)
    async with checking(host, (*PORTS, 2525)) as (check, document):
        assert str(check.endpoints[3].state) == "refused"

    assert (len(host.asked), "experiments" in document) == (4, False)


async def test_once_a_host_is_known_to_count_every_port_that_it_refused_is_asked_alone():
    host = Counting(places=2, ports=(*PORTS, 2525))
    async with checking(host, host.ports) as (check, _):
        assert [str(report.state) for report in check.endpoints] == ["open"] * 4
        told = [few(report)[0] for report in check.endpoints if few(report)]

    assert len(told) == 2
    assert "takes only few connections at a time" in sentence(told[0].code, told[0].params)


async def test_a_port_that_there_was_no_connection_left_for_is_not_judged():
    host = Counting(refusal=(Send(WORDS), Close()), ports=(*PORTS, 2525))
    async with checking(host, host.ports) as (check, _):
        states = [str(report.state) for report in check.endpoints]

    assert (len(host.asked), sorted(states)) == (6, ["not_asked_alone", "open", "open", "open"])
    (found,) = [one for report in check.endpoints for one in report.findings if one.code == "not_asked_alone"]
    assert found.severity.name == "notice"
    assert "Whether it lets one in alone is not known" in sentence(found.code, found.params)


async def test_a_port_that_is_refused_alone_too_where_such_a_host_let_another_in_is_not_judged():
    """It may have counted the connection before, which was over for us alone."""
    async with checking(Counting(forgotten=1), PORTS) as (check, _):
        assert sorted(str(report.state) for report in check.endpoints) == ["not_asked_alone", "open", "open"]
        (found,) = [one for report in check.endpoints for one in report.findings if one.code == "not_asked_alone"]

    assert "Whether it lets one in alone is not known" in sentence(found.code, found.params)


async def test_silence_beside_a_connection_that_stood_on_is_asked_alone():
    """A firewall drops what is one too many, and each session takes longer than a connect is tried."""
    async with checking(Counting(silent=True, seconds=9.0), (25, 587)) as (check, _):
        assert sorted(str(report.state) for report in check.endpoints) == ["open", "open"]
        (found,) = [one for report in check.endpoints for one in few(report)]

    assert found.params["how"] == "no_answer"


async def test_silence_beside_a_connection_that_was_over_soon_was_silence_alone():
    host = Counting(silent=True, ports=(25,))
    async with checking(host, (25, 587)) as (check, document):
        assert [str(report.state) for report in check.endpoints] == ["open", "no_answer"]

    assert (len(host.asked), "experiments" in document) == (2, False)


async def test_who_hears_of_ports_hears_of_those_that_were_asked_alone_again():
    heard = []
    async with AsyncExitStack() as stack:
        host = Counting()
        _, prober = await stack.enter_async_context(probing())
        served = {port: await stack.enter_async_context(Peer((AtPort(host, port),))) for port in (25, 587)}
        nobody = await stack.enter_async_context(RefusedPort())
        prober.route = lambda _address, port: (served[port] if host.has_place() else nobody).address
        await prober.check(parse_target(NAME), (25, 587), check_id="0123", heard=heard.append)

    states = [str(news.state) for news in heard if hasattr(news, "state")]
    assert states == ["refused", "open", "open"]


async def test_who_is_not_spoken_to_alone_either_was_not_let_in():
    """Postfix whose login service is down: a process dies inside TLS, and none is started for a minute."""
    dies, throttled = (StartTls(STAGE.context), Wait(1.0), Close()), (Hang(),)
    well = well_behaved(NAME, context=STAGE.context)
    async with probing() as (_, prober), Peer(dies, throttled) as broken, Peer(well) as sound:
        prober.route = lambda _address, port: broken.address if port == 465 else sound.address
        check = await checked(prober, NAME, (25, 465))
        await prober.close()

    assert not any(map(few, check.endpoints))
    assert check.endpoints[1].state in {"closed_before_greeting", "no_greeting"}
