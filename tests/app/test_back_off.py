"""A host that refused us is left alone by the whole team, over real Bolt, and after a restart."""

import pytest

from bot.demo.lab.lab import Host
from bot.demo.lab.steps import Close, Send
from storage.history import OPERATOR, Query

from .stage import bot_on, content, lab_services


def refusing(counted):
    """A host whose port 25 refuses strangers; every connection is counted."""

    def serve(_authority):
        counted.append(Counter())
        return (counted[-1], Send(b"554 5.7.1 no service for your address 192.0.2.10\r\n"), Close())

    return Host("closed.lab.example", ("198.51.100.90",), "Refuses strangers.", {25: serve})


class Counter:
    """A step that counts."""

    def __init__(self):
        self.connections = 0

    async def play(self, _wire):
        self.connections += 1


@pytest.fixture
def peers():
    return []


async def test_a_refusal_is_kept_for_the_team_and_over_a_restart(ws, tmp_path, mode, peers):
    async with lab_services(tmp_path, refusing(peers)) as services, bot_on(ws, services, mode, pace=()) as stage:
        await stage.type("/smtpcheck closed.lab.example 25")
        assert peers[-1].connections == 1
        services.now.advance(120)
        await stage.type("/smtpcheck closed.lab.example 25 again", user="bruno")
        told = stage.last(user="bruno")
        assert "*closed.lab.example* refused us on port 25, so that port is left alone until" in told.text
        assert "left alone until" in content(told)
        await stage.press("smtpcheck.run", user="bruno")
        assert peers[-1].connections == 1

    async with lab_services(tmp_path, refusing(peers)) as services, bot_on(ws, services, mode, pace=()) as stage:
        services.now.advance(600)
        await stage.type("/smtpcheck closed.lab.example 25")
        assert "This is the result of 10 min ago" in stage.last().text
        assert peers[-1].connections == 0
        services.now.advance(3600)
        await stage.type("/smtpcheck closed.lab.example 25 again")
        assert peers[-1].connections == 1
        assert await services.history.count(Query(OPERATOR)) == 2
