"""How a watch is, as codes: what is stored of it comes back, and what counts as healthy."""

import json
from datetime import time

import pytest

from commands.watch.state.baseline import AMISS
from commands.watch.state.condition import Condition, condition_of, of_json, to_json
from commands.watch.state.model import Incident, Silence, State
from commands.watch.state.windows import Window
from commands.watch.view.condition import state_words
from commands.watch.view.plain_text import plain

from .samples import HOUR, NOON, a_watch

DOWN = State("down", incident=Incident("w-1.1", NOON, ("no_answer mail.example.com:25",)))
MUTED = Silence("U2", NOON, NOON + HOUR, "moving house")


@pytest.mark.parametrize(
    ("watch", "quieted"),
    [
        (a_watch(state=DOWN), ""),
        (a_watch(state=DOWN, muted=MUTED), "muted"),
        (a_watch(state=State("up"), snoozed=MUTED), "snoozed"),
        (a_watch(state=State("up", held="cannot_see"), paused=MUTED, muted=MUTED), "paused"),
        (a_watch(windows=(Window(time(11), time(13), "UTC"),)), "maintenance"),
    ],
)
def test_it_comes_back_from_json_as_it_was(watch, quieted):
    condition = condition_of(watch, NOON)
    assert condition.quieted == quieted
    assert of_json(json.loads(json.dumps(to_json(condition)))) == condition


def test_what_goes_up_and_down_is_not_said_to_be_down_since_then():
    incident = Incident("w-1.1", NOON, ("no_answer mail.example.com:25",), flapping=True)
    for phase, more in (("down", ""), ("recovering", "; answers now")):
        said = plain(state_words(condition_of(a_watch(state=State(phase, incident=incident)), NOON)))
        assert said == f"goes up and down since 2026-11-24 12:00 UTC: 25 no answer{more}"


def test_what_is_down_says_too_why_the_last_run_told_nothing():
    state = State("down", incident=DOWN.incident, held="rate_limited")
    said = plain(state_words(condition_of(a_watch(state=state), NOON)))
    assert said == "down since 2026-11-24 12:00 UTC: 25 no answer; the last run was inconclusive: 421"


def test_what_a_newer_version_adds_does_no_harm():
    assert of_json({"target": "a", "phase": "up", "mood": "good"}) == Condition("a", "up")


@pytest.mark.parametrize(
    ("state", "quiet", "healthy"),
    [
        (State("up"), None, True),
        (State("up"), MUTED, False),
        (State("up", held="unknown"), None, True),
        (State("up", held="cannot_see"), None, False),
        (State("up", baseline={AMISS: ["refused mx2.example.com:25"]}), None, False),
        (State("new"), None, False),
        (DOWN, None, False),
    ],
)
def test_healthy_is_up_in_all_that_is_known_of_it_and_not_quiet(state, quiet, healthy):
    assert condition_of(a_watch(state=state, muted=quiet), NOON).healthy is healthy
