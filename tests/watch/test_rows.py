import json
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.watch.state.events import Event
from commands.watch.state.model import Incident, Second, Silence, State
from commands.watch.state.rows import of_event_row, of_row, to_event_row, to_row
from commands.watch.state.runs import concluded
from commands.watch.state.windows import Window

from .samples import HOUR, MINUTE, NOON, a_watch, seen

SILENCE = st.none() | st.builds(Silence, st.just("U2"), st.just(NOON), st.sampled_from([None, NOON + HOUR]), st.text())
CODES = st.lists(st.text(max_size=9), max_size=3).map(tuple)
INCIDENT = st.none() | st.builds(
    Incident,
    st.text(),
    st.just(NOON),
    CODES,
    st.booleans(),
    st.booleans(),
    acked_by=st.text(),
    acked_at=st.sampled_from([None, NOON]),
    events=st.integers(0, 9),
    told_at=st.sampled_from([None, NOON]),
    escalated_at=st.sampled_from([None, NOON]),
    told_to=CODES,
    kept=st.just({"flapping": 3, "acked_by": "U9"}),
)
STATE = st.builds(
    State,
    phase=st.sampled_from(["new", "up", "failing", "down", "recovering"]),
    count=st.integers(0, 9),
    since=st.sampled_from([None, NOON]),
    incident=INCIDENT,
    baseline=st.just({"endpoints": {"a:25": "tls"}, "records": {"mx a": ["1 b"]}}),
    last_at=st.sampled_from([None, NOON]),
    last_ms=st.none() | st.floats(0, 9e9),
    failing=CODES,
)
WATCH = st.builds(
    a_watch,
    every=st.integers(1, 10**6).map(lambda ms: timedelta(milliseconds=ms)),
    ports=st.lists(st.integers(1, 65535), max_size=3).map(tuple),
    windows=st.just((Window(time(2), time(4, 30), "Europe/Madrid", frozenset({6})),)),
    then=st.none() | st.just(Second("U2", HOUR)),
    runbook=st.sampled_from(["", "https://wiki.example.com/25"]),
    routes=st.just({"mail": ("ops@example.com",)}),
    paused=SILENCE,
    snoozed=SILENCE,
    muted=SILENCE,
    deleted_at=st.sampled_from([None, NOON]),
    vantage=st.sampled_from(["local", "mta-03/192.0.2.11"]),
    state=STATE,
)


@given(WATCH)
def test_a_watch_comes_back_from_its_row_as_it_was(watch):
    row = to_row(watch)
    back = of_row(replace(row, document=json.loads(json.dumps(row.document))))
    assert back == (watch if watch.runs else replace(watch, due_at=None))


def test_a_watch_that_is_paused_is_never_due():
    assert to_row(a_watch(paused=Silence("U1", NOON))).due_at is None


def test_fields_that_an_older_or_newer_version_wrote_do_no_harm():
    row = to_row(a_watch())
    state = {name: value for name, value in row.document["state"].items() if name != "later"}
    other = {**row.document, "state": {**state, "mood": "good"}, "colour": "red"}
    assert of_row(replace(row, document=other)) == a_watch()


def test_an_event_goes_to_slack_and_where_its_watch_says():
    watch = a_watch(routes={"mail": ("ops@example.com",), "webhook": ("https://hooks.example.com/",)})
    event = Event("w-1.1.1", "opened", NOON, "w-1.1", "T1", "C1", "w-1", "m", "check", NOON, facts={"failing": ["a"]})
    assert to_event_row(event, watch).routes == ("slack", "mail", "webhook")
    assert to_event_row(event, a_watch()).routes == ("slack",)
    assert of_event_row(to_event_row(event, watch)) == event


OLD = {"mail": ["ops@example.com"], "webhook": "https://hooks.example.com/"}


@pytest.mark.parametrize(
    ("old", "routes"),
    [
        (OLD, {"mail": ("ops@example.com",), "webhook": ("https://hooks.example.com/",)}),
        ({"mail": [], "webhook": ""}, {}),
    ],
)
def test_a_row_in_which_mail_and_webhook_are_fields_is_read_and_left_as_it_is(old, routes):
    row = to_row(a_watch())
    document = {name: value for name, value in row.document.items() if name != "routes"}
    stored = replace(row, document={**document, "schema": "portero.watch/1", **old})
    assert of_row(stored) == a_watch(routes=routes)
    assert stored.document.items() >= old.items()


def test_what_a_watch_saw_as_bad_is_marked_from_the_first_run_on_whatever_the_verdict_of_the_host():
    """What opens with the second run has begun with the first."""
    watch, marked = a_watch(fail_after=2, state=State(phase="up")), []
    for number, outcome in enumerate(("bad", "bad", "unknown", "bad", "good")):
        change = concluded(seen(outcome, watch, verdict="degraded"), NOON + number * MINUTE, 5.0)(to_row(watch), {})
        watch = of_row(change.watch)
        marked.append(change.alerted)
    assert marked == [True, True, False, True, False]
