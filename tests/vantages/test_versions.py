"""A bot and workers of different versions, over a real NATS server: an older one, and a newer one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.rate_limits import Limiter
from bot.vantages.abilities import Ability
from bot.vantages.errand import Errand, NotAbleError, Refusal, Word, read_answer
from bot.vantages.hello import Hello, Source
from bot.vantages.places import greeted
from bot.vantages.registry import Registered
from bot.vantages.subjects import Subjects
from bot.vantages.wording import present_line, refused
from bot.vantages.worker import Worker
from commands.contract import DeclinedError
from tests.every import every
from tests.smtpcheck.labs import probing
from tests.vantages.brokers import PORTS, SPACE, ask, brokering, now, remote

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST_MEMBERS = {"schema", "id", "kind", "ports", "target", "target_kind", "deep", "source", "lane"}
"""Those of an errand of version 0.1.0, which refused every other."""


class Older(Worker):
    """A worker of before there were names of abilities: it announces none, and takes errands of its own time alone."""

    async def _greet(self, _data, reply):
        sources = (Source("", "old.example"),)
        said = json.loads(Hello(self.id, self.version, self._since, sources, PORTS, None).to_bytes())
        del said["abilities"]
        await self._link.publish(reply, json.dumps(said).encode())

    async def _heard(self, data, reply):
        if json.loads(data).keys() == FIRST_MEMBERS:
            await super()._heard(data, reply)
        else:
            await self._link.publish(reply, self._answer(Word.REFUSED, (str(Refusal.NOT_UNDERSTOOD),)))


class Less(Worker):
    """One that announces that it does checks, and nothing else."""

    async def _greet(self, _data, reply):
        hello = Hello(self.id, self.version, self._since, (), PORTS, None, frozenset({"check"}))
        await self._link.publish(reply, hello.to_bytes())

    async def _heard(self, data, reply):
        raise AssertionError("it was asked for what it cannot do")


class Newer(Worker):
    """One of a later version: it says more than we know, of itself and of what it saw."""

    async def _greet(self, _data, reply):
        sources = (Source("", "new.example"),)
        said = json.loads(Hello(self.id, self.version, self._since, sources, PORTS, None).to_bytes())
        said |= {"kernel": "9.1", "abilities": [*said["abilities"], "trace"]}
        said["sources"][0]["speed"] = [1, {"of": 2}]
        await self._link.publish(reply, json.dumps(said).encode())

    async def _record(self, errand, prober, say):
        record = json.loads(await super()._record(errand, prober, say))
        record |= {"weather": "fine", "dns": {**record["dns"], "dnssec": True}}
        for each in record["records"]:
            each["ecn"] = True
            for step in each["steps"]:
                step["octets"] = 5
        record["experiments"] = [{**record["records"][0], "purpose": "of_the_future"}]
        return json.dumps(record).encode()


async def with_workers(broker, lab, kind, version, **how):
    """A place where one worker of this kind runs, as the bot knows it."""
    made = kind(Subjects(SPACE, "mta-03"), {"": lab.prober}, frozenset(PORTS), Limiter(lambda: 0.0), version, now)
    link = await broker.link(broker.credentials("mta-03"))
    await made.serve(link)
    await link.flush()
    broker.stack.push_async_callback(made.close)
    bots = await broker.link()
    workers = await greeted(bots, Registered(SPACE, "mta-03", ()))
    assert [one.version for one in workers] == [version]
    return remote(bots, "mta-03", lab.prober.store, workers=workers, **how)


@pytest.fixture
async def broker(tmp_path):
    async with brokering(tmp_path, "mta-03") as made:
        yield made


@pytest.fixture
async def lab():
    async with probing() as (there, prober):
        there.prober = prober
        yield there


async def test_an_older_worker_is_asked_for_what_it_knows_and_what_it_does_not_understand_is_not_the_hosts_fault(
    broker, lab
):
    place = await with_workers(broker, lab, Older, "0.0.9", patient=True)
    assert {one.state for one in (await ask(place, ports=(587,), deep=True)).endpoints} == {"open"}
    assert {await_.outcome for await_ in (await place.asked_control((25,))).attempts[25]} == {"connected"}
    unaware = replace(place, workers=(replace(place.workers[0], abilities=frozenset(Ability)),))
    with pytest.raises(
        DeclinedError, match="mta-03 runs another version of Portero, which does not understand"
    ) as told:
        await ask(unaware, ports=(587,))
    assert told.value.code == "vantage_refuses"


async def test_a_worker_that_lacks_an_ability_is_not_asked_for_it_and_it_is_said_in_a_sentence(broker, lab):
    place = await with_workers(broker, lab, Less, "0.0.9")
    with pytest.raises(DeclinedError, match=r"^mta-03 runs 0\.0\.9: no deep check there\.$"):
        await ask(place, deep=True)
    with pytest.raises(DeclinedError, match=r"^mta-03 runs 0\.0\.9: no look at its network there\.$"):
        await place.asked_control((25,))
    with pytest.raises(DeclinedError, match=r"^mta-03 runs 0\.0\.9: no choice of its address there\.$"):
        await ask(replace(place, source="192.0.2.7"))


async def test_what_a_newer_worker_says_is_read_and_what_it_is_not_able_to_do_it_says_by_name(broker, lab):
    place = await with_workers(broker, lab, Newer, "7.0.0", patient=True)
    check = await ask(place, ports=(25, 587))
    assert {(one.port, one.state) for one in check.endpoints} == {(25, "open"), (587, "open")}
    assert check.facts.experiments == ()
    errand = {**json.loads(Errand("0" * 16, "check", (25,), "mail.lab.example", "name").to_bytes()), "needs": ["warp"]}
    subject = Subjects(SPACE, "mta-03").errand
    async with place.link.exchange(subject, json.dumps({**errand, "kind": "trip"}).encode()) as exchange:
        answer = read_answer(await exchange.answer(5))
    assert (answer.word, answer.arguments) == (Word.REFUSED, ("not_able", "warp"))
    assert refused("mta-03", "not_able", "warp")[0] == "mta-03 runs an older version of Portero: not this errand there."


BASE = Errand("ab" * 8, "check", (25,), "mail.example.com", "name", deep=True, source="192.0.2.1", lane="watch")


@every(
    [
        (BASE, set()),
        (replace(BASE, patient=True), {"patient", "needs"}),
        (Errand("ab" * 8, "network", (25,)), set()),
    ]
)
def test_an_errand_holds_what_the_first_version_does_not_know_only_where_it_is_wanted(errand, more):
    assert json.loads(errand.to_bytes()).keys() == FIRST_MEMBERS | more
    assert Errand.read(errand.to_bytes()) == errand
    assert Errand.read(json.dumps({**json.loads(errand.to_bytes()), "colour": "red"}).encode()) == errand
    with pytest.raises(NotAbleError, match="warp"):
        Errand.read(json.dumps({"schema": "portero.errand/1", "needs": ["warp"], "kind": "trip"}).encode())


def of_version(version, *abilities):
    return Hello("0" * 8, version, NOON, (), (25,), None, frozenset(abilities or Ability))


@every(
    [
        ([of_version("0.2.0")], "; version 0.2.0; no errand yet"),
        ([of_version("0.3.0")], "; version 0.3.0 (here 0.2.0); no errand yet"),
        (
            [of_version("0.1.0", "check", "source"), of_version("0.2.0")],
            "no look at its network, no deep check, no longer wait for slow servers there; no errand yet; 2 workers",
        ),
    ]
)
def test_the_line_of_a_machine_has_its_version_and_what_is_missing_there(workers, said):
    assert present_line("mta-03", workers, NOON, ours="0.2.0").endswith(said)
