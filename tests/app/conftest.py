from functools import partial

import pytest
from slack_sdk.http_retry import FixedValueRetryIntervalCalculator

from bot.demo.workspace.workspace import Workspace
from bot.services import Services
from bot.slack.client import web_client
from bot.slack.client.turns import Turns
from commands.smtpcheck.address.public_addresses import Guard
from tests.histories import history_at

from .stage import MODES, bot_on, echo, fake, lab_services
from .watchers import TARGET, watchers_on


class Guarded:
    """A prober that says whom it may connect to, and connects to nobody."""

    guard = Guard()


@pytest.fixture(autouse=True)
def impatient_client(monkeypatch):
    """What is tried again is tried at once; a wait that Slack asks for in so many seconds is kept."""
    monkeypatch.setattr(web_client, "PAUSES", FixedValueRetryIntervalCalculator(fixed_internal=0.0))
    monkeypatch.setattr(web_client, "UNTOLD_WAIT", 0.0)
    monkeypatch.setattr(web_client, "Turns", partial(Turns, spacing=0.0))


@pytest.fixture
async def ws():
    async with Workspace() as workspace:
        yield workspace


@pytest.fixture
async def services(tmp_path):
    """Real services, without anything that could probe."""
    history = await history_at(tmp_path / "portero.db")
    yield Services(prober=Guarded(), history=history, watches=history.watches, ports=(25, 465, 587, 2525), lookups=None)
    await history.close()


@pytest.fixture
async def w(ws, services):
    """A bot with a watch on 25 of `TARGET`, which had it well once."""
    async with watchers_on(ws, services) as made:
        await made.type(f"add {TARGET} 25")
        await made.tick()
        yield made


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


@pytest.fixture
async def lab(tmp_path):
    async with lab_services(tmp_path) as services:
        yield services


@pytest.fixture
async def stage(ws, lab, mode):
    """The bot with its real commands, on the lab, over Socket Mode and over signed HTTP."""
    async with bot_on(ws, lab, mode, pace=()) as running:
        yield running


@pytest.fixture
async def serving(ws, services):
    """Opens the bot over Socket Mode with a fake command: `async with serving(handle) as stage`."""

    def opened(handle=echo, *, mode="socket", pace=(), services=services, watch=5.0, **more):
        return bot_on(ws, services, mode, commands=(fake(handle, **more),), pace=pace, watch=watch)

    return opened
