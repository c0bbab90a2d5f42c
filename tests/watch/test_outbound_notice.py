from commands.watch.state.actions import mute
from commands.watch.state.endpoints import of_check
from commands.watch.state.model import Silence
from commands.watch.state.observation import of_network
from commands.watch.state.rows import to_event_row
from commands.watch.state.runs import conclude

from .room import room
from .samples import HOUR, MINUTE, NOON, a_watch, document, endpoint, seen


class Vantage:
    """Several watches that share one sight."""

    def __init__(self):
        self.sight, self.at, self.told = {}, NOON, []

    def see(self, outcome, watch=None, **changes):
        watch = watch or a_watch()
        self.at += MINUTE
        observation = outcome if not isinstance(outcome, str) else seen(outcome, watch, **changes)
        _, events, self.sight = conclude(watch, self.sight, observation, self.at, 1.0, "local")
        return [(event.kind, event.channel, event.facts["ports"]) for event in events if event.incident[:2] != "w-"]


def test_a_hundred_blind_watches_of_a_channel_are_one_notice():
    vantage = Vantage()
    told = [vantage.see("blind", a_watch(id=f"w-{number}")) for number in range(100)]
    assert told == [[("cannot_see", "C1", [25])], *[[]] * 99]


def test_each_channel_has_its_own_notice_and_all_end_together():
    vantage = Vantage()
    assert vantage.see("blind") == [("cannot_see", "C1", [25])]
    assert vantage.see("blind", a_watch(channel="C2")) == [("cannot_see", "C2", [25])]
    assert vantage.see("good", a_watch(channel="C3")) == [("sees_again", "C1", [25]), ("sees_again", "C2", [25])]
    assert vantage.see("good") == []


def test_what_is_told_in_a_channel_is_told_as_by_its_own_watch_and_by_the_ways_of_that():
    """Whoever sees the end first may stand in a channel that they do not know."""
    sight, at = {}, NOON
    first = a_watch(id="w-1", target="a.example.com", routes={"mail": ("ops@example.com",)})
    other = a_watch(id="w-2", target="secret.example.com", channel="C2")
    told = []
    for watch, outcome in ((first, "blind"), (other, "blind"), (other, "good")):
        at += MINUTE
        _, events, sight = conclude(watch, sight, seen(outcome, watch), at, 1.0, "local")
        told += [
            (event.kind, event.channel, event.watch, event.target, to_event_row(event, watch).routes)
            for event in events
            if event.incident[:2] != "w-"
        ]
    mine, theirs = ("C1", "w-1", "a.example.com", ("slack", "mail")), ("C2", "w-2", "secret.example.com", ("slack",))
    begun = [("cannot_see", *mine), ("cannot_see", *theirs)]
    assert told == [*begun, ("sees_again", *mine), ("sees_again", *theirs)]


def test_another_port_that_is_shut_or_free_changes_the_notice():
    vantage = Vantage()
    vantage.see("blind")
    assert vantage.see("blind", shut=(25, 587)) == [("sight_changed", "C1", [25, 587])]
    assert vantage.see("good", free=(587,)) == [("sight_changed", "C1", [25])]
    assert vantage.see("good", free=(587,)) == []
    assert vantage.see("good", free=(25,)) == [("sees_again", "C1", [25, 587])]


def test_a_notice_that_just_ended_does_not_come_again_at_once():
    vantage = Vantage()
    vantage.see("blind")
    vantage.see("good")
    assert vantage.see("blind") == []
    vantage.at += 10 * MINUTE
    assert vantage.see("blind") == [("cannot_see", "C1", [25])]


def test_a_muted_watch_is_silent_about_our_network_too():
    quiet = mute(a_watch(), "U2", NOON, None, "noise").watch
    assert Vantage().see("blind", quiet) == []


def a_look(ports=(25,), **changes):
    """A run of a watch on our own network that is blocked on these ports."""
    watch = a_watch(**{"id": "w-9", "kind": "network", "target": "network", "every": 5 * MINUTE, **changes})
    return seen("bad", watch, failing=tuple(f"blocked network:{port}" for port in ports)), watch


def test_a_watch_on_our_network_tells_of_its_ports_itself_in_its_channel():
    vantage = Vantage()
    vantage.see(*a_look())
    vantage.see(*a_look((465,), id="w-8"))
    assert vantage.see("blind") == []
    assert vantage.see("blind", a_watch(channel="C2")) == [("cannot_see", "C2", [25])]
    assert vantage.see("blind", shut=(25, 587)) == [("cannot_see", "C1", [587])]


def test_a_watch_on_our_network_that_no_longer_runs_leaves_the_notice_to_the_others():
    vantage = Vantage()
    vantage.see(*a_look())
    vantage.at += 10 * MINUTE
    assert vantage.see("blind") == [("cannot_see", "C1", [25])]


def test_a_watch_on_our_network_that_is_quiet_leaves_the_notice_to_the_others():
    vantage = Vantage()
    vantage.see(*a_look(muted=Silence("U2", NOON, None, "noise")))
    assert vantage.see("blind") == [("cannot_see", "C1", [25])]


async def test_our_own_blocked_port_is_one_message_in_a_channel_whoever_sees_it(tmp_path):
    """Watches with that port alone, with others beside it, and on our network, each at its own interval."""
    ports, network = {25: "no_answer", 587: "open"}, ("network", "w-n1", "w-n2")
    hosts = [a_watch(id=f"w-{n}", target=f"mx{n}.x", ports=(25,) if n % 2 else (), every=10 * MINUTE) for n in range(4)]
    own = [a_watch(id=id_, kind="network", target="network", every=every) for id_, every in
           zip(network[1:], (15 * MINUTE, 2 * HOUR), strict=True)]  # fmt: skip

    def look(watch, at):
        shut = HOUR <= at - NOON < 4 * HOUR
        egress = dict.fromkeys(ports, "open") | ({25: "blocked"} if shut else {})
        if watch.kind == "network":
            return of_network(watch, egress, {"id": "e", "verdict": "ok", "summary": "", "elapsed_ms": 1.0})
        found = [endpoint(one, ports[one] if shut else "open", host=watch.target) for one in watch.ports or ports]
        return of_check(watch, document(*found, kind="host", target=watch.target), egress if shut else {})

    for number, watches in enumerate([hosts, [*hosts, own[0]], [*hosts, own[1]], [*hosts, *own]]):
        async with room(tmp_path / str(number), look) as here:
            await here.add(*watches)
            await here.until(NOON + 3 * HOUR)
            assert len(here.messages()) == 1
            await here.until(NOON + 8 * HOUR)
            [said] = here.messages()
            assert "open again" in said or "recovered" in said


def test_the_events_of_a_notice_are_numbered():
    vantage = Vantage()
    watch = a_watch()
    _, first, sight = conclude(watch, {}, seen("blind"), NOON, 1.0, "local")
    _, second, _ = conclude(watch, sight, seen("good"), NOON + MINUTE, 1.0, "local")
    assert [event.id for event in (*first, *second)] == ["T1.local.C1.1.1", "T1.local.C1.1.2"]
    assert second[0].facts["seconds"] == 60.0
    assert vantage.sight == {}
