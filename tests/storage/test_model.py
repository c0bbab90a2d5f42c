"""Every question, asked of real storage and of a plain model, before and after things were deleted."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from itertools import groupby, product
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.history import OPERATOR, Asker, Entry, History, Query
from storage.queries import EVERY_TEAM, Viewer
from tests.storage.conftest import OPENERS
from tests.storage.model import Model, as_seen, line, sees
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

HOSTS = ("mx1.example.com", "mx2.example.com")
TARGETS = ("example.com", "mx1.example.com")
TEAMS = ("T1", "T2", "")
ACTORS, CHANNELS = ("U1", "U2", ""), ("C1", "C2", "D1", "")
VERDICTS = ("ok", "degraded", "failed", "blocked_here", "error", "danger")
scope_of = attrgetter("team", "vantage", "scope")
SCALE = (timedelta(0), MINUTE, 13 * MINUTE, timedelta(hours=11), DAY, 2 * DAY + MINUTE)

moments = st.builds(lambda base, more: NOON - base - more, st.sampled_from(SCALE), st.sampled_from(SCALE))
ends = st.none() | st.sampled_from([NOON + DAY * days for days in (-1, 3, 10, 40)])
readings = st.builds(
    a_reading,
    port=st.sampled_from([25, 587]),
    host=st.sampled_from(HOSTS),
    address=st.sampled_from(["192.0.2.1", "192.0.2.2"]),
    ok=st.none() | st.booleans(),
    state=st.sampled_from(["open", "no_answer"]),
    latency_ms=st.none() | st.sampled_from([1.0, 2.0, 5.0, 1000.0]),
    certificate=st.sampled_from(["aa", "bb"]),
    certificate_ends=ends,
)


def asked_by_people(entry: Entry) -> Entry:
    """What several asked for is no watch's, and each of them is somebody."""
    askers = entry.askers[bool(entry.others and not entry.actor) :]
    (actor, channel), others = askers[0], tuple(askers[1:])
    surface = "slash" if others else entry.surface
    return replace(entry, actor=actor, channel=channel, others=others, surface=surface)


entries = st.builds(
    an_entry,
    target=st.sampled_from(TARGETS),
    kind=st.sampled_from(["check", "check", "pmta"]),
    vantage=st.sampled_from(["local", "local", "local", "mta-03"]),
    verdict=st.sampled_from(VERDICTS),
    started_at=moments,
    actor=st.sampled_from(ACTORS),
    team=st.sampled_from(["T1", *TEAMS]),
    channel=st.sampled_from(CHANNELS),
    surface=st.sampled_from(["slash", "watch"]),
    scope=st.sampled_from(["25,587", "25,587", "25"]),
    outcome=st.sampled_from(["", "x", "x", "y"]),
    others=st.just(())
    | st.lists(st.builds(Asker, st.sampled_from(ACTORS[:2]), st.sampled_from(CHANNELS)), min_size=1, max_size=3).map(
        tuple
    ),
).map(asked_by_people)
results = st.lists(st.tuples(entries, st.lists(readings, max_size=4).map(tuple)), max_size=25)
people = st.builds(
    Viewer,
    st.sampled_from([*TEAMS, EVERY_TEAM]),
    st.sampled_from(["U1", "U2", "U9", ""]),
    st.frozensets(st.sampled_from(CHANNELS)),
    st.booleans(),
)
viewers = st.just(OPERATOR) | people
queries = st.builds(
    Query,
    viewers,
    target=st.none() | st.sampled_from(TARGETS),
    kind=st.none() | st.sampled_from(["check", "pmta", "port"]),
    vantage=st.none() | st.sampled_from(["local", "mta-03"]),
    actor=st.none() | st.sampled_from(ACTORS),
    channel=st.none() | st.sampled_from(CHANNELS),
    port=st.none() | st.sampled_from([25, 587]),
    failed=st.booleans(),
    watched=st.none() | st.booleans(),
    since=st.none() | moments,
    until=st.none() | moments,
)
removals = st.sampled_from(["delete", "delete mine", "prune", "forget", "forget, but not the team's"])


@pytest.mark.parametrize("opener", OPENERS)
@settings(max_examples=40, deadline=None)
@given(
    results=results,
    asked=st.lists(queries, min_size=1, max_size=12),
    looking=st.lists(viewers, min_size=1, max_size=3),
    removing=st.lists(st.tuples(removals, moments, viewers), max_size=4),
)
async def test_every_answer_is_that_of_a_plain_list(opener, results, asked, looking, removing):
    with tempfile.TemporaryDirectory() as folder:
        history = await OPENERS[opener](Path(folder))
        try:
            model = await filled(history, results)
            await compare(history, model, asked, looking)
            for removal in removing:
                await remove(history, model, *removal)
                await compare(history, model, asked, looking)
        finally:
            await history.close()


async def filled(history: History, results) -> Model:
    """Ids stand in another order than times."""
    model = Model()
    for number, (made, endpoints) in enumerate(results):
        entry = an_entry(
            f"e{number * 7 % 25:02}", **{name: getattr(made, name) for name in made.__slots__ if name != "id"}
        )
        await history.add(entry, endpoints)
        model.add(entry, endpoints)
    return model


async def remove(history: History, model: Model, how: str, when, viewer: Viewer) -> None:
    oldest = [entry for entry, _ in model.seen(OPERATOR)]
    chosen = oldest[len(oldest) // 3 : len(oldest) // 3 + 1]
    if how == "delete":
        assert [await history.delete(entry.id, OPERATOR) for entry in chosen] == [True] * model.drop(chosen)
        assert not await history.delete("nobody", OPERATOR)
    elif how == "delete mine":
        of_admin = [one for one in chosen if viewer.admin and viewer.is_of(one.team)]
        theirs = of_admin or [one for one in chosen if any(viewer.owns(one.team, asker.actor) for asker in one.askers)]
        assert [await history.delete(entry.id, viewer) for entry in chosen] == [bool(theirs)] * len(chosen)
        left = 0 if of_admin else sum(model.leave(one.team, viewer.user, [one]) for one in theirs)
        model.drop([] if left else theirs)
    elif how == "prune":
        gone = model.drop([entry for entry in oldest if entry.started_at < when])
        assert await history.prune(when, batch=3) == gone
    elif viewer.user and viewer.team is not EVERY_TEAM:
        shared = ("C", "G") if how == "forget, but not the team's" else ()
        assert await history.forget(viewer.team, viewer.user, shared=shared, batch=3) == model.forget(
            viewer.team, viewer.user, shared
        )


async def compare(history: History, model: Model, asked: list[Query], looking: list[Viewer]) -> None:
    for query in asked:
        await compare_lists(history, model, query)
    for viewer in looking:
        await compare_answers(history, model, viewer)
    for host in HOSTS:
        for vantage in ("local", "mta-03"):
            known = model.last_readings(host, NOON - DAY, vantage)
            assert await history.last_readings(host, NOON - DAY, vantage) == known


async def compare_lists(history: History, model: Model, query: Query) -> None:
    expected = model.matching(query)
    assert await history.count(query) == len(expected)
    assert await history.count(query, most=3) == min(3, len(expected))
    assert await history.entries(query, limit=100) == [entry for entry, _ in expected]
    assert await paged(history, query) == [line(each) for each in expected]
    for entry, _ in model.kept[:3]:
        after = [line(each) for each in model.after(query, entry.cursor)]
        assert await history.page(query, before=entry.cursor, limit=2) == after[:2]


async def paged(history: History, query: Query):
    lines, before = [], None
    while page := await history.page(query, limit=4, before=before):
        lines += page
        before = page[-1].cursor
    return lines


async def compare_answers(history: History, model: Model, viewer: Viewer) -> None:
    for since in (NOON - 3 * DAY, NOON.replace(hour=0), NOON - 13 * MINUTE):
        for hosts in ((), HOSTS[:1], HOSTS):
            there = model.availability(hosts, since, viewer)
            assert await history.availability(*hosts, since=since, viewer=viewer) == there
    for since, until in product((NOON - 3 * DAY, NOON - 13 * MINUTE), (NOON - 2 * DAY, NOON.replace(hour=0), NOON)):
        there = model.availability(HOSTS, since, viewer, until)
        assert await history.availability(*HOSTS, since=since, until=until, viewer=viewer) == there
    await compare_runs(history, model, viewer)
    found = await history.certificates(ends_after=NOON, ends_before=NOON + 11 * DAY, viewer=viewer)
    assert found == model.certificates(NOON, NOON + 11 * DAY, viewer)
    for entry, readings in model.kept:
        assert await history.streak(entry, viewer) == model.streak(entry, viewer)
        seen = sees(viewer, entry)
        assert await history.get(entry.id, viewer) == (as_seen(entry, viewer) if seen else None)
        assert await history.readings(entry.id, viewer) == (list(readings) if seen else [])
    since, points = NOON - 2 * DAY, 4
    trend = await history.trend(HOSTS[0], 587, since=since, until=NOON, points=points, viewer=viewer)
    assert trend == model.trend(HOSTS[0], 587, (since, NOON), points, viewer)


async def compare_runs(history: History, model: Model, viewer: Viewer) -> None:
    """Pieces of a run put together; they begin in the order in which they are."""
    for since, until in product((None, NOON - DAY), (None, NOON - 13 * MINUTE)):
        query = Query(viewer, kind="check", since=since, until=until)
        judged = {entry.target for entry, _ in model.matching(query) if entry.outcome}
        assert await history.targets(query) == sorted(judged)
        query = Query(viewer, target=TARGETS[1], since=since, until=until)
        found = await history.runs(query)
        assert [run.first for run in found] == sorted(run.first for run in found)
        whole = []
        for _, pieces in groupby(sorted(found, key=scope_of), scope_of):
            for outcome, parts in groupby(pieces, attrgetter("outcome")):
                alike = list(parts)
                count = sum(run.count for run in alike)
                whole.append((alike[0].scope, outcome, alike[0].first_id, alike[-1].last_id, count))
        assert sorted(whole) == model.runs(query)
