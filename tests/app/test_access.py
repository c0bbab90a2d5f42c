import pytest

from bot.slack.access.access import Rules
from commands.contract import Action

from .stage import bot_on, echo, fake
from .test_deduplication import button_bearer

STRANGER = {"id": "U0STRANGER1", "username": "eve", "name": "eve", "team_id": "T0STRANGER1"}


def as_command(payload, **changes):
    return {**payload, "trigger_id": "1.2.3", **changes}


async def test_a_command_from_another_organisation_is_refused(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        await ws.deliver("slash_commands", as_command(done.payload, team_id="T0STRANGER1"))
        await stage.bot.dispatcher.idle()
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
        await stage.bot.dispatcher.idle()
    assert "only members of the organisation" in stage.last().text
    assert len(ws.calls("views.open")) == opened


async def test_the_enterprise_of_the_channel_is_not_that_of_the_stranger(serving, ws):
    async with serving(button_bearer, actions={"go": Action(echo)}) as stage:
        stage.bot.dispatcher.access.homes |= {"E0000000001"}
        await stage.type("/echo")
        done = await stage.press("echo.go")
        shared = {"user": STRANGER, "enterprise": {"id": "E0000000001"}, "trigger_id": "1.2.3"}
        await ws.deliver("interactive", {**done.payload, **shared})
        await stage.bot.dispatcher.idle()
    assert "only members of the organisation" in stage.last().text


async def test_who_comes_from_nowhere_is_refused(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        await ws.deliver("slash_commands", as_command(done.payload, team_id=""))
        stage.bot.dispatcher.access.homes = frozenset()
        await ws.deliver("slash_commands", as_command(done.payload, team_id="", trigger_id="4.5.6"))
        await stage.bot.dispatcher.idle()
    assert [message.text.startswith("echo") for message in stage.seen()] == [True, False, False]


async def test_another_team_of_the_same_enterprise_belongs(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        stage.bot.dispatcher.access.homes |= {"E0000000001"}
        elsewhere = as_command(done.payload, team_id="T0000000002", enterprise_id="E0000000001")
        await ws.deliver("slash_commands", elsewhere)
        await stage.bot.dispatcher.idle()
    assert [message.text for message in stage.seen()] == ["echo hello", "echo hello"]


async def test_a_guest_is_refused_unless_a_setting_allows(ws, services):
    for rules, answer in ((Rules(), "does not answer guests"), (Rules(guests=True), "echo hello")):
        async with bot_on(ws, services, commands=(fake(echo),), pace=()) as stage:
            stage.bot.dispatcher.access._rules = rules
            await stage.type("/echo hello", user="greta")
        assert answer in stage.last(user="greta").text


async def test_people_of_an_organisation_that_is_allowed_are_served(ws, services):
    ws.channel("mailops").members.add(ws.add_user("eve", team="T0STRANGER1").id)
    async with bot_on(ws, services, commands=(fake(echo),), pace=()) as stage:
        await stage.type("/echo hello", user="eve")
        stage.bot.dispatcher.access._rules = Rules(teams=frozenset({"T0STRANGER1"}))
        await stage.type("/echo hello", user="eve")
    assert [message.text[:12] for message in stage.seen("eve")] == [":grey_exclam", "echo hello"]


async def test_who_says_to_be_one_of_us_and_is_not_is_refused(ws, services):
    """The payload of a command says where it was typed; users.info says whose the person is."""
    eve = ws.add_user("eve", team="T0STRANGER1")
    ws.channel("mailops").members.add(eve.id)
    async with bot_on(ws, services, commands=(fake(echo),), pace=()) as stage:
        done = await stage.type("/echo hello", user="eve")
        await ws.deliver("slash_commands", as_command(done.payload, team_id=ws.state.team))
        await stage.bot.dispatcher.idle()
    assert all("only members of the organisation" in message.text for message in stage.seen("eve"))


@pytest.mark.parametrize(("error", "words"), [("missing_scope", "lacks the scope users:read"), ("fatal_error", "who")])
async def test_who_cannot_be_looked_up_is_not_served(serving, ws, error, words, caplog):
    async with serving() as stage:
        ws.fail("users.info", error)
        await stage.type("/echo hello")
        await stage.type("/echo hello")
    assert words in stage.seen()[0].text
    assert stage.last().text == "echo hello"
