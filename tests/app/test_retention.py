"""Retention: old results go in the background, and a database that cannot be written stops nothing."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from sqlite3 import connect

import pytest

from bot.operations.history_care import prune, pruning
from bot.settings import SettingsError, load
from storage.history import OPERATOR, Query
from tests.histories import history_at
from tests.storage.samples import an_entry

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = [timedelta(days=days) for days in (0, 29, 30, 31, 400)]


@pytest.fixture
async def history(tmp_path):
    history = await history_at(tmp_path / "history.db", busy_timeout=0.01)
    for number, age in enumerate(DAYS):
        await history.add(an_entry(f"e{number}", started_at=NOW - age))
    yield history
    await history.close()


async def ids(history):
    return [entry.id for entry in await history.entries(Query(OPERATOR))]


async def test_what_is_older_goes_while_the_bot_runs(history):
    async with pruning(history, 30, lambda: NOW):
        while await history.count(Query(OPERATOR)) > 3:
            pass  # the question itself waits for its turn
    assert await ids(history) == ["e0", "e1", "e2"]


async def test_it_is_done_again_and_again_as_time_passes(history):
    days = iter(range(1000))
    async with pruning(history, 30, lambda: NOW + timedelta(days=next(days)), every=0):
        while await history.count(Query(OPERATOR)):
            pass  # the question itself waits for its turn


async def test_no_retention_keeps_all(history):
    async with pruning(history, 0, lambda: NOW):
        await asyncio.sleep(0)
        assert await history.count(Query(OPERATOR)) == len(DAYS)


async def test_a_locked_history_is_logged_and_tried_again_later(history, tmp_path, caplog):
    with closing(connect(tmp_path / "history.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        await prune(history, timedelta(days=30), NOW)
        assert "old results could not be deleted" in caplog.text
        assert "Traceback" not in caplog.text
    await prune(history, timedelta(days=30), NOW)
    assert await ids(history) == ["e0", "e1", "e2"]


def test_days_are_a_number():
    assert load({"PORTERO_RETENTION_DAYS": "365"}).retention_days == 365
    assert load({}).retention_days == 0
    for wrong in ("-1", "1y", "36501", "９", "1.5"):
        with pytest.raises(SettingsError, match="0 to keep all"):
            load({"PORTERO_RETENTION_DAYS": wrong})
