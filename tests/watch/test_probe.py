"""Looking at watches with the real prober, on the lab."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE, busy, relay, submission
from bot.demo.lab.lab import Host
from bot.demo.lab.steps import Close, Hang, Send, Wait
from bot.watches.dns_records import Records
from bot.watches.probe import WatchProbe, egress_of, target_of, with_patience, without_policy
from bot.watches.scheduler import RUN_SECONDS
from commands.smtpcheck.egress.control_hosts import Attempt
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.probe.concurrent_connections import AT_ONE_ENDPOINT
from commands.watch.state.baseline import DOMAIN, ENDPOINTS, TARGET_KIND
from commands.watch.state.model import State
from commands.watch.state.runs import conclude
from tests import moving
from tests.histories import history_at
from tests.smtpcheck.labs import Limits, probing

from .samples import HOUR, MINUTE, a_watch

NAME = "watched.lab.example"
WATCHED = Host(NAME, ("198.51.100.70",), "25 and 587 answer.", {25: relay(NAME), 587: submission(NAME)})
BUSY = Host("busier.lab.example", ("198.51.100.71",), "421.", {25: busy})
CLOSED = Host(
    "closed.lab.example", ("198.51.100.72",), "554.", {25: lambda _: REFUSAL, 587: submission("closed.lab.example")}
)
EXPIRED = next(host for host in HOSTS if host.name == "expired.lab.example")
CONTROLS = tuple(host for host in HOSTS if host.name in CONTROL_HOSTS)
REFUSAL = (Send(b"554 closed.lab.example does not accept mail\r\n"), Close())
PATIENT = Limits()
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOON_AND_A_MINUTE = NOW + MINUTE


@dataclass
class FakeControl:
    keep: float = 300.0


class Scene:
    def __init__(self, looks, history, lab):
        self.looks, self.history, self.lab = looks, history, lab

    async def look(self, watch, at=NOW):
        result = await self.looks(watch, at)
        if result.entry is not None:
            await self.history.add(replace(result.entry, started_at=at), result.readings)
        return result


@pytest.fixture
async def scene(tmp_path):
    async with scenery(tmp_path) as made:
        yield made


@asynccontextmanager
async def scenery(tmp_path, hosts=(WATCHED, BUSY, CLOSED, EXPIRED), controls=CONTROLS):
    numbers = iter(range(100))
    async with probing((*hosts, *controls), zone=ZONE, limits=PATIENT, lifetime_s=5.0) as (lab, prober):
        history = await history_at(tmp_path / "portero.db")
        resolver = SecureResolver((lab.nameserver,))
        looks = WatchProbe(
            prober=without_policy(prober),
            history=history,
            records=Records(resolver, prober.guard),
            ports=(25, 465, 587, 2525),
            new_id=lambda: f"e{next(numbers)}",
        )
        try:
            yield Scene(looks, history, lab)
        finally:
            await history.close()


WATCH = a_watch(target=NAME, every=HOUR)


def test_what_is_known_to_be_a_mail_domain_is_not_taken_for_a_host():
    domain = replace(WATCH, state=State(baseline={TARGET_KIND: DOMAIN}))
    assert target_of(domain).is_email_domain
    assert not target_of(WATCH).is_email_domain


async def test_an_expired_certificate_on_a_submission_port_is_a_failure(scene):
    result = await scene.look(replace(WATCH, target=EXPIRED.name))
    assert result.seen.failing == tuple(f"cert_expired {EXPIRED.name}:{port}" for port in (2525, 465, 587))


async def test_a_first_look_learns_what_answers_and_is_kept_whole_in_the_history(scene):
    result = await scene.look(WATCH)
    assert result.seen.outcome == "good"
    assert result.seen.learned[ENDPOINTS] == {f"{NAME}:25": "sound", f"{NAME}:587": "sound"}
    assert (result.entry.surface, result.entry.actor, result.entry.channel) == ("watch", "U1", "C1")
    assert result.entry.document["endpoints"][0]["transcript"]
    assert {reading.port for reading in result.readings} == {25, 465, 587, 2525}


async def test_later_looks_probe_what_was_learned_and_keep_no_transcripts(scene):
    known = replace(WATCH, state=State("up", baseline={ENDPOINTS: {f"{NAME}:587": "tls"}}))
    result = await scene.look(known)
    assert [each["port"] for each in result.entry.document["endpoints"]] == [587]
    assert result.entry.document["endpoints"][0]["transcript"] == []


async def test_a_port_that_answered_and_refuses_now_is_a_failure_that_is_kept_whole(scene):
    known = replace(WATCH, state=State("up", baseline={ENDPOINTS: {f"{NAME}:25": "tls", f"{NAME}:465": "tls"}}))
    result = await scene.look(known)
    assert result.seen.failing == (f"refused {NAME}:465",)
    assert any(each["transcript"] for each in result.entry.document["endpoints"])


async def test_a_port_that_our_network_refuses_for_all_hosts_is_no_failure_of_the_one_that_answers_beside_it(tmp_path):
    without = [replace(one, ports={port: does for port, does in one.ports.items() if port != 465}) for one in CONTROLS]
    known = replace(WATCH, state=State("up", baseline={ENDPOINTS: {f"{NAME}:465": "tls", f"{NAME}:587": "tls"}}))
    async with scenery(tmp_path, controls=without) as scene:
        result = await scene.look(known)
    assert [each["state"] for each in result.entry.document["endpoints"]] == ["blocked_here", "open"]
    assert (result.seen.failing, result.seen.shut) == ((), (465,))


LATE = Host(
    "late.lab.example",
    ("198.51.100.73",),
    "A greeting after 20 s.",
    {25: lambda authority: (Wait(20.0), *relay("late.lab.example")(authority))},
)
DUMB = Host("dumb.lab.example", ("198.51.100.74",), "Never a word.", {25: lambda _: (Hang(),)})
DRIP = Host("drip.lab.example", ("198.51.100.75",), "A byte every 2 s.", {25: lambda _: DRIPS})
DRIPS = tuple(step for byte in b"220 drip.lab.example ESMTP" * 3 for step in (Wait(2.0), Send(bytes([byte]))))


async def runs_of(host, scene, number, **settings):
    """So many runs of a watch: the states that were seen, and what was told."""
    watch, states, told = a_watch(target=host.name, ports=(25,), every=HOUR, **settings), [], []
    for at in (NOW + run * HOUR for run in range(number)):
        result = await scene.look(watch, at)
        assert result.seen.elapsed_ms < RUN_SECONDS * 1000
        watch, events, _ = conclude(watch, {}, result.seen, at, result.seen.elapsed_ms, "local")
        states += [each["state"] for each in result.entry.document["endpoints"]]
        told += [event.kind for event in events]
    return states, told


@pytest.mark.parametrize(
    ("host", "fail_after", "states", "told"),
    [
        (LATE, 2, ["no_greeting", "open", "open", "open"], []),
        (LATE, 1, ["open"], []),
        (DUMB, 2, ["no_greeting", "no_greeting"], ["opened"]),
        (DUMB, 1, ["no_greeting"], ["opened"]),
        (DRIP, 1, ["tarpit", "tarpit"], []),
    ],
)
def test_a_slow_server_is_not_down_and_a_silent_one_is_after_a_long_wait(tmp_path, host, fail_after, states, told):
    async def watched():
        async with scenery(tmp_path, (host,)) as scene:
            return await runs_of(host, scene, len(states), fail_after=fail_after)

    assert moving.run(watched()) == (states, told)


def test_whether_a_greeting_takes_long_is_compared_with_how_it_was(tmp_path):
    async def watched(host):
        async with scenery(tmp_path / host.name, (host,)) as scene:
            return (await scene.look(a_watch(target=host.name, ports=(25,), fail_after=1))).seen.records

    for host, pace in ((LATE, "slow"), (WATCHED, "prompt")):
        (tmp_path / host.name).mkdir()
        assert moving.run(watched(host))[f"greeting {host.name}:25"] == (pace,)


def test_a_silence_that_somebody_else_met_is_looked_at_again(tmp_path):
    async def watched():
        async with scenery(tmp_path, (DUMB,)) as scene:
            watch = a_watch(target=DUMB.name, ports=(25,), every=HOUR)
            await scene.look(watch)
            return await scene.look(watch, NOW + 0.5 * MINUTE)

    assert moving.run(watched()).entry is not None


def test_a_run_that_other_checks_left_no_room_for_is_unknown_and_not_kept(tmp_path):
    async def watched():
        async with scenery(tmp_path, (DUMB,)) as scene:
            for _ in range(AT_ONE_ENDPOINT):
                await scene.looks.prober.sessions.queues.take((DUMB.addresses[0], 25))
            return await scene.look(a_watch(target=DUMB.name, ports=(25,)))

    result = moving.run(watched())
    assert (result.seen.outcome, result.entry, result.readings) == ("unknown", None, ())


async def test_a_busy_server_is_unknown(scene):
    result = await scene.look(a_watch(target=BUSY.name, ports=(25,)))
    assert (result.seen.outcome, result.seen.later) == ("unknown", True)


async def test_a_name_that_is_gone_is_a_failure(scene):
    result = await scene.look(a_watch(target="gone.lab.example"))
    assert result.seen.failing == ("dns_nxdomain gone.lab.example",)


async def test_somebody_elses_result_of_the_last_minute_is_used_again_but_never_the_own_one(scene):
    first = await scene.look(WATCH)
    again = await scene.look(WATCH, NOW + 0.5 * MINUTE)
    assert again.entry is None
    assert (again.seen.outcome, again.seen.entry) == ("good", first.entry.id)
    own = replace(WATCH, state=State("up", last_entry=first.entry.id))
    assert (await scene.look(own, NOW + 0.5 * MINUTE)).entry is not None
    assert (await scene.look(replace(WATCH, team="T2"), NOW + 0.5 * MINUTE)).entry is not None


async def test_a_result_that_is_a_minute_old_is_not_used(scene):
    await scene.look(WATCH)
    assert (await scene.look(WATCH, NOW + MINUTE)).entry is not None


async def test_a_watch_runs_at_its_interval_however_short(scene):
    watch = replace(WATCH, every=MINUTE / 6)
    for run in range(8):
        result = await scene.look(watch, NOW + run * watch.every)
        assert (result.seen.outcome, result.entry is None) == ("good", False)
        watch = replace(watch, state=State("up", last_entry=result.entry.id))


async def test_a_port_that_refused_us_is_left_alone_and_what_it_said_stands(scene):
    watch = a_watch(target=CLOSED.name, ports=(25, 587), every=HOUR)
    first = await scene.look(watch)
    assert first.seen.failing == (f"refused_by_policy {CLOSED.name}:25",)
    own = replace(watch, state=State("failing", last_entry=first.entry.id, failing=first.seen.failing))
    second = await scene.look(own, NOON_AND_A_MINUTE)
    assert second.seen.failing == first.seen.failing
    assert [each["port"] for each in second.entry.document["endpoints"]] == [587]
    alone = replace(own, ports=(25,))
    third = await scene.look(alone, NOON_AND_A_MINUTE)
    assert (third.entry, third.seen.failing) == (None, first.seen.failing)
    stranger = await scene.look(replace(alone, team="T2"), NOON_AND_A_MINUTE)
    assert (stranger.entry, stranger.seen.outcome) == (None, "unknown")


async def test_certificates_come_with_a_check(scene):
    result = await scene.look(replace(WATCH, kind="certificate", ports=(587,)))
    assert result.seen.outcome == "good"
    assert set(result.seen.certificates) == {f"{NAME}:587"}


async def test_a_watch_on_certificates_is_bad_on_every_port_of_a_host_whose_certificate_expired(scene):
    result = await scene.look(replace(WATCH, kind="certificate", target=EXPIRED.name))
    assert result.seen.outcome == "bad"
    assert result.seen.failing == tuple(f"cert_expired {EXPIRED.name}:{port}" for port in (25, 2525, 465, 587))


async def test_our_network_is_seen_through_the_control_hosts(scene):
    result = await scene.look(a_watch(kind="network", target="network", ports=(25,)))
    assert (result.seen.outcome, result.seen.free) == ("good", (25,))
    entry = result.entry
    assert (entry.id, entry.kind, entry.target, entry.surface) == (result.seen.entry, "network", "network", "watch")
    assert (entry.verdict, entry.channel, entry.scope) == ("ok", "C1", "25")


async def test_records_are_read_from_the_name_server(scene):
    result = await scene.look(a_watch(kind="dns", target=NAME))
    assert result.seen.records == {
        f"mx {NAME}": (),
        f"mta-sts {NAME}": (),
        f"tlsa _25._tcp.{NAME}": (),
        "ptr 198.51.100.70": (NAME,),
        f"address {NAME}": ("198.51.100.70",),
        f"spf {NAME}": (),
        f"dmarc {NAME}": (),
    }


@pytest.mark.parametrize(
    ("outcomes", "way"),
    [
        (("connected", "no_answer"), "open"),
        (("no_answer", "no_answer"), "blocked"),
        (("unreachable", "refused"), "blocked"),
        (("no_answer",), "unknown"),
        ((None, None, "no_answer"), "unknown"),
        ((), "unknown"),
    ],
)
def test_what_control_hosts_say_of_the_way_out(outcomes, way):
    assert egress_of([Attempt(f"c{n}.example", 25, outcome, 1.0) for n, outcome in enumerate(outcomes)]) == way


def test_a_prober_without_policy_shares_turns_and_places():
    class Prober:
        examine, control, turns, limits = print, None, object(), Limits()

    prober = Prober()
    prober.control = FakeControl()
    lean = without_policy(prober)
    assert (lean.examine, prober.examine) == (None, print)
    assert lean.turns is prober.turns
    assert (lean.control.keep, prober.control.keep) == (30.0, 300.0)
    assert lean.limits.turn + with_patience(lean).limits.check < RUN_SECONDS
