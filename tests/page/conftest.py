import pytest

from bot.demo.page.server import serving
from bot.demo.stage import ground
from bot.demo.web import demo_on
from commands.smtpcheck.wire.connection import Limits


@pytest.fixture
async def here():
    """Lab, workspace and bot of the demo."""
    async with ground(limits=Limits(connect=1.0)) as made:
        yield made


@pytest.fixture
async def url(here):
    """The address of its page."""
    async with serving(demo_on(here)) as made:
        yield made
