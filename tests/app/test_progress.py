import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from .stage import asked, bot_on, held_host, lab_services


@pytest.fixture
def gate():
    return asyncio.Event()


class Noticed:
    """A history that says when a result was kept."""

    def __init__(self, history):
        self._history = history
        self.kept = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._history, name)

    async def add(self, entry, readings=()):
        await self._history.add(entry, readings)
        self.kept.set()


@pytest.fixture
def held(ws, tmp_path, gate):
    """The bot, and a host whose port 587 answers when the gate opens."""

    @asynccontextmanager
    async def opened(pace=(0.0, 0.0, 0.0)):
        async with lab_services(tmp_path, held_host(gate)) as lab:
            services = replace(lab, history=Noticed(lab.history))
            async with bot_on(ws, services, pace=pace) as stage:
                yield stage

    return opened


async def test_a_slow_check_says_which_ports_have_answered(ws, held, gate):
    async with held() as stage:
        await ws.command("ana", "mailops", "/smtpcheck held.lab.example 25 587")
        await ws.wait_for(lambda: stage.seen() and "1 of 2 ports" in stage.last().text)
        gate.set()
        await stage.bot.dispatcher.idle()
    progress = [message.text for message in stage.seen()][:-1]
    assert [text.split(" ")[0] for text in progress] == [":hourglass_flowing_sand:"] * 2
    assert "25: open" in progress[1]


async def test_a_button_edits_its_message_while_it_works(ws, held, gate):
    gate.set()
    async with held() as stage:
        await stage.type("/smtpcheck held.lab.example 25 587")
        gate.clear()
        stage.services.now.advance(11)
        answer = ws.pressable("mailops", "ana")
        await ws.click(answer, "smtpcheck.run", user="ana")
        await ws.wait_for(lambda: "1 of 2" in answer.text)
        gate.set()
        await stage.bot.dispatcher.idle()
    assert len(answer.versions) == 3
    assert "held.lab.example" in answer.text
    assert "hourglass" not in answer.text


async def test_a_check_from_below_something_else_leaves_that_alone_however_long_it_takes(ws, held, gate):
    async with held() as stage:
        await stage.type("/smtphistory held.lab.example")
        before = ws.pressable("mailops", "ana")
        await ws.click(before, "smtpcheck.check", user="ana")
        await ws.wait_for(lambda: "hourglass" in stage.last().text)
        gate.set()
        await stage.bot.dispatcher.idle()
    assert before.versions == []
    beside = [message.text.split(":")[1] for message in stage.seen()[1:]]
    assert (beside[0], beside[-1]) == ("hourglass_flowing_sand", "warning")


async def test_here_edits_its_message_by_chat_update(ws, held, gate):
    async with held() as stage:
        await ws.command("ana", "mailops", "/smtpcheck held.lab.example 25 587 here")
        await ws.wait_for(lambda: ws.calls("chat.update"))
        gate.set()
        await stage.bot.dispatcher.idle()
    [message] = stage.seen(user="bruno")
    assert len(message.versions) == 2
    assert "hourglass" not in message.text
    assert [len(ws.calls(method)) for method in ("chat.postMessage", "chat.update")] == [1, 2]


async def test_progress_where_the_bot_is_no_member_is_tried_once(ws, held, gate):
    async with held() as stage:
        await ws.command("ana", "general", "/smtpcheck held.lab.example 25 587 here")
        await ws.wait_for(lambda: ws.calls("chat.postMessage"))
        gate.set()
        await stage.bot.dispatcher.idle()
    assert len(ws.calls("chat.postMessage")) == 1
    assert [call.args["response_type"] for call in ws.calls("response_url")] == ["in_channel"]


async def test_no_progress_arrives_behind_the_answer(ws, held, gate):
    async with held() as stage:
        slack = ws.hold("response_url")
        await ws.command("ana", "mailops", "/smtpcheck held.lab.example 25 587")
        await asked(ws, "response_url")
        gate.set()
        await stage.services.history.kept.wait()
        assert len(ws.calls("response_url")) == 1
        slack.set()
        await stage.bot.dispatcher.idle()
    assert ["hourglass" in message.text for message in stage.seen()] == [True, False]


async def test_a_quick_check_posts_its_answer_alone(ws, held, gate):
    gate.set()
    async with held(pace=(5.0,)) as stage:
        await stage.type("/smtpcheck held.lab.example 25 587")
    assert len(ws.calls("response_url")) == 1


async def test_even_refused_answers_stay_within_five_posts(ws, held, gate):
    gate.set()
    async with held() as stage:
        await stage.type("/smtpcheck held.lab.example 25 587")
        gate.clear()
        stage.services.now.advance(11)
        answer, before = ws.pressable("mailops", "ana"), len(ws.calls("response_url"))
        await ws.click(answer, "smtpcheck.run", user="ana")
        await ws.wait_for(lambda: "1 of 2" in answer.text)
        ws.fail("response_url", "invalid_blocks", times=2, status=400)
        gate.set()
        await stage.bot.dispatcher.idle()
    assert len(ws.calls("response_url")) - before == 5
    assert answer.blocks == []
    assert answer.text.startswith(":white_check_mark:") or "held.lab.example" in answer.text
