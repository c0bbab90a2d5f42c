"""What every implementation of `History` keeps. Nothing here knows how it is stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.history import OPERATOR, Availability, Endpoint, History, LastReading, Query, StorageError, Viewer
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_documents = st.dictionaries(
    st.text(),
    st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8),
    max_size=4,
)
_letters = st.characters(exclude_categories=["Cs"])
_serial = count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=_documents, started_at=st.datetimes(timezones=st.timezones()), elapsed_ms=st.floats(0, 1e9))
async def test_an_entry_comes_back_as_it_was(history: History, document, started_at, elapsed_ms):
    entry = an_entry(f"h{next(_serial)}", document=document, started_at=started_at, elapsed_ms=elapsed_ms)
    try:
        stored = replace(entry, started_at=started_at.astimezone(UTC))  # hours that clocks repeat equal only this
    except OverflowError:  # the first and last day of the calendar have no UTC in some zones
        return
    await history.add(entry)
    assert await history.get(entry.id, OPERATOR) == stored


async def test_times_come_back_in_utc(history: History):
    madrid = timezone(timedelta(hours=1))
    await history.add(an_entry("e1", started_at=datetime(2026, 11, 24, 13, tzinfo=madrid)))
    entry = await history.get("e1", OPERATOR)
    assert entry is not None
    assert entry.started_at.isoformat() == "2026-11-24T12:00:00+00:00"


async def test_a_time_without_zone_is_a_mistake_of_the_caller(history: History):
    with pytest.raises(ValueError, match="no time zone"):
        await history.add(an_entry(started_at=datetime(2026, 11, 24)))  # noqa: DTZ001 - the mistake
    assert await history.count(Query(OPERATOR)) == 0


async def test_text_that_is_no_unicode_is_spelled_out_instead_of_losing_the_result(history: History):
    await history.add(an_entry(summary="220 caf\udce9"), [a_reading(host="\udce9", tls="\udce9")])
    entry = await history.get("e1", OPERATOR)
    assert entry is not None
    assert entry.summary == "220 caf\\udce9"
    assert [each.host for each in await history.readings("e1", OPERATOR)] == ["\\udce9"]


async def test_what_was_never_stored_is_none(history: History):
    assert await history.get("nobody", OPERATOR) is None
    assert await history.last_of("mail.example.com", OPERATOR) is None
    assert await history.readings("nobody", OPERATOR) == []
    assert await history.entries(Query(OPERATOR)) == []
    assert await history.count(Query(OPERATOR)) == 0


async def test_an_id_is_accepted_once_and_the_first_one_stays(history: History):
    await history.add(an_entry("e1", verdict="ok"), [a_reading()])
    with pytest.raises(StorageError, match="e1 is stored already"):
        await history.add(an_entry("e1", verdict="failed"), [a_reading()])
    entry = await history.get("e1", OPERATOR)
    assert entry is not None
    assert entry.verdict == "ok"
    assert await history.availability("mail.example.com", since=NOON, viewer=OPERATOR) == [Availability(587, 1, 1)]


async def test_readings_keep_their_order_and_belong_to_one_entry(history: History):
    mine = [a_reading(587), a_reading(25, state="no_answer", ok=False, tls="", latency_ms=None), a_reading(465)]
    await history.add(an_entry("e1"), iter(mine))
    await history.add(an_entry("e2"), [a_reading(2525)])
    assert await history.readings("e1", OPERATOR) == mine


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(named=st.lists(st.tuples(st.text(_letters), st.integers(0, 65535), st.text(_letters)), max_size=5))
async def test_a_line_shows_its_endpoints_in_their_order_whatever_they_are_called(history: History, named):
    id_ = f"l{next(_serial)}"
    await history.add(
        an_entry(id_, target=id_), [a_reading(port, host=host, state=state) for host, port, state in named]
    )
    [line] = await history.page(Query(OPERATOR, target=id_))
    assert line.endpoints == tuple(Endpoint(*each) for each in named)


async def test_recent_is_newest_first_and_filters_by_target_and_kind(history: History):
    await history.add(an_entry("a", started_at=NOON))
    await history.add(an_entry("c", started_at=NOON + 2 * MINUTE, target="other.example"))
    await history.add(an_entry("b", started_at=NOON + MINUTE, kind="pmta"))
    assert [each.id for each in await history.entries(Query(OPERATOR))] == ["c", "b", "a"]
    assert [each.id for each in await history.entries(Query(OPERATOR, target="mail.example.com"))] == ["b", "a"]
    assert [each.id for each in await history.entries(Query(OPERATOR, kind="check"))] == ["c", "a"]
    assert [each.id for each in await history.entries(Query(OPERATOR, target="mail.example.com", kind="check"))] == [
        "a"
    ]
    assert [each.id for each in await history.entries(Query(OPERATOR, target=""))] == []
    assert [each.id for each in await history.entries(Query(OPERATOR), limit=1)] == ["c"]
    assert await history.entries(Query(OPERATOR), limit=0) == []


async def test_last_of_is_the_newest_of_its_kind(history: History):
    await history.add(an_entry("new", started_at=NOON + MINUTE))
    await history.add(an_entry("old", started_at=NOON))
    await history.add(an_entry("advice", started_at=NOON + 2 * MINUTE, kind="port"))
    last, advice = (
        await history.last_of("mail.example.com", OPERATOR),
        await history.last_of("mail.example.com", OPERATOR, "port"),
    )
    assert (last and last.id, advice and advice.id) == ("new", "advice")


async def test_what_another_vantage_saw_is_no_answer_from_here_and_counts_for_no_availability(history: History):
    await history.add(an_entry("a"), [a_reading(25), a_reading(587)])
    far = an_entry("b", vantage="mta-03", started_at=NOON + MINUTE)
    await history.add(far, [a_reading(25, ok=False, state="refused", latency_ms=900.0), a_reading(587)])
    last = (
        await history.last_of("mail.example.com", OPERATOR),
        await history.last_of("mail.example.com", OPERATOR, vantage="mta-03"),
    )
    assert [entry and entry.id for entry in last] == ["a", "b"]
    assert [one.entry for one in await history.last_readings("mail.example.com", NOON)] == ["a", "a"]
    assert [one.entry for one in await history.last_readings("mail.example.com", NOON, "mta-03")] == ["b", "b"]
    counted = await history.availability("mail.example.com", since=NOON - DAY, viewer=OPERATOR)
    assert counted == [Availability(25, 1, 1), Availability(587, 1, 1)]
    assert [one.ok for one in await history.readings("b", OPERATOR)] == [False, True]
    failed = Query(OPERATOR, port=25, failed=True)
    assert [one.id for one in await history.page(failed)] == ["b"]
    assert await history.page(replace(failed, port=587)) == []


async def test_the_last_reading_of_every_port_of_a_host_is_found_whatever_the_target_was(history: History):
    await history.add(an_entry("a"), [a_reading(25, state="rate_limited"), a_reading(587), a_reading(25, host="other")])
    await history.add(an_entry("b", target="example.com", started_at=NOON + MINUTE), [a_reading(25, state="open")])
    found = await history.last_readings("mail.example.com", NOON)
    assert found == [LastReading(25, "open", NOON + MINUTE, "b"), LastReading(587, "open", NOON, "a")]
    assert [one.port for one in await history.last_readings("mail.example.com", NOON + MINUTE)] == [25]
    assert await history.last_readings("nobody.example", NOON) == []


async def test_paging_loses_nothing_when_times_are_equal_and_results_arrive_meanwhile(history: History):
    stored = {f"e{number}" for number in range(25)}
    for number, id_ in enumerate(sorted(stored)):
        await history.add(an_entry(id_, started_at=NOON + MINUTE * (number // 10)))
    seen: list[str] = []
    before = None
    while page := await history.entries(Query(OPERATOR, target="mail.example.com"), limit=4, before=before):
        seen += [each.id for each in page]
        before = page[-1].cursor
        await history.add(an_entry(f"late{len(seen)}", started_at=NOON + DAY))
    assert len(seen) == len(set(seen))
    assert set(seen) == stored


async def test_a_cursor_works_although_its_entry_is_not_there(history: History):
    await history.add(an_entry("a"))
    gone = an_entry("b")
    assert [each.id for each in await history.entries(Query(OPERATOR), before=gone.cursor)] == ["a"]


@pytest.mark.parametrize("nonsense", ["", "e1", "2026-11-24", an_entry().cursor.replace(" ", "_")])
async def test_what_is_no_cursor_is_refused(history: History, nonsense):
    with pytest.raises(ValueError, match=r"cursor|isoformat"):
        await history.entries(Query(OPERATOR), before=nonsense)


async def test_what_a_watch_ran_is_not_what_its_owner_asked(history: History):
    await history.add(an_entry("asked"))
    for number in range(3):
        await history.add(an_entry(f"ran{number}", surface="watch", started_at=NOON + MINUTE * (number + 1)))
    for asked in (
        Query(OPERATOR, actor="U1"),
        Query(Viewer("T1", "U1")),
        Query(OPERATOR, channel="C1"),
        Query(OPERATOR),
    ):
        assert [line.id for line in await history.page(replace(asked, watched=False), limit=2)] == ["asked"]
        assert await history.count(replace(asked, watched=True)) == 3
        assert await history.count(asked) == 4


async def test_runs_of_others_alone_are_none(history: History):
    """The whole answer failed where a scope had nothing for whoever asked."""
    await history.add(an_entry("e1", outcome="x", scope="25"))
    await history.add(an_entry("e2", outcome="x", scope="25,587", actor="U2", channel="D2"))
    for user, seen in (("U9", []), ("U2", ["e2"])):
        found = await history.runs(Query(Viewer("T1", user), target="mail.example.com"))
        assert [run.first_id for run in found] == seen
