"""A damaged file behind the whole bot: everybody gets an answer or is told that the history is damaged."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.watch.state.model import Watch
from commands.watch.state.rows import to_row
from storage.history import OPERATOR, Query
from storage.sqlite.history import open_history
from tests.history.documents import HOST
from tests.history.made import fill
from tests.storage.damage import KINDS, damage

from .stage import Clock
from .walk import walking

SEEDS = range(int(os.environ.get("DAMAGE_SEEDS", "1")))
PROBER = "checker.check("
"""Of a trace: these tests have a prober that cannot check."""

WRONG = "went wrong on our side"


@pytest.fixture
async def kept(ws, services, tmp_path):
    """Services on a file with 60 results and two watches."""
    history = await open_history(tmp_path / "kept.db")
    ana, channel = ws.user("ana").id, ws.channel("mailops").id
    await fill(history, 60, [ana], [channel])
    for name in ("w-1", "w-2"):
        now = datetime.now(UTC)
        watch = Watch(name, ws.state.team, ana, channel, HOST, "check", timedelta(minutes=15), now, ports=(587,))
        await history.watches.add(to_row(watch), 5, OPERATOR)
    yield replace(services, history=history, watches=history.watches, now=Clock())
    await history.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_is_told_that_something_went_wrong_on_our_side(ws, kept, caplog, kind, seed):
    [line] = await kept.history.page(Query(OPERATOR, target=HOST), limit=1)
    async with walking(ws, kept, {"check": line.id}, ("w-1", "w-2"), HOST) as walk:
        damage(kept.history.path, kind, seed)
        await walk.go("ana", "mailops")
    failed = [record.getMessage() for record in caplog.records if "failed\n" in record.getMessage()]
    assert [trace for trace in failed if PROBER not in trace] == []
    assert sum(WRONG in str(call) for call in ws.log) <= sum(PROBER in trace for trace in failed)
    assert [call for call in ws.log if "istory" in str(call)]
