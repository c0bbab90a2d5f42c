"""Portero's first words: once to whoever installed it, once in each channel, once in each person's messages."""

import asyncio

import pytest

from bot.demo.workspace.workspace import Workspace
from bot.slack.conversation.prompts import ALWAYS, MOST, TITLE_CHARACTERS, prompts
from bot.slack.conversation.understanding.understanding import understand
from commands.watch.verbs.forgetting import forget

from .stage import asked, bot_on
from .test_conversation import answers, written

HELLO, HERE = "Hello. ", "*Portero is here.*"


async def open_messages(stage, user="ana", tab="messages"):
    await stage.ws.open_home(user, tab)
    await stage.bot.dispatcher.idle()


async def join(stage, channel="general"):
    where = stage.ws.channel(channel)
    where.members.add(stage.ws.bot.id)
    await stage.ws.event("member_joined_channel", user=stage.ws.bot.id, channel=where.id, channel_type="C")
    await stage.bot.dispatcher.idle()


def labels(message):
    return [each["text"]["text"] for each in message.blocks[-1]["elements"]]


def direct(ws, user="ana"):
    return [one for one in ws.messages(ws.dm(user)) if one.bot_id]


async def test_whoever_installed_it_gets_one_message_that_says_what_to_type(ws, services):
    for _ in range(2):
        async with bot_on(ws, services, admins=frozenset({ws.user("ana").id}), new=True) as stage:
            await stage.bot.dispatcher.idle()
    [message] = direct(ws)
    assert message.text.startswith(HERE)
    assert "`/smtpcheck mail.example.com`" in message.text
    assert "*Who sees what*" in message.text
    assert labels(message)[0].startswith("Try it")


@pytest.mark.parametrize("tab", ["messages", "home"])
async def test_without_admins_it_is_whoever_opens_the_app_first(ws, services, tab):
    async with bot_on(ws, services, new=True) as stage:
        await open_messages(stage, "bruno", tab)
        await open_messages(stage, "ana", tab)
    assert direct(ws, "bruno")[0].text.startswith(HERE)
    assert [one.text[:7] for one in direct(ws, "ana")] == ([HELLO] if tab == "messages" else [])


async def test_an_installation_that_was_there_before_greets_nobody_as_its_installer(ws, services):
    async with bot_on(ws, services, admins=frozenset({ws.user("ana").id})) as stage:
        await stage.bot.dispatcher.idle()
        await open_messages(stage)
    assert [one.text[:7] for one in direct(ws)] == [HELLO]


async def test_what_could_not_be_posted_is_tried_again_at_the_next_start(ws, services):
    ws.fail("chat.postMessage", "fatal_error")
    for _ in range(2):
        async with bot_on(ws, services, admins=frozenset({ws.user("ana").id}), new=True) as stage:
            await stage.bot.dispatcher.idle()
    assert len(direct(ws)) == 1


async def test_the_first_thing_to_press_works(stage, ws):
    await open_messages(stage)
    await stage.press("smtpcheck.check", channel=ws.dm("ana"))
    answer = answers(stage, ws.dm("ana"))[-1]
    assert "our network" in answer.text.lower()
    assert answer.ephemeral_to == ""  # it stays: these are their own messages


async def test_what_is_pressed_there_can_be_asked_on(stage, ws):
    await open_messages(stage)
    await stage.press("smtpcheck.check", channel=ws.dm("ana"))
    await written(stage, "details", ws.dm("ana"))
    assert answers(stage, ws.dm("ana"))[-1].text.startswith("*Our network*")


async def test_a_channel_is_greeted_once_with_two_buttons(ws, services):
    for _ in range(2):
        async with bot_on(ws, services) as stage:
            await join(stage)
            await join(stage)
    [message] = [one for one in ws.messages("general") if one.bot_id]
    assert message.text.startswith(HELLO)
    assert labels(message) == ["Check a host", "Watch a host here"]


async def test_a_channel_in_which_it_watches_is_not_greeted_as_if_it_were_new(stage, ws):
    await stage.type("/smtpwatch add mail.lab.example every 15m")
    before = len(ws.messages("mailops"))
    await join(stage, "mailops")
    assert len(ws.messages("mailops")) == before


async def test_somebody_else_who_joins_a_channel_is_no_news(ws, services):
    async with bot_on(ws, services) as stage:
        await ws.event("member_joined_channel", user=ws.user("ana").id, channel=ws.channel("mailops").id)
        await stage.bot.dispatcher.idle()
    assert [one for one in ws.messages("mailops") if one.bot_id] == []


async def test_the_buttons_of_the_greeting_open_their_forms(stage, ws):
    await join(stage)
    await stage.press("smtpwatch.new", channel="general")
    assert ws.view_of("ana") is not None


async def test_the_messages_greet_a_person_once_and_suggest_what_to_write(ws, services):
    for _ in range(2):
        async with bot_on(ws, services) as stage:
            await open_messages(stage)
    assert [one.text[:7] for one in direct(ws)] == [HELLO]
    suggested = ws.state.prompts[ws.dm("ana").id]
    assert [(one["title"], one["message"]) for one in suggested] == list(ALWAYS)
    assert all("thread_ts" not in call.args for call in ws.calls("assistant.threads.setSuggestedPrompts"))


async def test_what_is_suggested_follows_what_they_did(stage, ws):
    await written(stage, "mail.lab.example 587", ws.dm("ana"))
    await open_messages(stage)
    messages = [one["message"] for one in ws.state.prompts[ws.dm("ana").id]]
    assert messages[:2] == ["check mail.lab.example", "changes mail.lab.example"]


async def test_a_workspace_without_agents_is_asked_once(services):
    async with Workspace(unknown_methods=["assistant.threads.setSuggestedPrompts"]) as ws:
        async with bot_on(ws, services) as stage:
            await open_messages(stage)
            await open_messages(stage)
        assert len(ws.calls("assistant.threads.setSuggestedPrompts")) == 1
        assert direct(ws)


async def test_who_is_not_served_is_not_greeted(ws, services):
    async with bot_on(ws, services) as stage:
        await open_messages(stage, "greta")
    assert direct(ws, "greta") == []


async def test_greetings_and_threads_of_a_person_are_forgotten_with_them(stage, ws):
    ana = ws.user("ana").id
    await written(stage, "mail.lab.example 587", ws.dm("ana"))
    await written(stage, "@portero mail.lab.example 465")
    await open_messages(stage)
    await forget(ana, stage.services.watches)
    kept = {**await stage.services.watches.notes("greeted:"), **await stage.services.watches.notes("thread:")}
    assert not any(ana in key or ana in str(note) for key, note in kept.items())
    assert [key for key in kept if ws.dm("ana").id in key] == []
    assert len([key for key in kept if key.startswith("thread:")]) == 1


@pytest.mark.parametrize(("down", "last"), [((), ""), (("a.example.com",), "b.example.com"), (("x" * 200,), "y" * 200)])
def test_prompts_are_few_and_short_and_each_is_understood(down, last):
    made = prompts(down, last)
    assert 1 <= len(made) <= MOST
    assert all(len(one["title"]) <= TITLE_CHARACTERS for one in made)
    assert len({one["message"] for one in made}) == len(made)
    if len(last) < 100:
        assert all(understand(one["message"]) is not None for one in made)


async def test_the_greeting_comes_before_the_answer_to_whoever_writes_meanwhile(ws, services):
    """Slack tells of both at once, and the greeting looks up who it is first."""
    async with bot_on(ws, services) as stage:
        gate = ws.hold("users.info")
        opened = asyncio.ensure_future(ws.open_home("ana", "messages"))
        await asked(ws, "users.info")
        asking = asyncio.ensure_future(ws.write("ana", ws.dm("ana"), "help"))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(opened, asking)
        await stage.bot.dispatcher.idle()
    assert [one.text[:7] for one in direct(ws)][:1] == [HELLO]
    assert len(direct(ws)) == 2


async def test_nobody_is_greeted_after_the_first_answer_to_them(ws, services):
    async with bot_on(ws, services) as stage:
        await written(stage, "help", ws.dm("ana"))
        await open_messages(stage)
    assert len(direct(ws)) == 1
    assert not direct(ws)[0].text.startswith(HELLO)


async def test_the_installer_is_not_greeted_below_a_conversation(ws, services):
    async with bot_on(ws, services, new=True) as stage:
        await written(stage, "help", ws.dm("ana"))
        await open_messages(stage, "ana", "home")
    assert [one.text for one in direct(ws) if one.text.startswith(HERE)] == []
