"""What availability is made of: how each place was from run to run, on a real store."""

from datetime import timedelta

from commands.history.about import About
from commands.history.about_view import availability_rows
from commands.uptime import share, uptimes
from commands.watch.state.actions import decided, edit, pause
from commands.watch.state.digest import summary, to_note
from commands.watch.state.events import Event
from commands.watch.state.observation import of_records
from commands.watch.state.rows import of_event_row
from commands.watch.state.runs import concluded
from commands.watch.state.windows import Digest
from commands.watch.view.digest import digest_lines
from commands.watch.view.wording import between
from storage.queries import OPERATOR
from storage.watches import WatchSpan
from tests.history.documents import line

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

TARGET = "mail.example.com"
PORTS = (f"{TARGET}:25", f"{TARGET}:587")


def on_two_ports(*faults):
    """What a run sees: of two ports the first is `bad` or both say nothing (`unknown`), each from when to when."""

    def look(watch, at):
        outcome = next((what for what, begins, ends in faults if begins <= at < ends), "good")
        ports = tuple(place.replace(TARGET, watch.target) for place in PORTS)
        return seen(outcome, watch, places=ports) if outcome != "unknown" else seen(outcome, watch, held=ports)

    return look


async def known(here, begin, end):
    found = await here.store.spans(OPERATOR, since=begin, until=end)
    return {place: share(one) for place, one in uptimes(found, begin, end).items()}


def test_how_long_it_was_lies_between_times_as_they_are_shown():
    """From 12:00:50 to 12:40:10 is 40m, in an alert and in a digest, though 39m 20s went by."""
    begin, end, second = NOON, NOON + HOUR, timedelta(seconds=1)
    down, up = begin + 50 * second, begin + 40 * MINUTE + 10 * second
    times = ((begin, down, "up"), (down, down + MINUTE, "down"), (down + MINUTE, up, "down"), (up, end, "up"))
    found = uptimes([WatchSpan("w-1", TARGET, *one) for one in times], begin, end)[TARGET]
    assert (found.of("down"), found.shown_of("down")) == (39 * MINUTE + 20 * second, 40 * MINUTE)
    assert between(down, up) == "40m"
    assert share(found).endswith("(40m down)")


async def test_a_run_weighs_as_long_as_it_lasts_and_nothing_is_made_up_where_nobody_looked(tmp_path):
    """On the quarter: down 13:00 to 14:00, nothing told 15:00 to 16:00, our process off from 17:00 to 20:00."""
    look = on_two_ports(("bad", NOON + HOUR, NOON + 2 * HOUR), ("unknown", NOON + 3 * HOUR, NOON + 4 * HOUR))
    async with room(tmp_path, look) as here:
        await here.add(a_watch(notify="U7"))
        await here.until(NOON + 5 * HOUR)
        here.clock.at = NOON + 8 * HOUR
        await here.until(NOON + 10 * HOUR)
        [watch] = await here.watches()
        found = await here.store.spans(OPERATOR, since=NOON, until=NOON + 10 * HOUR)
        time = uptimes(found, NOON, NOON + 10 * HOUR)
        events = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        [recovered] = [event for event in events if event.kind == "recovered"]
        for place in (TARGET, PORTS[0]):
            assert time[place].of("down").total_seconds() == recovered.facts["seconds"] == 3600
        assert time[PORTS[1]].of("down") == 0 * HOUR
        for one in time.values():
            told_nothing, nobody_looked = HOUR, 3 * HOUR - watch.every
            assert abs(one.of("unseen") - told_nothing - nobody_looked) < watch.every
            assert sum(one.lasted.values(), 0 * HOUR) == 10 * HOUR


async def test_a_failing_run_before_hours_of_which_nothing_was_seen_is_no_downtime_of_hours(tmp_path):
    """One run fails, then nothing is seen till five o'clock; then it is well, or bad still."""
    for after, opens in (("good", 0), ("bad", 1)):
        failed = []

        def look(watch, at, after=after, failed=failed):
            first = at > NOON and not failed
            failed.extend([at] if first else ())
            outcome = "good" if at == NOON else "bad" if first else "unknown" if at < NOON + 5 * HOUR else after
            return on_two_ports((outcome, at, at + MINUTE))(watch, at)

        async with room(tmp_path / after, look) as here:
            await here.add(a_watch(every=HOUR))
            await here.until(NOON + 7 * HOUR)
            time = uptimes(await here.store.spans(OPERATOR, since=NOON, until=NOON + 7 * HOUR), NOON, NOON + 7 * HOUR)
            assert time[TARGET].of("down") <= opens * 2 * HOUR + 3 * MINUTE
            assert time[TARGET].of("unseen") >= 3 * HOUR
            opened = [of_event_row(row) for row in await here.store.events(OPERATOR) if row.kind == "opened"]
            assert [one.since >= NOON + 5 * HOUR for one in opened] == [True] * opens


async def test_digest_and_table_give_the_same_figure_for_the_same_hours(tmp_path):
    async with room(tmp_path, on_two_ports(("bad", NOON + HOUR, NOON + 2 * HOUR))) as here:
        await here.add(a_watch())
        now = NOON + DAY
        await here.until(now)
        note = to_note(Digest(now.time(), "UTC"), "U1", now - MINUTE)
        spans = await here.store.spans(OPERATOR, since=now - DAY, until=now)
        events = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        facts = summary(await here.watches(), {"w-1": events}, spans, note, now)
        [row] = facts["named"]
        told = {"24 h": uptimes(spans, now - DAY, now)}
        table = About(line(), {"24 h": []}, uptime=told, begins={"24 h": now - DAY})
        assert row["uptime"] == {"share": "95.8 % (1h down)", "ports": [[PORTS[0], "95.8 % (1h down)"]], "rest": True}
        event = Event("d", "digest", now, "d", "T1", "C1", "", "", "", NOON, facts=facts)
        said = "all of it usable 95.8 % (1h down); 25: 95.8 % (1h down); its other ports: 100 %"
        assert said in digest_lines(event)[1]
        assert availability_rows(table, None) == [
            ("Port", "24 h"),
            ("all together", "95.8 % (1h down)"),
            ("25", "95.8 % (1h down)"),
            ("587", "100 %"),
        ]


async def digested(tmp_path, *faults):
    """The facts of a digest of a day."""
    async with room(tmp_path, on_two_ports(*faults)) as here:
        await here.add(a_watch())
        now = NOON + DAY
        await here.until(now)
        note = to_note(Digest(now.time(), "UTC"), "U1", now - MINUTE)
        spans = await here.store.spans(OPERATOR, since=now - DAY, until=now)
        return summary(await here.watches(), {}, spans, note, now)


async def test_an_address_of_a_pool_has_no_figure_of_its_own(tmp_path):
    """It is known while it is down alone: it would have been well for no moment."""
    of_pool = f"no_answer {TARGET}[192.0.2.7]:25"

    def look(watch, at):
        down = {"failing": (of_pool,)} if HOUR <= at - NOON < 2 * HOUR else {}
        return seen("bad" if down else "good", watch, places=PORTS, **down)

    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await here.until(NOON + 4 * HOUR)
        found = await known(here, NOON, NOON + 4 * HOUR)
        assert found.keys() == {TARGET, *PORTS} and "1h down" in found[TARGET]


async def test_a_look_at_records_alone_has_seen_nothing_of_the_hosts_behind_a_name(tmp_path):
    """Its figure stands on its own line of a digest; that of the ports on the line of whoever looks at these."""
    ports = on_two_ports(("unknown", NOON + HOUR, NOON + 5 * HOUR))

    def look(watch, at):
        return of_records(watch, {f"mx {TARGET}": ("10 mx",)}, 1.0) if watch.kind == "dns" else ports(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(a_watch(id="w-2", kind="dns"), a_watch(), a_watch(id="w-3", kind="certificate"))
        now = NOON + DAY
        await here.until(now)
        spans = await here.store.spans(OPERATOR, since=NOON, until=now)
        facts = summary(await here.watches(), {}, spans, to_note(Digest(now.time(), "UTC"), "U1", now - MINUTE), now)
        shares = {row["watch"]: row["uptime"].get("share") for row in facts["named"]}
        assert shares == {"w-1": "100 % (3h 56m not seen)", "w-3": None}


async def test_a_digest_calls_nothing_healthy_all_the_time_that_was_down_or_not_seen_for_half_an_hour(tmp_path):
    for number, (what, lasts, healthy) in enumerate(
        [("unknown", 50 * MINUTE, 0), ("unknown", 14 * MINUTE, 1), ("bad", 50 * MINUTE, 0)]
    ):
        found = await digested(tmp_path / str(number), (what, NOON + HOUR, NOON + HOUR + lasts))
        assert (found["healthy"], len(found["named"])) == (healthy, 1 - healthy)
        assert all(row["uptime"]["share"] for row in found["named"])
        alike = what == "unknown"
        assert all((row["uptime"]["ports"] == []) == alike for row in found["named"]), "ports that fared alike"


async def test_a_watch_that_is_turned_elsewhere_keeps_what_was_known(tmp_path):
    async with room(tmp_path, on_two_ports()) as here:
        await here.add(a_watch())
        await here.until(NOON + HOUR)
        await here.store.change(
            "w-1", decided(lambda one: edit(one, {"target": "new.example.com"}, here.clock())), OPERATOR
        )
        await here.until(NOON + 2 * HOUR)
        new = [place.replace(TARGET, "new.example.com") for place in (TARGET, *PORTS)]
        assert await known(here, NOON, NOON + 2 * HOUR) == dict.fromkeys((TARGET, *PORTS, *new), "100 %")


def greeting_late(dead_from):
    """25 greets only whom waits long (not the first run): from one o'clock late, from `dead_from` on never."""

    def look(watch, at):
        if at >= NOON + HOUR and (not watch.is_patient or at >= dead_from):
            silent = PORTS[0]
            return seen("bad", watch, places=PORTS, failing=(f"no_greeting {silent}",), awaited=(silent,))
        return seen("good", watch, places=PORTS)

    return look


async def test_what_was_left_too_early_is_not_seen_until_a_patient_run_says_whether_it_is_down(tmp_path):
    dead = NOON + 3 * HOUR
    async with room(tmp_path, greeting_late(dead)) as here:
        await here.add(a_watch(every=HOUR))
        for minutes in (0, 60, 61, 120, 180, 181, 195):
            [watch] = await here.watches()
            at, took_ms = NOON + minutes * MINUTE, 20_000.0 if minutes else 1.0
            await here.store.change("w-1", concluded(here.look(watch, at), at, took_ms), OPERATOR)
        found = await known(here, NOON, NOON + 170 * MINUTE)
        assert found[TARGET] == found[PORTS[0]] == "100 % (1m not seen)" and found[PORTS[1]] == "100 %"
        whole = await known(here, NOON + 180 * MINUTE, NOON + 200 * MINUTE)
        assert whole[TARGET] == whole[PORTS[0]] == "0 % (20m down)", "since the first of the runs that were silent"
        [opened] = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        assert (opened.kind, opened.since) == ("opened", dead)


async def test_what_is_broken_is_counted_until_now_and_what_nobody_looks_at_any_more_is_not_seen(tmp_path):
    async with room(tmp_path, on_two_ports(("bad", NOON + HOUR, NOON + DAY))) as here:
        await here.add(a_watch())
        await here.until(NOON + 90 * MINUTE)
        [watch] = await here.watches()
        assert (await known(here, watch.state.incident.since, NOON + 100 * MINUTE))[TARGET].startswith("0 % (30m")
        await here.store.change("w-1", decided(lambda one: pause(one, "U2", here.clock())), OPERATOR)
        found = await known(here, NOON, NOON + 10 * HOUR)
        assert "down, 8h" in found[TARGET] and found[PORTS[1]].startswith("100 % (8h")
