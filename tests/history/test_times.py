"""Times as people type them, and the instants that they mean where somebody is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commands.contract import Actor, UserError
from commands.history.filters import Filters
from commands.past_times import WEEKDAYS, end_of, read_time, said, start_of
from tests.every import every

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
"""A Tuesday; in Madrid it is Wednesday already, half past midnight."""

MADRID, LIMA = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Lima")

READ = {
    "7 days": "7d",
    "7 days ago": "7d",
    "2 hours": "2h",
    "an hour": "1h",
    "a week ago": "1w",
    "90min": "90m",
    "1h30m": "90m",
    "45 seconds": "45s",
    "thur": "thursday",
    "3 months": "90d",
    "1y": "365d",
    "last week": "1w",
    "the past hour": "1h",
    "Monday": "monday",
    "last tues": "tuesday",
    "yesterday at 9am": "yesterdayT09:00",
    "sat 14:30": "saturdayT14:30",
    "saturdayT14:30": "saturdayT14:30",
    "12am": "00:00",
    "12:05pm": "12:05",
    "2026-11-01 14:00": "2026-11-01T14:00",
    "2026-11-01t14:00": "2026-11-01T14:00",
    "nov 1": "11-01",
    "1st November": "11-01",
    "1 nov 2025": "2025-11-01",
    "sept 30 8:00": "09-30T08:00",
    "this week": "this-week",
    "last night": "yesterdayT18:00",
    "tonight": "18:00",
    "this morning": "today",
    "esta mañana": "today",
    "this afternoon": "12:00",
    "this evening": "18:00",
}


@every(READ)
def test_what_people_type_is_read(typed):
    assert read_time(typed.split()) == (READ[typed], len(typed.split()))


@pytest.mark.parametrize("typed", ["2025-02-29", "nov 31", "13pm", "24:00", "11/01/2026", "1999-12-31", "7x", "soon"])
def test_what_is_no_time_is_told(typed):
    with pytest.raises(UserError) as caught:
        read_time(typed.split())
    assert caught.value.hint


@pytest.mark.parametrize("typed", ["3651d", "11 years", "99999 weeks"])
def test_what_is_further_back_than_any_history_is_told(typed):
    with pytest.raises(UserError, match="further back"):
        read_time(typed.split())


def test_only_what_belongs_to_the_time_is_taken():
    assert read_time(["7", "days", "mail.example.com"]) == ("7d", 2)
    assert read_time(["monday", "587"]) == ("monday", 1)
    assert read_time(["may", "1", "2025", "x"]) == ("2025-05-01", 3)


STARTS = {
    ("today", MADRID): "2026-11-24T23:00",
    ("today", LIMA): "2026-11-24T05:00",
    ("today", UTC): "2026-11-24T00:00",
    ("yesterday", MADRID): "2026-11-23T23:00",
    ("monday", MADRID): "2026-11-22T23:00",
    ("wednesday", MADRID): "2026-11-24T23:00",
    ("wednesday", UTC): "2026-11-18T00:00",
    ("this-week", UTC): "2026-11-23T00:00",
    ("this-month", LIMA): "2026-11-01T05:00",
    ("2026-07-01", MADRID): "2026-06-30T22:00",
    ("12-24", UTC): "2025-12-24T00:00",
    ("02-29", UTC): "2024-02-29T00:00",
    ("14:30", UTC): "2026-11-24T14:30",
    ("14:30", MADRID): "2026-11-24T13:30",
    ("yesterdayT14:30", MADRID): "2026-11-24T13:30",
    ("7d", LIMA): "2026-11-17T23:30",
}


@every(STARTS)
def test_days_are_those_of_the_asker(text, zone):
    assert f"{start_of(text, NOW, zone):%Y-%m-%dT%H:%M}" == STARTS[text, zone]


def test_a_day_ends_with_the_day_also_when_the_clocks_change():
    autumn = datetime(2026, 10, 26, 12, tzinfo=UTC)
    day = end_of("yesterday", autumn, MADRID) - start_of("yesterday", autumn, MADRID)
    assert day == timedelta(hours=25)
    assert end_of("today", NOW, MADRID) == start_of("today", NOW, MADRID) + timedelta(days=1)
    assert end_of("mondayT14:30", NOW, MADRID) == start_of("mondayT14:30", NOW, MADRID)
    assert end_of("2h", NOW, MADRID) == NOW - timedelta(hours=2)


@every([("this-week", timedelta(days=7)), ("this-month", timedelta(days=30)), ("monday", timedelta(days=1))])
def test_a_period_ends_with_its_last_day(text, long):
    assert end_of(text, NOW, UTC) - start_of(text, NOW, UTC) == long


def test_the_zone_of_this_machine_is_taken_where_none_is_given():
    local = NOW.astimezone()
    midnight = datetime(local.year, local.month, local.day).astimezone()
    assert start_of("today", NOW, None) == midnight


@pytest.mark.parametrize(("since", "until"), [("yesterday", "2d"), ("today", "yesterday"), ("2999-01-01", "")])
def test_what_holds_no_result_is_told(since, until):
    with pytest.raises(UserError) as caught:
        Filters(since=since, until=until).span(NOW, MADRID)
    assert caught.value.hint


@pytest.mark.parametrize("day", WEEKDAYS)
def test_every_weekday_is_within_the_last_seven_days(day):
    assert NOW - timedelta(days=7) < start_of(day, NOW, UTC) <= NOW


def test_it_is_said_as_people_write_it():
    texts = ("1d", "36h", "mondayT14:30", "11-01", "2026-11-01", "this-week", "09:00")
    assert [said(text) for text in texts] == [
        "1 day",
        "36 hours",
        "monday 14:30",
        "nov 1",
        "2026-11-01",
        "this week",
        "09:00",
    ]


ZONES = {
    "Europe/Madrid": "Europe/Madrid",
    "europe/madrid": "Europe/Madrid",
    "": "UTC",
    "Mars/Base": "UTC",
    "../x": "UTC",
}


@pytest.mark.parametrize("said", ZONES)
def test_the_zone_of_an_asker_is_one_that_exists_whatever_slack_says(said):
    assert Actor("U1", zone_name=said).zone == ZONES[said]
