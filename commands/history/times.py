"""A moment or a day in a short text, which becomes an instant when it is asked.

`7d` (of m, h, d and w), `today`, `yesterday`, `monday`, `this-week`, `this-month`, `2026-11-01`, `11-01` (the last one
there was), `14:30`, and a day with a time: `mondayT14:30`. `spoken_times` makes them of what people type. Buttons carry
them, so that a page which is turned later still means seven days. Days and times are those of the asker's zone.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
MONTHS = tuple(name.lower() for name in calendar.month_name)[1:]
LENGTHS: Mapping[str, str] = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

SPAN = re.compile(r"(\d{1,5})([mhdw])")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ANNUAL = re.compile(r"\d{2}-\d{2}")


def start_of(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The instant (UTC) at which a short text begins; `zone` None is that of this machine."""
    if span := SPAN.fullmatch(text):
        return now - timedelta(**{LENGTHS[span[2]]: int(span[1])})
    return _instant(_wall(text, now, zone), zone)


def end_of(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The instant until which it is: a day ends with the day."""
    if SPAN.fullmatch(text) or ":" in text:
        return start_of(text, now, zone)
    return _instant(_wall(text, now, zone) + timedelta(days=1), zone)


def _instant(wall: datetime, zone: tzinfo | None) -> datetime:
    return (wall.replace(tzinfo=zone) if zone else wall).astimezone(UTC)


def _wall(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """What the clock on the wall shows then."""
    local = now.astimezone(zone).replace(tzinfo=None)
    day, _, clock = text.rpartition("T") if ":" in text else (text, "", "")
    at = time.fromisoformat(clock) if clock else time()
    if day:
        return datetime.combine(_date(day, local.date()), at)
    today = datetime.combine(local.date(), at)
    return today if today <= local else today - timedelta(days=1)


def _date(day: str, today: date) -> date:
    if day in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(day)) % 7)
    if known := _RELATIVE.get(day):
        return known(today)
    if DAY.fullmatch(day):
        return date.fromisoformat(day)
    month, number = map(int, day.split("-"))
    years = (today.year - back for back in range(9))
    past = (date(year, month, number) for year in years if number <= calendar.monthrange(year, month)[1])
    return next(each for each in past if each <= today)


_RELATIVE: Mapping[str, Callable[[date], date]] = {
    "today": lambda today: today,
    "yesterday": lambda today: today - timedelta(days=1),
    "this-week": lambda today: today - timedelta(days=today.weekday()),
    "this-month": lambda today: today.replace(day=1),
}


def said(text: str) -> str:
    """As people write it: `7 days`, `monday 14:30`, `nov 1`."""
    if span := SPAN.fullmatch(text):
        return f"{span[1]} {LENGTHS[span[2]].removesuffix('s') if span[1] == '1' else LENGTHS[span[2]]}"
    day, _, clock = text.rpartition("T") if ":" in text else (text, "", "")
    if ANNUAL.fullmatch(day):
        month, number = map(int, day.split("-"))
        day = f"{MONTHS[month - 1][:3]} {number}"
    return " ".join(filter(None, (day.replace("this-", "this "), clock)))
