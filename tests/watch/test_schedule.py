from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from commands.watch.state.endpoints import of_check
from commands.watch.state.model import Incident, Silence, State
from commands.watch.state.runs import conclude
from commands.watch.state.schedule import CONFIRM, CONFIRM_BESIDE, is_stray, next_due, offset, on_grid
from commands.watch.state.windows import Digest, Window, digest_before, next_digest
from tests.every import every

from .samples import DAY, HOUR, MINUTE, NOON, a_watch, document, endpoint, seen

TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
EVERY = st.integers(60, 7 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
MADRID = "Europe/Madrid"


def test_a_thousand_watches_that_were_made_at_once_are_spread():
    minutes = [offset(f"w-{number}", 15 * MINUTE) // MINUTE for number in range(1000)]
    assert all(40 <= minutes.count(minute) <= 95 for minute in range(15))


@given(TIMES, EVERY)
def test_a_look_out_of_turn_makes_no_gap_that_is_longer_than_the_interval(at, every):
    """A second look, one beside another watch, a button: whenever it was. What is down leaves out what is soon."""
    due = next_due(a_watch(every=every), at)
    assert min(every / 2, MINUTE) < due - at <= every + MINUTE
    down = a_watch(every=every, state=State("down", incident=Incident("w-1.1", at, told=True)))
    assert min(every / 2, HOUR) < next_due(down, at) - at <= every * 1.5


@given(TIMES, EVERY, st.floats(0, 5))
def test_runs_that_come_a_little_late_keep_their_times(at, every, late):
    watch = a_watch(every=every)
    first = on_grid(watch, at)
    assert next_due(watch, first + timedelta(seconds=late)) == first + every


def test_missed_runs_come_to_one():
    watch = a_watch()
    assert next_due(watch, NOON + 9 * DAY) - (NOON + 9 * DAY) <= 15 * MINUTE * 1.5


def test_a_change_is_looked_at_again_after_a_minute():
    watch = a_watch(every=HOUR, state=State(phase="failing", count=1))
    assert next_due(watch, NOON) == NOON + CONFIRM
    held = replace(watch, state=replace(watch.state, held="unknown"))
    assert next_due(held, NOON) > NOON + CONFIRM


def test_a_watch_runs_at_its_interval_also_where_the_target_asks_us_to_come_later():
    watch, at, runs = a_watch(every=5 * MINUTE, state=State("up")), NOON, 0
    while at < NOON + 5 * HOUR:
        silent = seen("unknown", watch, why="rate_limited", later=True)
        watch, _, _ = conclude(watch, {}, silent, at, 1.0, "local")
        at, runs = watch.due_at, runs + 1
    assert 60 <= runs <= 61


def test_an_exchange_that_asks_us_to_come_later_delays_no_alert_of_another():
    """The outage is confirmed, its end too."""
    watch, at, waits, told = a_watch(target="example.com", every=10 * MINUTE), NOON, [], []
    for mx1, mx2 in (("open", "open"), *[("rate_limited", "refused")] * 2, *[("rate_limited", "open")] * 2):
        each = (endpoint(25, state, host=f"{name}.example.com") for name, state in (("mx1", mx1), ("mx2", mx2)))
        watch, events, _ = conclude(watch, {}, of_check(watch, document(*each), {}), at, 1.0, "local")
        told += [(event.kind, event.facts["failing"]) for event in events if event.kind != "unseen"]
        waits.append(watch.due_at - at)
        at = watch.due_at
    assert told == [(kind, ["refused mx2.example.com:25"]) for kind in ("opened", "recovered")]
    assert waits[1] == waits[3] == CONFIRM_BESIDE > CONFIRM
    assert min(waits[2], waits[4]) >= 5 * MINUTE


def walked(watch, look, until):
    """What is told of what is seen at its times (`look`), with how long after the first."""
    at, told, sight = NOON, [], {}
    while at <= NOON + until:
        watch, events, sight = conclude(watch, sight, look(at - NOON), at, 1.0, "local")
        told += [(event.kind, at - NOON) for event in events]
        at = watch.due_at
    return told


@every([
    (kind, interval, outcome)
    for kind, interval in (("check", MINUTE), ("check", 15 * MINUTE), ("check", HOUR), ("check", DAY), ("dns", HOUR),
                           ("certificate", 12 * HOUR))
    for outcome in ({"why": "rate_limited", "later": True}, {"why": "dns_servfail"})
])  # fmt: skip
def test_what_is_not_seen_is_told_after_half_an_hour_whatever_the_interval(kind, interval, outcome):
    watch = a_watch(kind=kind, every=interval, state=State("up"))
    [(what, after)] = walked(watch, lambda _after: seen("unknown", watch, **outcome), until=3 * HOUR)
    assert what == "unseen"
    assert 30 * MINUTE <= after <= 35 * MINUTE


@every([(interval, unseen) for interval in (MINUTE, 15 * MINUTE, HOUR, DAY)
        for unseen in ({"why": "rate_limited", "later": True}, {"why": "dns_timeout"})])  # fmt: skip
def test_what_is_seen_again_is_told_soon_and_an_alarm_waits_for_no_interval(interval, unseen):
    watch = a_watch(every=interval, state=State("up"))
    silent, bad = seen("unknown", watch, **unseen), seen("bad", watch)
    looks = iter([bad, silent, bad])
    assert walked(watch, lambda _after: next(looks, bad), until=10 * MINUTE)[0][0] == "opened"
    ended = dict(walked(watch, lambda after: silent if after < 2 * HOUR else seen("good", watch), until=2 * DAY))
    assert ended["seen_again"] <= 4 * HOUR


def test_what_is_to_be_told_of_an_open_incident_waits_for_nobody_who_asks_us_to_come_later():
    state = State(phase="down", incident=Incident("w-1.1", NOON, told=True), later=True)
    quiet = a_watch(every=HOUR, state=state, snoozed=Silence("U2", NOON, NOON + 20 * MINUTE))
    assert next_due(quiet, NOON) == NOON + 20 * MINUTE


def test_an_open_incident_is_looked_at_when_its_quiet_ends():
    watch = a_watch(every=DAY, state=State(phase="down", incident=Incident("w-1.1", NOON, told=True)))
    quiet = replace(watch, snoozed=Silence("U2", NOON, NOON + 2 * HOUR))
    assert next_due(quiet, NOON) == NOON + 2 * HOUR


def test_a_time_that_no_clock_can_mean_is_a_stray():
    assert not is_stray(a_watch(due_at=NOON + 15 * MINUTE), NOON)
    assert is_stray(a_watch(due_at=NOON + 3 * HOUR), NOON)
    assert is_stray(a_watch(every=10 * MINUTE, due_at=NOON + HOUR), NOON)  # a clock that was an hour ahead


NIGHT = Window(time(23), time(2, 30), MADRID, frozenset({5}))


def local(*parts):
    return datetime(*parts, tzinfo=ZoneInfo(MADRID)).astimezone(UTC)


def test_a_window_crosses_midnight_and_belongs_to_the_day_on_which_it_begins():
    assert NIGHT.end_at(local(2026, 11, 28, 22, 59)) is None
    assert NIGHT.end_at(local(2026, 11, 28, 23)) == local(2026, 11, 29, 2, 30)
    assert NIGHT.end_at(local(2026, 11, 29, 2, 29)) == local(2026, 11, 29, 2, 30)
    assert NIGHT.end_at(local(2026, 11, 29, 2, 30)) is None
    assert NIGHT.end_at(local(2026, 11, 29, 23)) is None


def test_a_window_keeps_its_wall_clock_when_the_clocks_change():
    night = Window(time(1), time(4), MADRID)
    assert night.end_at(local(2026, 3, 29, 1, 30)) == datetime(2026, 3, 29, 2, tzinfo=UTC)  # two hours long
    assert night.end_at(local(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 3, tzinfo=UTC)  # four hours long


def test_a_window_whose_start_is_skipped_or_repeated_opens_once():
    skipped = Window(time(2, 30), time(5), MADRID)
    assert skipped.end_at(datetime(2026, 3, 29, 1, 31, tzinfo=UTC)) == datetime(2026, 3, 29, 3, tzinfo=UTC)
    repeated = Window(time(2, 30), time(2, 45), MADRID)
    assert repeated.end_at(datetime(2026, 10, 25, 0, 35, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert repeated.end_at(datetime(2026, 10, 25, 1, 35, tzinfo=UTC)) is None


ZONES = st.sampled_from([MADRID, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
CLOCK = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(st.builds(Digest, CLOCK, ZONES, st.none() | st.integers(0, 6)), TIMES)
def test_a_digest_is_due_once_a_day_or_once_a_week_whatever_the_clocks_do(digest, at):
    first = next_digest(digest, at)
    second = next_digest(digest, first)
    assert at < first < second
    assert digest_before(digest, second) == first  # what is between two is in one of them, and in no other
    days = 1 if digest.day is None else 7
    assert timedelta(hours=24 * days - 2) <= second - first <= timedelta(hours=24 * (days + 1) + 2)


@given(st.builds(Window, CLOCK, CLOCK, ZONES, st.frozensets(st.integers(0, 6), min_size=1)), TIMES)
def test_a_window_that_is_open_ends_later_and_is_closed_then_or_the_next_one_is_open(window, at):
    end = window.end_at(at)
    if end is not None:
        assert at < end <= at + timedelta(hours=26)


def test_a_certificate_that_has_ended_is_looked_at_again_long_before_the_watch_s_own_half_day():
    broken = a_watch(kind="certificate", every=12 * HOUR, state=State(phase="down", incident=Incident("w-1.1", NOON)))
    assert next_due(broken, NOON) <= NOON + 15 * MINUTE
    assert next_due(replace(broken, state=State()), NOON) == on_grid(broken, NOON) > NOON + HOUR


def test_the_second_in_which_a_certificate_ends_is_waited_for_by_no_interval():
    """Its end was known: that it has ended is said since that minute, on every port that shows it, muted or not."""
    ends = NOON + 5 * DAY + 7 * MINUTE
    for kind, silent in (("check", False), ("certificate", False), ("check", True)):
        watch = a_watch(kind=kind, every=HOUR, muted=Silence("U1", NOON, None) if silent else None)
        shown = {"mail.example.com:465": {"not_after": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}}
        at, looks = NOON, []
        while at < ends + 3 * HOUR:
            over = at > ends
            looked = seen("bad" if over else "good", watch, certificates=shown, failing=("cert_expired m:465",) * over)
            watch, _, _ = conclude(watch, {}, looked, at, 1.0, "local")
            looks, at = [*looks, at], watch.due_at
        assert next(look for look in looks if look > ends) - ends == timedelta(seconds=1)
        assert watch.state.incident.since - ends == timedelta(seconds=1)
        assert sum(look < ends for look in looks) <= 5 * 24 + 2
