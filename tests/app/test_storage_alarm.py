"""A history that cannot be written or read: answers go on, and those who run Portero are told, once."""

import asyncio
import sqlite3
import threading
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.operations.history_care import verify, verifying
from bot.operations.storage_alarm import NOBODY
from commands.contract import Reply
from storage.history import OPERATOR, CorruptError, DiskFullError, Query, StorageError
from storage.sqlite.history import open_history
from tests.storage.samples import an_entry
from tests.storage.test_full_disk import disk  # noqa: F401 - a fixture

from .stage import Clock, bot_on, fake
from .test_health import page, samples


async def keep(request, services):
    """Keeps a result as large as a check of four ports, as every command does."""
    try:
        await services.history.add(an_entry(request.text, document={"padding": "x" * 20_000}))
    except StorageError:
        yield Reply("not logged")
    else:
        yield Reply("logged")


async def look_up(request, services):
    yield Reply(str(await services.history.get(request.text, OPERATOR)))


class Alarmed:
    """A bot whose alarm looks when it is told to."""

    def __init__(self, ws, stage, history, path):
        self.ws, self.stage, self.history, self.path = ws, stage, history, path
        self.services = stage.bot.dispatcher._services
        self.alarm = history._failures.listeners[-1].__self__

    async def ask(self, word):
        await self.stage.type(f"/echo {word}")
        return self.stage.last().text

    async def limit(self, pages):
        await self.history._writer.run(lambda db: db.conn.execute(f"PRAGMA max_page_count = {pages}").fetchone())

    async def after(self, seconds):
        async with self.alarm._looking:  # never in the middle of a look that the loop has begun
            self.services.now.advance(seconds)
        await self.alarm.look(self.services.watches)

    def told(self, who="bruno"):
        return [message.text for message in self.ws.messages(self.ws.dm(who)) if not message.ephemeral_to]


@pytest.fixture
def alarmed(ws, services, tmp_path):
    @asynccontextmanager
    async def opened(handle=keep, admins=("bruno",), folder=tmp_path):
        path = folder / "alarmed.db"
        history = await open_history(path, busy_timeout=0.01)
        try:
            kept = replace(services, history=history, watches=history.watches, file=history, now=Clock())
            who = frozenset(ws.user(admin).id for admin in admins)
            async with bot_on(ws, kept, commands=(fake(handle),), pace=(), admins=who) as stage:
                yield Alarmed(ws, stage, history, path)
        finally:
            await history.close()

    return opened


async def test_a_full_disk_is_told_the_admins_once_and_told_again_when_it_works(alarmed, ws):
    async with alarmed() as it:
        assert await it.ask("before") == "logged"
        await it.limit(50)
        answers = [await it.ask(f"e{number}") for number in range(10)]
        assert answers[-3:] == ["not logged"] * 3
        await ws.wait_for(it.told)
        await it.after(300)
        [alert] = it.told()
        assert "*Portero cannot keep results* since <!date^" in alert
        assert "free space on its disk" in alert
        assert "*not kept*; each answer says so" in alert
        await it.limit(1_000_000)
        await it.after(1)
        assert it.told() == [alert]  # a moment is not enough: small writes pass where large ones fail
        await it.after(61)
        assert it.told()[1].startswith(":white_check_mark: *Portero keeps results again.*")
        assert f"{answers.count('not logged')} results of that time were not kept" in it.told()[1]
        assert it.alarm.troubles == {}
        await it.limit(50)
        for number in range(10, 20):
            await it.ask(f"e{number}")
        await ws.wait_for(lambda: len(it.told()) == 3)  # armed again


async def test_a_file_system_that_is_really_full_is_told_and_so_is_its_end(alarmed, ws, disk):  # noqa: F811
    ballast = disk / "ballast"
    await asyncio.to_thread(ballast.write_bytes, b"\0" * 470_000)
    async with alarmed(folder=disk) as it:
        answers = [await it.ask(f"e{number}") for number in range(18)]
        assert (answers[0], answers[-1]) == ("logged", "not logged")
        await ws.wait_for(it.told)
        await it.after(120)
        assert len(it.told()) == 1  # it is still full, and a trial finds that out
        await asyncio.to_thread(ballast.unlink)
        await it.after(61)
        await it.after(61)
        assert len(it.told()) == 2
        assert await it.ask("later") == "logged"
        assert await it.history.count(Query(OPERATOR)) == answers.count("logged") + 1


async def test_a_lock_and_a_file_that_became_read_only_are_two_troubles(alarmed, ws):
    async with alarmed(look_up) as it:
        with closing(sqlite3.connect(it.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await it.ask("first") == "None"
            assert await it.ask("second") == "None"
        it.history._writer._db.conn.execute("PRAGMA query_only = ON")
        assert await it.ask("third") == "None"
        await ws.wait_for(lambda: len(it.told()) == 2)
        assert "locked by another process" in it.told()[0]
        assert "give this user write access" in it.told()[1]
        it.history._writer._db.conn.execute("PRAGMA query_only = OFF")
        await it.after(61)
    assert [text.count("No result of that time was lost") for text in it.told()] == [0, 0, 1, 1]


async def test_a_damaged_file_stays_a_trouble_until_portero_starts_again(alarmed, ws):
    async with alarmed(look_up) as it:
        for number in range(50):
            await it.history.add(an_entry(f"e{number}", document={"padding": "x" * 3000}))
        _damage(it.path, "entries")
        assert "The history is damaged, and this cannot be read" in await it.ask("e1")
        await ws.wait_for(it.told)
        await it.after(3600)
        [alert] = it.told()
        assert "*Portero cannot rely on its history*" in alert
        assert "restore the newest backup" in alert
        assert "Once it is repaired, start Portero again." in alert
        assert list(it.alarm.troubles) == ["damaged"]


async def test_a_file_that_was_deleted_is_told_and_no_result_is_said_to_be_logged(alarmed, ws):
    async with alarmed(keep) as it:
        assert await it.ask("e1") == "logged"
        await asyncio.to_thread(it.path.unlink)
        assert await it.ask("e2") == "not logged"
        await ws.wait_for(it.told)
        await it.after(3600)
        [alert] = it.told()
        assert "was deleted or replaced while Portero runs" in alert
        assert list(it.alarm.troubles) == ["replaced"]


async def test_a_question_to_a_file_that_was_deleted_is_no_other_trouble(alarmed, ws):
    async def look(request, services):
        yield Reply(str(await services.history.count(Query(OPERATOR))))

    async with alarmed(look) as it:
        await asyncio.to_thread(it.path.unlink)
        it.history._readers._mine = threading.local()  # a thread that has not asked yet opens what is there now
        answer = await it.ask("x")
        assert "until whoever runs Portero starts it again" in answer and "try again" not in answer
        await ws.wait_for(it.told)
        assert list(it.alarm.troubles) == ["replaced"]
        assert str(it.path) not in answer


async def test_damage_that_nobody_has_read_yet_is_found_told_and_shown(alarmed, ws):
    async with alarmed(keep) as it:
        for number in range(50):
            await it.history.add(an_entry(f"e{number}", outcome="a"))
        await verify(it.services.file)
        assert samples((await page(it.stage, "/metrics"))[1])["portero_storage_sound", "{}"] == 1
        _damage(it.path, "entries_outcomes")
        await verify(it.services.file)
        await ws.wait_for(it.told)
        [alert] = it.told()
        assert "*Portero cannot rely on its history*" in alert and "is damaged (SQLite: " in alert
        assert await page(it.stage, "/readyz") == (200, '{"ready": true, "history": ["damaged"]}')
        found = samples((await page(it.stage, "/metrics"))[1])
        assert found["portero_storage_sound", "{}"] == 0
        assert found["portero_storage_trouble", '{"kind": "damaged"}'] == 1
        assert await it.ask("e99") == "not logged"


async def test_the_history_is_looked_through_when_the_bot_starts(alarmed, ws):
    async with alarmed(keep) as it:
        await it.history.add(an_entry("e1", outcome="a"))
        _damage(it.path, "entries_outcomes")
        async with verifying(it.services.file):
            await ws.wait_for(it.told)


async def test_a_look_that_had_not_the_time_is_no_trouble(alarmed, caplog):
    class Slow:
        async def verify(self, **_):
            return False

    await verify(Slow())
    assert "was stopped after 120 s; so far it is sound" in caplog.text


async def test_rows_that_are_left_out_of_a_list_are_told(alarmed, ws):
    async def look(request, services):
        yield Reply(str(len(await services.history.page(Query(OPERATOR)))))

    async with alarmed(look) as it:
        for number in range(3):
            await it.history.add(an_entry(f"e{number}"))
        await it.history._writer.run(lambda db: db.execute("UPDATE entries SET started_at = 'x' WHERE id = 'e1'"))
        assert await it.ask("all") == "2"
        await ws.wait_for(it.told)
        assert "it holds rows that nobody wrote so; they were left out of a list" in it.told()[0]


def _damage(path, table):
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        place = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((place - 1) * 4096)
        file.write(b"\x55" * 4096)


async def test_what_was_to_be_changed_is_said_not_to_be(alarmed):
    async def drop(request, services):
        await services.history.delete(request.text, OPERATOR)
        yield Reply("gone")

    async with alarmed(drop) as it:
        await it.history.add(an_entry("x"))
        it.history._writer._db.conn.execute("PRAGMA query_only = ON")
        assert "Nothing was changed: it cannot be kept right now" in await it.ask("x")
        it.history._writer._db.conn.execute("PRAGMA query_only = OFF")
        assert await it.ask("x") == "gone"


async def test_it_is_on_the_pages_for_operators_and_the_bot_stays_ready(alarmed, ws):
    async with alarmed() as it:
        await it.limit(50)
        for number in range(10):
            await it.ask(f"e{number}")
        assert await page(it.stage, "/readyz") == (200, '{"ready": true, "history": ["disk_full"]}')
        found = samples((await page(it.stage, "/metrics"))[1])
        assert found["portero_storage_trouble", '{"kind": "disk_full"}'] == 1
        assert found["portero_storage_failures_total", '{"kind": "disk_full"}'] >= 3
        await it.limit(1_000_000)
        await it.after(61)
        assert await page(it.stage, "/readyz") == (200, '{"ready": true}')
        assert samples((await page(it.stage, "/metrics"))[1])["portero_storage_trouble", '{"kind": "disk_full"}'] == 0


async def test_without_admins_the_log_alone_tells(alarmed, ws, caplog):
    async with alarmed(admins=()) as it:
        it.alarm.failed(CorruptError("The history is damaged."))
        it.alarm.failed(CorruptError("The history is damaged."))
    [line] = [record for record in caplog.records if record.name == "bot.operations.storage_alarm"]
    assert line.levelname == "ERROR"
    assert line.getMessage() == f"the history is in trouble (damaged): The history is damaged.{NOBODY}"
    assert not ws.calls("chat.postMessage")


async def test_no_answer_waits_for_the_alert(alarmed, ws):
    async with alarmed() as it:
        gate = ws.hold("chat.postMessage")
        await it.limit(50)
        assert [await it.ask(f"e{number}") for number in range(10)][-1] == "not logged"
        assert it.told() == []
        gate.set()
        await ws.wait_for(it.told)


async def test_what_slack_does_not_take_for_good_is_logged_and_the_others_are_told(alarmed, ws, caplog):
    async with alarmed(admins=("ana", "bruno")) as it:
        ws.fail("chat.postMessage", "user_disabled")
        it.alarm.failed(DiskFullError("no room"))
        await ws.wait_for(lambda: it.told("ana") or it.told("bruno"))
    assert "could not be told of a trouble of the history: user_disabled" in caplog.text


async def test_an_alert_waits_for_a_slack_that_takes_nothing_at_the_moment(alarmed, ws):
    ws.fail("chat.postMessage", "service_unavailable", status=503)
    async with alarmed() as it:
        it.alarm.failed(DiskFullError("no room"))
        await ws.wait_for(lambda: ws.calls("chat.postMessage"))
        await it.after(0)
        assert ["no room" in text for text in it.told()] == [True]


async def test_what_fails_after_the_end_begins_anew(alarmed):
    async with alarmed() as it:
        it.alarm.failed(DiskFullError("no room"))
        since = it.alarm.troubles["disk_full"].since
        await it.after(61)
        it.alarm.failed(DiskFullError("no room"))
        assert it.alarm.troubles["disk_full"].since > since + timedelta(seconds=60)
