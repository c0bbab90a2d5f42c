"""What is known of one target."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from commands.history.about import SPANS, About, about, since
from commands.history.about_view import availability_rows, blocks_of, certificate_lines, folded, labels
from commands.uptime import Uptime
from storage.entries import Endpoint
from storage.history import Point
from storage.queries import OPERATOR, Availability, Query
from storage.sqlite.history import SqliteHistory
from tests.histories import history_at
from tests.history.documents import AT, HOST, line, reading
from tests.history.made import stored_check

MADRID = timezone(timedelta(hours=1))
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 24, 0, 30, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("span", "begins"),
    [
        ("24 h", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
        ("7 d", datetime(2026, 11, 16, 23, 30, tzinfo=UTC)),
        ("90 d", datetime(2026, 8, 25, tzinfo=UTC)),
    ],
)
def test_long_spans_begin_at_midnight_as_days_are_counted(span, begins):
    assert since(NOW, SPANS[span]) == begins
    assert since(NOW, SPANS[span]).utcoffset() == timedelta()


def test_labels_of_a_chart_are_told_apart():
    assert labels([NOW, NOW + timedelta(minutes=1)]) == ["Nov 24 00:30", "Nov 24 00:31"]
    assert labels([NOW, NOW + timedelta(seconds=9)]) == ["Nov 24 00:30:00", "Nov 24 00:30:09"]


def test_of_several_measurements_in_one_second_the_newest_is_drawn():
    def drawn(*moments):
        points = [Point(part, AT + timedelta(seconds=at), 10.0 + part) for part, at in enumerate(moments)]
        return [block["chart"] for block in blocks_of(About(line(), {}, {587: points}), AT) if "chart" in block]

    assert drawn(0, 0.5) == []
    [chart] = drawn(0, 0.5, 9)
    assert chart["axis_config"]["categories"] == ["Nov 24 10:00:00", "Nov 24 10:00:09"]
    assert [point["value"] for point in chart["series"][0]["data"]] == [11.0, 12.0]


def test_certificates_of_several_hosts_are_told_with_the_host():
    shown = [reading(25, host=host, days=number) for number, host in enumerate(("mx2.x", "mx1.x"))]
    lines = list(certificate_lines(About(line(), {}, certificates=shown), AT))
    ends = ("mx2.x ends today (2026-11-24)", "mx1.x ends tomorrow (2026-11-25)")
    assert lines == [f":warning: Certificate on 25 of {each}" for each in ends]
    [alone] = certificate_lines(About(line(), {}, certificates=[reading(25, days=40), reading(587, days=40)]), AT)
    assert alone == ":lock: Certificate on 25, 587 ends in 40 days (2027-01-03)"
    [then] = certificate_lines(About(line(), {}, certificates=[reading(25, days=-9)], over=True), AT)
    assert then == ":lock: Certificate on 25 seen then: until 2026-11-15"  # it may have been renewed since
    many = [reading(25, host=f"mx{number}.x", days=number) for number in range(6)]
    *_, last = certificate_lines(About(line(), {}, certificates=many), AT)
    assert last == "• and 2 more that end later"


def test_what_was_counted_of_all_hosts_stands_for_none_of_several():
    """An MX that left the domain has no figure of the days since then; a host alone has that of its own checks."""
    seen = {"7 d": {"mx1.x:25": Uptime(AT, {"up": DAY}), "mx2.x:25": Uptime(AT, {"up": DAY})}}
    uptime = {"24 h": {"mx1.x:25": seen["7 d"]["mx1.x:25"]}, **seen}
    counted = {span: [Availability(25, 9, 9)] for span in uptime}
    for hosts, shown in ((("mx1.x",), "–"), (("mx1.x", "mx3.x"), "–"), (("mx2.x",), "100 % (9 of 9)")):
        last = line(endpoints=tuple(Endpoint(host, 25, "open") for host in hosts))
        known = About(last, counted, uptime=uptime, begins=dict.fromkeys(uptime, AT))
        assert availability_rows(known, UTC)[-1] == ("mx2.x:25", shown, "100 %")


FOLDED = {
    "nothing is equal": ([("25", "100 %", "90 %"), ("587", "80 %", "70 %")],) * 2,
    "spans": ([("25", "90 %", "90 %"), ("587", "80 %", "80 %")], [("25", "90 %"), ("587", "80 %")]),
    "ports": ([("all together", "9", "8"), ("25", "9", "8"), ("587", "9", "8")], [("25, 587", "9", "8")]),
    "both": ([("25", "9", "9"), ("465", "1", "1"), ("587", "9", "9")], [("25, 587", "9"), ("465", "1")]),
    "one of several is as the whole": (
        [("all together", "9", "8"), ("25", "9", "8"), ("587", "10", "9")],
        [("25", "9", "8"), ("587", "10", "9")],
    ),
    "no port": ([("all together", "9", "8")],) * 2,
}


@pytest.mark.parametrize(("rows", "shown"), FOLDED.values(), ids=FOLDED)
def test_what_is_equal_stands_once_in_the_table(rows, shown):
    head, *lines = folded([("Port", "24 h", "7 d"), *rows])
    assert lines == shown
    spans = ("Usable, 24 h", "Usable, 7 d") if len(shown[0]) > len(("port", "span")) else ("Usable, 24 h, 7 d",)
    assert head == ("Port", *spans)


async def trend_of(history: SqliteHistory, *ages: timedelta, now: datetime = AT):
    for number, age in enumerate(ages):
        await history.add(*stored_check(number, now - age, now))
    known = await about(Query(OPERATOR, HOST), now, history, history.watches)
    assert known is not None
    return known.trend


@pytest.mark.parametrize(
    ("every", "count", "points"),
    [
        (timedelta(minutes=1), 12, 12),
        (timedelta(minutes=15), 400, 20),
        (timedelta(hours=5), 90, 20),  # within 24 h there are few, within 7 d enough
        (timedelta(days=1), 80, 20),
        (timedelta(days=20), 3, 3),
        (timedelta(days=1), 1, 0),
    ],
)
async def test_a_trend_is_of_the_shortest_time_that_has_enough(tmp_path, every, count, points):
    history = await history_at(tmp_path / "history.db")
    ages = [every * (number + 1) for number in range(count)]
    trend = await trend_of(history, *ages)
    assert {port: len(found) for port, found in trend.items()} == (
        {25: points, 465: points, 587: points} if points else {}
    )
    assert {point.at for found in trend.values() for point in found} <= {AT - age for age in ages}
    await history.close()
