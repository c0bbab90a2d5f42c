"""Watches from other machines, and one look from elsewhere before an alarm."""

import asyncio
import copy
import random
from dataclasses import replace
from datetime import datetime

import pytest

from bot.demo.lab.peer import FilteredPort
from bot.watches import elsewhere
from bot.watches.elsewhere import told_egress, weighed, would_open
from commands.history.wording import faults
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.places.checker import NotThereError
from commands.uptime import share, uptimes
from commands.watch.state.model import State
from commands.watch.state.observation import nothing_seen
from commands.watch.state.places import after_run
from commands.watch.state.runs import conclude
from commands.watch.view.alert_words import text_of
from commands.watch.view.wording import why_unseen
from storage.watches import WatchSpan

from .samples import MINUTE, NOON, a_watch, seen
from .test_probe import BUSY, NAME, scenery

QUARTER = 15 * MINUTE
SHUT = ("127.0.0.1", 1)


class Others:
    """The other machines, by name."""

    def __init__(self, **checkers):
        self.checkers = checkers
        self.asked = []

    async def for_watch(self, vantage, viewer, channel, **how):
        self.asked.append(how)
        if vantage not in self.checkers:
            raise NotThereError(f"{vantage} is not connected.")
        return self.checkers[vantage]

    async def connected(self, viewer, channel):
        return sorted(self.checkers)


@pytest.fixture
async def scene(tmp_path):
    async with scenery(tmp_path) as made:
        yield made


def shut(prober, vantage="local"):
    """The same prober, from whose place port 587 is refused."""
    made = copy.copy(prober)
    made.vantage = vantage
    made.route = lambda address, port: SHUT if port == 587 else prober.route(address, port)
    return made


def dark(prober):
    """The same prober, from whose place port 587 gives no answer, while its control hosts do."""

    class Dark:
        async def check(self, *words, **more):
            async with FilteredPort() as port:
                made = shut(prober)
                made.route = lambda address, number: port.address if number == 587 else prober.route(address, number)
                return await made.check(*words, **more)

    return Dark()


def unsure(prober):
    """The same prober, whose place the server asks to come later: that is neither well nor down."""

    class Unsure:
        async def check(self, target, ports, **more):
            return await prober.check(parse_target(BUSY.name), (25,), **more)

    return Unsure()


def watched(**more):
    return a_watch(target=NAME, ports=(587,), fail_after=2, **more)


FAILING = State(phase="failing", count=1)
"""The next bad run begins an alarm."""


async def test_a_watch_is_run_from_its_place_and_its_results_are_of_there(scene):
    far = copy.copy(scene.looks.prober)
    far.vantage = "mta-03"
    scene.looks.elsewhere = Others(**{"mta-03": far})
    result = await scene.look(watched(vantage="mta-03", state=State(phase="up", slow=True)))
    assert (result.seen.outcome, result.entry.vantage) == ("good", "mta-03")
    assert result.seen.is_of(watched(vantage="mta-03"))
    assert not result.seen.is_of(watched())
    assert scene.looks.elsewhere.asked == [{"patient": True}]


async def test_where_nobody_is_nothing_is_seen(scene):
    scene.looks.elsewhere = Others()
    what = (await scene.look(watched(vantage="mta-03"))).seen
    assert (what.outcome, why_unseen(what.why)) == ("unknown", "mta-03 is not connected")


@pytest.mark.parametrize(
    ("state", "here", "there", "outcome", "looked"),
    [
        (FAILING, shut, copy.copy, "unknown", True),
        (FAILING, shut, shut, "bad", True),
        (State(phase="up"), shut, copy.copy, "bad", False),
        (FAILING, copy.copy, copy.copy, "good", False),
    ],
    ids=["one path", "down everywhere", "not yet an alarm", "well"],
)
async def test_before_an_alarm_there_is_one_look_from_elsewhere(scene, state, here, there, outcome, looked):
    right = scene.looks.prober
    other = there(right)
    asked = []
    check = other.check
    other.check = lambda *words, **more: asked.append(1) or check(*words, **more)
    scene.looks.prober = scene.looks._patient = here(right)
    scene.looks.elsewhere = Others(**{"fra-1": other})
    result = await scene.look(replace(watched(), state=state))
    what = result.seen
    assert (what.outcome, bool(asked)) == (outcome, looked)
    assert result.entry.document.get("fine_from") == (["fra-1"] if outcome == "unknown" else None)
    if outcome == "unknown":
        assert faults(result.entry.document) == "fine from fra-1: one path, not the host"
        assert why_unseen(what.why) == "down from local and fine from fra-1: one path, not the host"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"fra-1": copy.copy, "mta-03": shut}, ""),
        ({"fra-1": copy.copy, "mta-03": copy.copy}, "one_path.local>fra-1 and mta-03"),
        ({"fra-1": shut, "mta-03": copy.copy}, ""),
        ({"fra-1": unsure}, ""),
        ({"fra-1": unsure, "mta-03": shut}, ""),
        ({"fra-1": unsure, "mta-03": copy.copy}, "one_path.local>mta-03"),
        ({"fra-1": unsure, "mta-03": copy.copy, "nyc-1": shut}, ""),
        ({"fra-1": unsure, "mta-03": copy.copy, "nyc-1": copy.copy}, "one_path.local>mta-03 and nyc-1"),
    ],
)
async def test_one_place_that_sees_it_well_does_not_stop_an_alarm_that_a_second_one_confirms(scene, others, said):
    right = scene.looks.prober
    scene.looks.prober = scene.looks._patient = shut(right)
    scene.looks.elsewhere = Others(**{name: made(right) for name, made in others.items()})
    what = (await scene.look(replace(watched(), state=FAILING))).seen
    assert (what.outcome, what.why) == ("unknown" if said else "bad", said)


async def test_a_place_that_never_ends_keeps_no_alarm(scene, monkeypatch):
    class Endless:
        async def check(self, *_words, **_more):
            await asyncio.Event().wait()

    monkeypatch.setattr(elsewhere, "LOOK_SECONDS", 0)
    scene.looks.prober = scene.looks._patient = shut(scene.looks.prober)
    scene.looks.elsewhere = Others(**{"fra-1": Endless()})
    assert (await scene.look(replace(watched(), state=FAILING))).seen.outcome == "bad"


def test_what_only_one_other_place_sees_well_is_told_at_once_with_whose_word_it_is():
    watch, sight, told = replace(watched(), state=FAILING), {}, []
    for number, place in enumerate(("fra-1", "mta-03", "fra-1")):
        sees = weighed(watch, seen("bad", watch), {place: seen("good", watch)})
        watch, events, sight = conclude(watch, sight, sees, NOON + number * QUARTER, 1.0, "local")
        told += [text_of(event, watch).headline for event in events]
    assert told == [f"{NAME}: not seen (down from local and fine from fra-1: one path, not the host)"]


def lived(*runs, vantage="any"):
    """Availability of the whole and of its port, and since when incidents are: runs that see it `good`, `bad` from one

    place, `unknown`; or with what the other places see.
    """
    watch, sight, spans, opened = replace(watched(vantage=vantage), every=QUARTER), {}, [], []
    for number, run in enumerate(runs):
        at, place = NOON + number * QUARTER, f"{NAME}:25"
        sees = replace(seen("good" if run == "good" else "bad", watch), places=(place,), vantage=vantage)
        if run == "dns":
            sees = nothing_seen(watch, "dns_timeout")
        elif isinstance(run, dict):
            sees = weighed(watch, sees, {name: seen(what, watch) for name, what in run.items()})
        before = watch
        watch, events, sight = conclude(watch, sight, sees, at, 1.0, vantage)
        places, ended = after_run(before, watch.state, sees, at)
        watch = replace(watch, state=replace(watch.state, places=places))
        spans += ended
        opened += [event.since for event in events if event.kind == "opened"]
    end = NOON + len(runs) * QUARTER
    last = [
        WatchSpan(watch.id, name, datetime.fromisoformat(since), end, what) for name, (what, since) in places.items()
    ]
    found = uptimes([*spans, *last], NOON, end)
    assert share(found[NAME]) == share(found[place])
    return share(found[NAME]), [(since - NOON) // QUARTER for since in opened]


@pytest.mark.parametrize(
    ("runs", "said", "opened"),
    [
        (("good", "bad", {"a": "good"}, {"a": "good"}, "good"), "100 % (45m not seen)", []),
        (("good", "bad", {}, {"a": "unknown"}, "good"), "100 % (45m not seen)", []),
        (("good", "bad", {"a": "good"}, "dns", "good"), "100 % (45m not seen)", []),
        (("good", "bad", {"a": "good"}, {"a": "bad"}, "bad"), "33.3 % (30m down, 30m not seen)", [3]),
        (("good", "bad", {"a": "bad"}, "dns", "good"), "40 % (45m down)", [1]),
        (("good", "bad", "dns", {"a": "bad"}, "good"), "50 % (30m down, 15m not seen)", [3]),
    ],
)
def test_what_one_place_alone_has_down_is_not_seen_from_its_first_run_on_and_begins_no_incident(runs, said, opened):
    assert lived(*runs) == (said, opened)


@pytest.mark.parametrize(
    ("others", "outcome", "why"),
    [
        ({}, "unknown", "no_second_place"),
        ({"fra-1": shut}, "bad", ""),
        ({"fra-1": dark}, "bad", ""),
        ({"fra-1": copy.copy}, "unknown", "one_path.local>fra-1"),
        ({"fra-1": unsure}, "unknown", "second_unsure.fra-1"),
        ({"fra-1": unsure, "mta-03": unsure}, "unknown", "second_unsure.fra-1 and mta-03"),
        ({"fra-1": unsure, "mta-03": shut}, "bad", ""),
        ({"fra-1": unsure, "mta-03": copy.copy}, "unknown", "one_path.local>mta-03"),
        (
            {"a": unsure, "b": unsure, "c": unsure, "d": unsure, "e": shut},
            "unknown",
            "second_unsure.a and b and c and d",
        ),
    ],
)
async def test_where_two_places_have_to_agree_one_alone_begins_no_alarm_and_who_cannot_tell_does_not_agree(
    scene, others, outcome, why
):
    right = scene.looks.prober
    scene.looks.prober = scene.looks._patient = shut(right)
    scene.looks.elsewhere = Others(**{name: made(right) for name, made in others.items()})
    what = (await scene.look(replace(watched(vantage="any"), state=FAILING))).seen
    assert (what.outcome, what.vantage, what.why) == (outcome, "any", why)
    assert what.is_of(watched(vantage="any"))


async def test_a_watch_from_elsewhere_is_compared_with_this_machine(scene):
    scene.looks.elsewhere = Others(**{"mta-03": shut(scene.looks.prober, "mta-03")})
    what = (await scene.look(replace(watched(vantage="mta-03"), state=FAILING))).seen
    assert why_unseen(what.why) == "down from mta-03 and fine from local: one path, not the host"
    assert (what.shut, what.free) == ((), ())


def test_a_place_that_nobody_sees_is_told_at_once_and_once_and_when_it_is_back():
    watch, sight, told = watched(vantage="mta-03"), {}, []
    for number in range(8):
        sees = nothing_seen(watch, "vantage_away.mta-03", NOON - QUARTER)
        assert number == 0 or len(told) == 1
        if number == 7:
            sees = replace(seen("good", watch), vantage="mta-03")
        watch, events, sight = conclude(watch, sight, sees, NOON + number * QUARTER, 1.0, "local")
        told += [text_of(event, watch).headline for event in events]
    assert told == [
        f"Cannot see from mta-03: {NAME} is not seen (mta-03 is not connected)",
        f"{NAME}: seen again",
    ]


def test_a_month_with_a_bad_path_and_a_worker_that_comes_and_goes_tells_every_outage_and_no_other():
    """Every 15 minutes from mta-03; this machine is the other place."""
    chance = random.Random(16)
    outages = [range(start, start + 8) for start in range(100, 2880, 600)]
    paths = [range(start, start + chance.randint(1, 12)) for start in range(40, 2880, 130)]
    watch, sight, told = replace(watched(vantage="mta-03"), state=State(phase="up")), {}, []
    there = True
    for number in range(2880):
        at = NOON + number * QUARTER
        down, shut = any(number in each for each in outages), any(number in each for each in paths)
        there = chance.random() < (0.9 if there else 0.6)
        sees = replace(seen("bad" if down or shut else "good", watch), vantage="mta-03")
        if not there:
            sees = nothing_seen(watch, "vantage_away.mta-03")
        if would_open(watch, sees):
            sees = weighed(watch, sees, {"local": seen("bad" if down else "good", watch)})
        watch, events, sight = conclude(watch, sight, sees, at, 1.0, "local")
        told += [(number, event.kind) for event in events if event.kind in {"opened", "recovered"}]
    opened = [number for number, kind in told if kind == "opened"]
    assert all(any(number in each for each in outages) for number in opened)
    assert len(opened) == len(outages) == sum(kind == "recovered" for _, kind in told)


def test_what_control_hosts_told_another_machine_says_whether_a_port_leaves_its_network():
    def probed(port, *outcomes):
        return {"code": "control_probe", "params": {"port": port, "results": [{"outcome": one} for one in outcomes]}}

    found = [probed(25, "no_answer", "no_answer"), probed(587, "connected", "no_answer"), probed(465, "not_tried")]
    document = {"findings": [*found, {"code": "null_mx", "params": {}}]}
    assert told_egress(document) == {25: "blocked", 587: "open", 465: "unknown"}


def test_what_a_mail_policy_stops_is_alarmed_whatever_another_place_sees_of_the_ports():
    watch = a_watch(state=State("failing", count=1))
    assert would_open(watch, seen("bad", watch))
    assert not would_open(watch, seen("bad", watch, failing=("dane_mismatch mail.example.com:25",)))
