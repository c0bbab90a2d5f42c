import pytest

from commands.watch.state.actions import mute
from commands.watch.state.model import Silence
from commands.watch.state.runs import conclude

from .samples import MINUTE, NOON, a_watch, seen


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


@pytest.mark.parametrize("changes", [{"every": 60 * MINUTE}, {"muted": Silence("U2", NOON, None, "noise")}])
def test_a_watch_on_our_network_that_is_slow_or_quiet_leaves_the_notice_to_the_others(changes):
    vantage = Vantage()
    vantage.see(*a_look(**changes))
    assert vantage.see("blind") == [("cannot_see", "C1", [25])]


def test_the_events_of_a_notice_are_numbered():
    vantage = Vantage()
    watch = a_watch()
    _, first, sight = conclude(watch, {}, seen("blind"), NOON, 1.0, "local")
    _, second, _ = conclude(watch, sight, seen("good"), NOON + MINUTE, 1.0, "local")
    assert [event.id for event in (*first, *second)] == ["T1.local.C1.1.1", "T1.local.C1.1.2"]
    assert second[0].facts["seconds"] == 60.0
    assert vantage.sight == {}
