"""Gauges of watches on /metrics: one series for each watch, gone with it."""

from datetime import timedelta

from aiohttp import ClientSession
from prometheus_client import generate_latest

from bot.observability.metrics import gauges
from commands.watch.state.certificates import remind
from storage.watches import Backlog
from tests.watch.samples import NOON, a_watch, seen

from .watchers import TARGET, watchers_on


async def scraped(w):
    async with ClientSession() as session, session.get(f"{w.stage.bot.url}/metrics") as answer:
        return await answer.text()


async def test_a_watch_has_gauges_from_its_first_run_until_it_is_deleted(ws, services):
    async with watchers_on(ws, services) as w:
        await w.type(f"add {TARGET} 25")
        watch = (await w.the_watch()).id
        labels = f'{{kind="check",target="{TARGET}",watch="{watch}"}}'
        assert f"portero_watch_up{labels}" not in await scraped(w)
        await w.tick()
        assert f"portero_watch_up{labels} 1.0" in await scraped(w)
        w.world.breaks()
        await w.pass_by(minutes=30)
        await w.type(f"mute {TARGET} 2d moving")
        shown = await scraped(w)
        assert f"portero_watch_up{labels} 0.0" in shown
        assert f"portero_watch_quiet{labels} 1.0" in shown
        assert "portero_requests_total" in shown
        await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
        assert watch not in await scraped(w)


def test_when_the_first_certificate_ends_and_the_length_of_the_run():
    ends = {f"{TARGET}:465": 40, f"{TARGET}:25": 12}
    certificates = {name: {"not_after": (NOON + timedelta(days=days)).isoformat()} for name, days in ends.items()}
    watch = a_watch(kind="certificate")
    after = remind(watch, seen("good", watch, certificates=certificates), NOON).watch
    shown = generate_latest(gauges([after], Backlog(1, 2, 3), NOON)).decode()
    end = (NOON + timedelta(days=12)).timestamp()
    name = f'portero_watch_certificate_end_timestamp_seconds{{kind="certificate",target="{TARGET}",watch="w-1"}}'
    [line] = [line for line in shown.splitlines() if line.startswith(name)]
    assert float(line.split()[-1]) == end
    assert "portero_watch_deliveries_failed 3.0" in shown


def test_a_hostile_target_stays_a_label():
    watch = a_watch(target='x"} 1\nevil 2 \\')
    shown = generate_latest(gauges([watch], Backlog(), NOON)).decode()
    assert "\nevil" not in shown
