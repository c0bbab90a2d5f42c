import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.watches.concurrency import FEWEST, LONG_TURN, MOST, AdaptiveLimit
from bot.watches.probe import ProbeResult
from bot.watches.scheduler import Scheduler
from commands.watch.state.actions import decided, delete, edit, pause
from commands.watch.state.model import State
from commands.watch.state.rows import of_row, to_row
from storage.history import DiskFullError
from storage.queries import OPERATOR
from tests import moving
from tests.histories import history_at

from .samples import HOUR, MINUTE, NOON, a_watch, seen


class Clock:
    at = NOON

    def __call__(self):
        return self.at


class Stage:
    """A scheduler on a real database, whose looks are the test's."""

    def __init__(self, history, look):
        self.history, self.watches, self.clock, self.looked = history, history.watches, Clock(), []
        self._look, self._changed = look, asyncio.Event()
        self.scheduler = Scheduler(self.watches, self._noted, self.clock)

    async def until(self, wanted):
        """Until the looks so far are what a test waits for."""
        while not wanted(self.looked):
            self._changed.clear()
            await self._changed.wait()

    async def _noted(self, watch, at):
        self.looked.append(watch.id)
        self._changed.set()
        return await self._look(watch, at)

    async def add(self, *watches):
        for watch in watches:
            await self.watches.add(to_row(watch), 10_000, OPERATOR)

    async def get(self, watch_id="w-1"):
        return of_row(await self.watches.get(watch_id, OPERATOR))


def on_stage(look):
    """Runs a test on a stage, on a clock that moves by itself."""

    def decorate(test):
        def run(tmp_path):
            async def main():
                history = await history_at(tmp_path / "portero.db")
                try:
                    await test(Stage(history, look))
                finally:
                    await history.close()

            moving.run(main())

        run.__name__ = test.__name__
        return run

    return decorate


async def good(watch, _at):
    return ProbeResult(seen("good", watch))


async def hang_or_good(watch, _at):
    if watch.id.startswith("w-hang"):
        await asyncio.Event().wait()
    return ProbeResult(seen("good", watch))


async def broken(_watch, _at):
    raise ZeroDivisionError


@on_stage(good)
async def test_what_is_due_runs_once_and_is_due_again_later(stage):
    await stage.add(a_watch(), a_watch(id="w-2", due_at=NOON + MINUTE))
    assert await stage.scheduler.run_due() == 1
    watch = await stage.get()
    assert (watch.state.phase, watch.state.last_at) == ("up", NOON)
    assert NOON < watch.due_at <= NOON + 1.5 * watch.every
    assert await stage.scheduler.run_due() == 0


@on_stage(good)
async def test_missed_runs_come_to_one(stage):
    await stage.add(a_watch(due_at=NOON - timedelta(days=9)))
    assert await stage.scheduler.run_due() == 1


@on_stage(hang_or_good)
async def test_targets_that_hang_delay_nobody(stage):
    """More of them than there are places, and all due earlier."""
    hanging = [a_watch(id=f"w-hang{number}", due_at=NOON - HOUR) for number in range(3 * MOST)]
    quick = [a_watch(id=f"w-{number}") for number in range(100)]
    await stage.add(*hanging, *quick)
    loop = asyncio.ensure_future(stage.scheduler.run())
    await stage.until(lambda looked: sum(not name.startswith("w-hang") for name in looked) == len(quick))
    assert sum(name.startswith("w-hang") for name in stage.looked) == len(hanging)
    loop.cancel()
    await asyncio.wait([loop])
    assert len(stage.looked) == len(hanging) + len(quick)


@on_stage(hang_or_good)
async def test_a_watch_whose_run_hangs_goes_on_among_the_slow_ones(stage):
    await stage.add(a_watch(id="w-hang"))
    assert await stage.scheduler.run_due() == 1
    watch = await stage.get("w-hang")
    assert (watch.state.slow, watch.state.held) == (True, "took_too_long")
    assert watch.due_at > NOON


@on_stage(hang_or_good)
async def test_an_orderly_end_gives_back_what_it_was_running(stage):
    await stage.add(a_watch(id="w-hang"))
    loop = asyncio.ensure_future(stage.scheduler.run())
    await stage.until(bool)
    loop.cancel()
    await asyncio.wait([loop])
    assert len(await stage.watches.claim_due("p2", NOON, NOON + MINUTE, quick=9)) == 1


@on_stage(broken)
async def test_a_bug_in_a_run_says_nothing_of_the_target_and_stops_nobody(stage):
    await stage.add(a_watch(state=State("up")), a_watch(id="w-2"))
    assert await stage.scheduler.run_due() == 2
    watch = await stage.get()
    assert (watch.state.phase, watch.state.held) == ("up", "unknown")
    assert watch.due_at > NOON


def changing(action):
    """A look during which somebody does something to the watch."""

    async def look(watch, at):
        await look.stage.watches.change(watch.id, decided(action), OPERATOR)
        return ProbeResult(seen("bad", watch))

    return look


PAUSING, DELETING, EDITING = (
    changing(action)
    for action in (
        lambda watch: pause(watch, "U2", NOON),
        lambda watch: delete(watch, NOON),
        lambda watch: edit(watch, {"ports": (587,)}, NOON),
    )
)


@on_stage(PAUSING)
async def test_what_is_seen_after_a_pause_does_not_count(stage):
    PAUSING.stage = stage
    await stage.add(a_watch(fail_after=1))
    await stage.scheduler.run_due()
    watch = await stage.get()
    assert (watch.paused.who, watch.state.phase, watch.due_at) == ("U2", "new", None)
    assert await stage.watches.events(OPERATOR) == []


@on_stage(DELETING)
async def test_what_is_seen_after_a_deletion_does_not_count(stage):
    DELETING.stage = stage
    await stage.add(a_watch(fail_after=1))
    await stage.scheduler.run_due()
    assert await stage.watches.events(OPERATOR) == []


@on_stage(EDITING)
async def test_what_is_seen_elsewhere_does_not_count_and_the_watch_runs_again_at_once(stage):
    EDITING.stage = stage
    await stage.add(a_watch(fail_after=1))
    await stage.scheduler.run_due()
    watch = await stage.get()
    assert (watch.ports, watch.state.phase) == ((587,), "down")
    assert stage.looked == ["w-1", "w-1"]


@on_stage(good)
async def test_a_clock_that_is_set_back_starves_nobody(stage):
    await stage.add(a_watch(due_at=NOON))
    await stage.scheduler.run_due()
    stage.clock.at = NOON - timedelta(days=3)
    await stage.scheduler.run_due()
    watch = await stage.get()
    assert watch.due_at <= stage.clock.at + 1.5 * watch.every


@on_stage(good)
async def test_an_event_and_its_watch_are_kept_together_or_run_again(stage):
    """A full disk: the run is not kept, its lease stays, and the watch runs again when that has ended."""
    await stage.add(a_watch())
    finish = stage.watches.finish

    async def full(*_arguments, **_more):
        raise DiskFullError("no space")

    stage.watches.finish = full
    await stage.scheduler.run_due()
    stage.watches.finish = finish
    assert (await stage.get()).state.phase == "new"
    assert await stage.scheduler.run_due() == 0
    stage.clock.at += 2 * MINUTE
    assert await stage.scheduler.run_due() == 1
    assert (await stage.get()).state.phase == "up"


@on_stage(good)
async def test_how_late_a_run_is_is_told(stage):
    late = []
    stage.scheduler.late = late.append
    await stage.add(a_watch(due_at=NOON - MINUTE))
    await stage.scheduler.run_due()
    assert late == [60.0]
    assert replace(await stage.get()).state.last_at == NOON


def test_a_busy_loop_runs_fewer_watches_at_once_and_an_idle_one_more():
    limit = AdaptiveLimit()
    for _ in range(20):
        limit.loop_took(LONG_TURN * 2)
    assert limit.limit == FEWEST
    for _ in range(20):
        limit.loop_took(0.0)
    assert limit.limit == MOST
