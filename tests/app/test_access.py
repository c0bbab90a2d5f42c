import pytest

from commands.contract import Action

from .stage import echo
from .test_once import button_bearer

STRANGER = {"id": "U0STRANGER1", "username": "eve", "name": "eve", "team_id": "T0STRANGER1"}


def as_command(payload, **changes):
    return {**payload, "trigger_id": "1.2.3", **changes}


async def test_a_command_from_another_organisation_is_refused(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        await ws.deliver("slash_commands", as_command(done.payload, team_id="T0STRANGER1"))
        await stage.bot.bridge.idle()
    assert [message.text.split("\n")[0] for message in stage.seen()] == [
        "echo hello",
        ":grey_exclamation: Portero answers only members of the organisation that installed it.",
    ]


@pytest.mark.parametrize("modal", [False, True])
async def test_a_button_pressed_by_a_stranger_of_a_shared_channel_is_refused(serving, ws, modal):
    async with serving(button_bearer, actions={"go": Action(echo, modal=modal)}) as stage:
        await stage.type("/echo")
        done = await stage.press("echo.go")
        opened = len(ws.calls("views.open"))
        await ws.deliver("interactive", {**done.payload, "user": STRANGER, "trigger_id": "1.2.3"})
        await stage.bot.bridge.idle()
    assert "only members of the organisation" in stage.last().text
    assert len(ws.calls("views.open")) == opened


async def test_the_enterprise_of_the_channel_is_not_that_of_the_stranger(serving, ws):
    async with serving(button_bearer, actions={"go": Action(echo)}) as stage:
        stage.bot.bridge.enterprise = "E0000000001"
        await stage.type("/echo")
        done = await stage.press("echo.go")
        shared = {"user": STRANGER, "enterprise": {"id": "E0000000001"}, "trigger_id": "1.2.3"}
        await ws.deliver("interactive", {**done.payload, **shared})
        await stage.bot.bridge.idle()
    assert "only members of the organisation" in stage.last().text


async def test_who_comes_from_nowhere_is_refused(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        await ws.deliver("slash_commands", as_command(done.payload, team_id=""))
        stage.bot.bridge.team = ""
        await ws.deliver("slash_commands", as_command(done.payload, team_id="", trigger_id="4.5.6"))
        await stage.bot.bridge.idle()
    assert [message.text.startswith("echo") for message in stage.seen()] == [True, False, False]


async def test_another_team_of_the_same_enterprise_belongs(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        stage.bot.bridge.enterprise = "E0000000001"
        elsewhere = as_command(done.payload, team_id="T0000000002", enterprise_id="E0000000001")
        await ws.deliver("slash_commands", elsewhere)
        await stage.bot.bridge.idle()
    assert [message.text for message in stage.seen()] == ["echo hello", "echo hello"]
