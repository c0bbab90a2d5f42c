"""What a running bot looks at by itself: logged once, shown to admins, in nobody's way."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.workspace.workspace import Workspace
from bot.doctor.result.codes import Code, Found
from bot.doctor.self_check import QUICK, SelfCheck
from bot.doctor.table import CHECKS, Check
from bot.operations.run import running
from bot.probers import make_prober
from bot.settings import Settings
from tests.app.conftest import services  # noqa: F401 - a fixture
from tests.app.process import PATIENCE
from tests.app.stage import Stage

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


class Finding:
    """A check that finds what it is told to, and counts."""

    def __init__(self, *found):
        self.found, self.asked, self.often = list(found), 0, asyncio.Event()

    async def __call__(self, _it):
        self.asked += 1
        if self.asked == 3:
            self.often.set()
        return self.found


def checks(*runs):
    return [Check(f"c{number}", f"Check {number}", run) for number, run in enumerate(runs)]


def test_what_connects_to_strangers_or_opens_the_history_is_not_looked_at_by_a_running_bot():
    """SQLite forgets its locks when a process closes a second descriptor of the file."""
    names = {check.name for check in QUICK}
    assert names < {check.name for check in CHECKS}
    assert not names & {"database", "ports", "control", "views", "way_in", "manifest", "listening", "vantages"}
    assert {"bot_token", "scopes", "dns", "dnssec", "ehlo", "room", "clock", "proxy"} <= names


async def test_what_is_bad_is_logged_once_until_it_changes(caplog):
    caplog.set_level(logging.INFO)
    looked, check = SelfCheck(), Finding(Found(Code.FAMILIES_NONE))
    for _ in range(2):
        await looked.look(None, NOW, checks(check))
    assert caplog.text.count("This machine has no way out") == 1
    check.found = [Found(Code.FAMILIES_BOTH)]
    await looked.look(None, NOW, checks(check))
    assert looked.lines() == []
    check.found = [Found(Code.FAMILIES_NONE)]
    await looked.look(None, NOW, checks(check))
    assert caplog.text.count("This machine has no way out") == 2


async def test_a_note_is_no_warning(caplog):
    caplog.set_level(logging.INFO)
    looked = SelfCheck()
    await looked.look(None, NOW, checks(Finding(Found(Code.PROXY_EXCEPTED)), Finding(Found(Code.FAMILIES_NONE))))
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]
    assert len(looked.lines()) == 1


async def test_it_looks_again_and_again(monkeypatch):
    check = Finding(Found(Code.FAMILIES_BOTH))
    looked = SelfCheck()
    monkeypatch.setattr(looked, "look", lambda it, now: SelfCheck.look(looked, it, now, checks(check)))
    async with looked.looking(lambda: None, lambda: NOW, every=0.0), asyncio.timeout(5):
        await check.often.wait()
    assert looked.at == NOW


@pytest.fixture
async def ws():
    async with Workspace(scopes=["chat:write", "commands", "users:read", "channels:read", "groups:read"]) as workspace:
        yield workspace


@pytest.fixture
async def stage(ws, services, tmp_path):  # noqa: F811 - the fixture
    """A bot that looks by itself, at a name server on loopback; entered when it has looked once."""
    async with LabDns({"": {"NS": ["a."], "SOA": ["a. b. 1 2 3 4 5"]}}) as dns:
        settings = Settings(
            bot_token=ws.bot_token,
            app_token=ws.app_token,
            api_url=ws.api_url,
            port=0,
            database=str(tmp_path / "portero.db"),
            ehlo_name="probe",
            nameservers=(("127.0.0.1", dns.port),),
            admins=frozenset({ws.user("ana").id}),
        )
        own = replace(services, prober=make_prober(settings))
        async with running(settings, own, looks=True, pace=()) as bot:
            about = bot.dispatcher._services.about
            async with asyncio.timeout(PATIENCE):
                await about.looked.once.wait()
            yield Stage(ws, bot, own)


async def test_admins_read_in_the_status_what_portero_lacks(stage):
    await stage.type("/portero status")
    text = stage.last().text
    assert "Name in EHLO: Servers are greeted as probe, which is no full name" in text
    assert "Scopes: files:read was not granted: configs that come as files are not read." in text
    assert "`portero doctor`" in text


async def test_others_read_that_something_is_to_be_mended_and_no_more(stage):
    await stage.type("/portero status", user="bruno")
    text = stage.last("bruno").text
    assert "to mend for whoever runs Portero" in text
    assert "Name in EHLO" not in text


async def test_home_shows_it_to_admins_alone(ws, stage):
    for user, shown in (("ana", True), ("bruno", False)):
        await ws.open_home(user)
        await stage.bot.dispatcher.idle()
        assert ("Servers are greeted as probe" in str(ws.home_of(user).blocks)) is shown
