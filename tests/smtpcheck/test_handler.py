"""From a request to an answer and a row of history, on lab hosts and a real SQLite file."""

import asyncio
import copy
import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.contract import Actor, Modal, Progress, Reply, Request, UserError
from commands.smtpcheck.handler import COMMAND, handle, run_again
from commands.smtpcheck.opening import SHARING, details
from commands.smtpcheck.places import asking
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.probe.running_checks import RunningChecks
from commands.smtpcheck.view import pauses
from storage.errors import StorageError
from storage.history import OPERATOR, History, Query
from storage.queries import Viewer
from tests.histories import history_at
from tests.smtpcheck.labs import probing


@dataclass
class FakeServices:
    """What the handler needs; `wait` is how long a target must be left alone."""

    prober: Prober
    history: History
    ports: tuple[int, ...] = (25, 465, 587, 2525)
    wait: float = 0.0
    asker_waits: float = 0.0
    team: str = "T1"
    asked: list[str] = field(default_factory=list)
    running: RunningChecks = field(default_factory=RunningChecks)
    elsewhere: dict[str, Prober] = field(default_factory=dict)
    ids: itertools.count = field(default_factory=itertools.count)

    async def viewer(self):
        return Viewer(self.team, admin=True)

    def new_id(self):
        return f"id{next(self.ids)}"

    async def checker(self, vantage, channel):
        return self.elsewhere.get(vantage, self.prober)

    async def places(self, channel):
        return ["local", *self.elsewhere]

    def wait_for_asker(self, user, times):
        return self.asker_waits

    def wait_for_target(self, name, ports, vantage):
        self.asked.append(name)
        return self.wait


class BrokenHistory:
    """A history on a full disk."""

    async def add(self, entry, readings=()):
        raise StorageError("the disk is full")

    async def last_of(self, target, viewer, kind="check", vantage="local"):
        raise StorageError("the disk is full")


@pytest.fixture
async def services(tmp_path):
    history = await history_at(tmp_path / "history.db")
    async with probing() as (lab, prober):
        made = FakeServices(prober, history)
        made.lab = lab
        yield made
    await history.close()


def request(text="", *, value="", user="U1", team="T1", later=0.0):
    at = datetime.now(UTC) + timedelta(seconds=later)
    return Request("smtpcheck", Actor(user, team), at, text=text, channel="C1", value=value)


async def run(handler, asked, services):
    return [step async for step in handler(asked, services)]


async def answer(text, services, **how):
    services.team = how.get("team", "T1")
    return (await run(handle, request(text, **how), services))[-1]


def connections(services):
    return sum(peer.connections for peer in services.lab.peers.values())


async def test_a_check_goes_from_queued_over_the_ports_to_the_answer(services):
    *progress, reply = await run(handle, request("mail.lab.example"), services)
    assert all(isinstance(step, Progress) for step in progress)
    assert progress[0].text.endswith("…")
    assert "4 of 4 ports done" in progress[-1].text
    assert isinstance(reply, Reply)
    assert (reply.public, reply.replace, reply.good) == (False, False, True)
    assert "works" in reply.text


async def test_the_result_is_kept_with_who_asked_and_where(services):
    await answer("mail.lab.example", services)
    entry = await services.history.get("id0", OPERATOR)
    assert (entry.kind, entry.target, entry.actor, entry.team, entry.channel, entry.surface) == (
        "check", "mail.lab.example", "U1", "T1", "C1", "slash",
    )  # fmt: skip
    assert (entry.verdict, entry.document["schema"]) == ("ok", "portero.check/2")
    readings = await services.history.readings("id0", OPERATOR)
    assert [(reading.port, reading.state, reading.ok, reading.tls) for reading in readings] == [
        (port, "open", True, "ok") for port in (25, 465, 587, 2525)
    ]  # fmt: skip
    assert all(reading.latency_ms is not None for reading in readings)


async def test_an_endpoint_that_never_answered_has_no_latency(services):
    await answer("filtered.lab.example 25 587", services)
    silent, sound = await services.history.readings("id0", OPERATOR)
    assert (silent.state, silent.ok, silent.latency_ms) == ("no_answer", False, None)
    assert sound.ok


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same_and_says_so(services, caplog):
    reply = await answer("mail.lab.example 25", FakeServices(services.prober, BrokenHistory()))
    assert "works" in reply.text
    assert "Not logged" in json.dumps(reply.blocks)
    assert "could not be written" in caplog.text


@pytest.mark.parametrize("text", ["", "help", "  "])
async def test_without_a_target_it_says_what_can_be_typed(services, text):
    (card,) = await run(handle, request(text), services)
    assert "TARGET" in card.text
    assert all(example.text in card.text for example in COMMAND.examples)
    assert connections(services) == 0


@pytest.mark.parametrize("text", ["mail..example", "mail.lab.example 9999", "mail.lab.example nonsense", "a b c d"])
async def test_wrong_input_is_a_user_error_and_makes_no_connection(services, text):
    with pytest.raises(UserError):
        await run(handle, request(text), services)
    assert (connections(services), services.asked) == (0, [])


async def test_here_answers_in_the_channel(services):
    *progress, reply = await run(handle, request("mail.lab.example 25 here"), services)
    assert reply.public
    assert all(step.public for step in progress)


@pytest.mark.parametrize(
    "text", ["<http://mail.lab.example|mail.lab.example> 25", "<mailto:a@lab.example|a@lab.example>"]
)
async def test_what_slack_makes_of_a_target_is_undone(services, text):
    assert "works" in (await answer(text, services)).text


async def test_a_target_that_was_asked_too_often_has_to_wait(services):
    services.wait = 12.4
    with pytest.raises(UserError) as refused:
        await run(handle, request("mail.lab.example"), services)
    assert "in 13 s;" in refused.value.hint
    assert connections(services) == 0


async def test_a_target_that_was_just_checked_is_answered_from_the_history(services):
    await answer("mail.lab.example 25", services)
    before = connections(services)
    (known,) = await run(handle, request("mail.lab.example 25", user="U2"), services)
    assert connections(services) == before
    assert "<@U1>" in json.dumps(known.blocks)


@pytest.mark.parametrize(
    ("text", "age", "told"),
    [
        ("mail.lab.example 25 again", 4.0, "*Not checked again yet*: the last check is 4 s old, "),
        ("mail.lab.example 25 again", 4.0, "*Run again* (or `again`) works in 6 s. Until then:"),
        ("mail.lab.example 25", 4.0, "From 4 s ago, by you: *Run again* (or `again`) checks anew in 6 s."),
        ("mail.lab.example 25", 11.0, "From 11 s ago, by you: *Run again* (or `again`) checks anew."),
    ],
)
async def test_a_result_that_is_too_young_says_when_again_is_obeyed(services, text, age, told):
    await answer("mail.lab.example 25", services)
    checked_at = (await services.history.get("id0", OPERATOR)).started_at
    young = replace(request(text), at=checked_at + timedelta(seconds=age))
    (known,) = await run(handle, young, services)
    assert told in known.text


async def test_the_result_of_a_watch_is_not_said_to_be_asked_by_its_owner(services):
    await answer("mail.lab.example 25", services)
    entry = await services.history.get("id0", OPERATOR)
    seen, at = replace(entry, surface="watch"), entry.started_at
    told = pauses.last(seen, at + timedelta(seconds=11), "U2")
    assert told == "From 11 s ago, by a watch: *Run again* (or `again`) checks anew."
    assert "the last check, by a watch, is 1 s old" in pauses.last_not_again(seen, at + timedelta(seconds=1), "U2")
    assert f"by <@{entry.actor}>," in pauses.last_not_again(entry, at + timedelta(seconds=1), "U2")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("mail.lab.example 25", {"later": 61.0}),
        ("mail.lab.example 25 again", {"later": 11.0}),
        ("mail.lab.example 25 587", {}),
        ("mail.lab.example 25", {"team": "T2"}),
    ],
)
async def test_it_is_checked_anew_when_the_last_result_is_old_other_or_anothers(services, text, how):
    await answer("mail.lab.example 25", services)
    before = connections(services)
    await answer(text, services, **how)
    assert connections(services) > before


async def test_what_another_place_saw_is_never_served_for_here_and_each_place_has_its_pauses(services):
    far = services.elsewhere["mta-03"] = copy.copy(services.prober)
    far.vantage = "mta-03"
    reply = await answer("mail.lab.example 25 from mta-03", services)
    assert " from mta-03." in json.dumps(reply.blocks)
    assert "mail.lab.example 25 from mta-03" in json.dumps(reply.blocks)  # *Run again*
    before = connections(services)
    await answer("mail.lab.example 25", services)
    assert connections(services) > before
    known = await answer("mail.lab.example 25 from MTA-03", services)
    assert "checks anew" in known.text
    kept = [await services.history.get(f"id{number}", OPERATOR) for number in (0, 1)]
    assert [(entry.vantage, entry.document["vantage"]) for entry in kept] == [("mta-03", "mta-03"), ("local", "local")]


async def test_what_another_place_says_stands_in_the_shared_copy_and_in_the_last_result_too(services):
    far = services.elsewhere["mta-03"] = copy.copy(services.prober)
    far.vantage = "mta-03"
    first = await answer("filtered.lab.example 465", services)  # which refuses, from everywhere
    told = first.blocks[1]["text"]["text"]
    assert "mta-03" in told
    (shared,) = await run(SHARING.share, request(value="id0", user="U2"), services)
    again = await answer("filtered.lab.example 465", services, later=5.0)
    for copied in (shared.post, shared.copy(), again):
        assert copied.blocks[1]["text"]["text"] == told
        assert copied.text.splitlines()[1] == first.text.splitlines()[1]


async def test_from_all_is_eight_places_at_most(services, monkeypatch):
    monkeypatch.setattr(asking, "PACE_SECONDS", 0.0)
    begun = []

    def noted(prober, vantage):
        made = copy.copy(prober)
        made.vantage = vantage
        made.check = lambda *words, **more: begun.append(vantage) or prober.check(*words, **more)
        return made

    services.elsewhere = {f"mta-{number:02}": noted(services.prober, f"mta-{number:02}") for number in range(11)}
    services.prober = noted(services.prober, "local")
    await answer("mail.lab.example 587 from all", services)
    assert (len(set(begun)), len(begun), connections(services)) == (8, 8, 8)


async def test_the_buttons_share_show_and_run_again(services):
    await answer("mail.lab.example 25", services)
    (shared,) = await run(SHARING.share, request(value="id0", user="U2"), services)
    assert shared.post.public
    assert "Shared by <@U2>" in shared.post.text
    assert "mail.lab.example" in shared.copy().text
    (shown,) = await run(details, request(value="id0"), services)
    assert isinstance(shown, Modal)
    *_, again = await run(run_again, request(value="mail.lab.example 25", later=30.0), services)
    assert again.replace


@pytest.mark.parametrize("handler", [SHARING.share, details])
async def test_what_is_not_in_the_history_is_not_shown(services, handler):
    await answer("mail.lab.example 25", services)
    with pytest.raises(UserError, match="not in the history any more"):
        await run(handler, request(value="gone"), services)


async def test_our_own_network_is_reported_without_a_target(services):
    *_, reply = await run(handle, request("network"), services)
    assert "No outgoing mail port is seen to be blocked on our side." in json.dumps(reply.blocks)
    assert reply.good


async def test_who_leaves_in_the_middle_leaves_no_probe_behind(services):
    steps = handle(request("slow.lab.example 25"), services)
    await anext(steps)
    await steps.aclose()
    await asyncio.sleep(0)
    await services.prober.close()
    assert len(services.prober.sessions.queues) == 0
    assert await services.history.count(Query(OPERATOR)) == 0


async def test_a_deep_check_is_not_answered_with_a_normal_one_and_answers_one_itself(services):
    await run(handle, request("mail.lab.example 25"), services)
    *steps, deep = await run(handle, request("mail.lab.example 25 deep"), services)
    assert any("deeper" in step.text for step in steps if isinstance(step, Progress))
    assert "Port 25: TLS 1.2, 1.3 accepted; 1.0, 1.1, SSL 3.0 refused." in deep.text
    (note,) = [step.text for step in await run(handle, request("mail.lab.example 25"), services)]
    assert "Port 25: TLS 1.2, 1.3 accepted" in note
