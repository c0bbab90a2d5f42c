"""Every fault that something handles is provoked, with the log at DEBUG: none of what must not stand there does."""

import asyncio
import gc
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.observability.log import keep_clean
from commands.contract import Action, Modal, Reply
from storage.errors import DiskFullError

from .odd_answers import RAWS, TYPED
from .process import PATIENCE
from .stage import bot_on, fake
from .test_deduplication import button_bearer

METHODS = ("response_url", "chat.postMessage", "users.info", "users.conversations", "views.open", "views.update")


class Everything(logging.Handler):
    """A handler such as a library may add: it keeps whatever the records hold."""

    def __init__(self):
        super().__init__(0)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{self.format(record)} {vars(record)!r}")


@pytest.fixture
def heard(caplog, monkeypatch):
    """Everything that is logged at DEBUG, by loggers that do not propagate, too."""
    caplog.set_level(logging.DEBUG)
    handler = Everything()
    logging.root.addHandler(handler)
    for name in ("slack_sdk", "slack_bolt", "aiohttp", "asyncio"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", False)
        logging.getLogger(name).addHandler(handler)
    yield handler.lines
    for name in ("", "slack_sdk", "slack_bolt", "aiohttp", "asyncio"):
        logging.getLogger(name).removeHandler(handler)


def markers(ws):
    keys = [TYPED, "SeCrEt", "/commands/T", "/actions/T", "ticket=", ws.bot_token, ws.app_token, ws.signing_secret]
    return [*keys, *ws.state.response_urls, *ws.state.triggers._known]


def leaked(ws, lines):
    return [line for line in lines if any(marker in line for marker in markers(ws))]


async def speaking(request, _services):
    """One command with all that can go wrong in a handler."""
    word = request.text.split()[-1] if request.text else ""
    if word == "bug":
        raise ValueError(request.text)
    if word == "slack":
        raise SlackApiError(request.text, {"error": request.text})
    if word == "disk":
        raise DiskFullError("the disk is full") from ValueError(request.text)
    if word == "task":
        forgotten = [asyncio.ensure_future(failing(request.text))]
        forgotten.clear()
    if word == "loop":
        asyncio.get_running_loop().call_soon(failing_at_once, request.text)
    yield Reply(f"echo {request.text}", public=word == "public")


async def failing(text):
    raise LookupError(text)


def failing_at_once(text):
    raise LookupError(text)


async def dialogue(request, _services):
    yield Modal(TYPED, [{"type": "section", "text": {"type": "plain_text", "text": TYPED}}])


async def pressing(request, services):
    async for step in button_bearer(request, services):
        yield step


@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("name", RAWS)
async def test_no_odd_answer_of_slack_brings_a_secret_into_the_log(ws, services, heard, mode, name, monkeypatch):
    monkeypatch.setattr("bot.slack.client.web_client.UNTOLD_WAIT", 0.0)
    commands = (
        fake(speaking),
        fake(button_bearer, name="bear", actions={"go": Action(dialogue, modal=True)}),
    )
    async with bot_on(ws, services, mode, commands=commands, pace=()) as stage:
        stage.bot.dispatcher.word_after = (0.0,)
        for number, method in enumerate(METHODS):
            ws.answer_oddly(method, RAWS[name], times=2)
            person = ws.add_user(f"u{number}", real_name=TYPED)
            ws.channel("mailops").members.add(person.id)
            await stage.type(f"/echo {TYPED} public", user=person)
        await stage.type("/bear")
        ws.state.faults._queues.clear()
    assert leaked(ws, heard) == []


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_no_fault_of_ours_brings_a_secret_into_the_log(ws, services, heard, mode, capfd):
    async with bot_on(ws, services, mode, commands=(fake(speaking),), pace=(), watch=0.1) as stage:
        stage.bot.dispatcher.word_after = (0.0,)
        for word in ("bug", "slack", "disk", "task", "loop", "public"):
            await stage.type(f"/echo {TYPED} {word}")
        gc.collect()
        await asyncio.sleep(0)
        ws.fail("response_url", "expired_url", status=404, times=9)
        ws.fail("chat.postEphemeral", "fatal_error", status=500, times=9)
        ws.fail("chat.postMessage", "service_unavailable", status=503, times=9)
        ws.fail("users.conversations", "internal_error", status=503, times=9)
        await stage.type(f"/echo {TYPED}")
        await ws.event("message", text=TYPED)
        await ws.command("ana", "mailops", f"/unheard {TYPED}")
    text = "\n".join(heard)
    assert leaked(ws, [*heard, *capfd.readouterr()]) == []
    for met in ("ValueError", "the disk is full", "LookupError", "Task exception was never retrieved"):
        assert met in text
    assert "could not be delivered by any method" in text


async def test_a_hanging_slack_brings_no_secret_into_the_log(ws, services, heard):
    async with bot_on(ws, services, commands=(fake(speaking),), pace=()) as stage:
        stage.bot.dispatcher.word_after = (0.0,)
        await stage.type("/echo")
        stage.bot.dispatcher._session._timeout = aiohttp.ClientTimeout(total=0.05)
        gates = [ws.hold(method) for method in ("response_url", "chat.postEphemeral", "chat.postMessage")]
        await stage.type(f"/echo {TYPED}")
        for gate in gates:
            gate.set()
    assert leaked(ws, heard) == []
    assert "TimeoutError" in "\n".join(heard)


async def test_no_trouble_of_the_socket_brings_a_secret_into_the_log(ws, services, heard):
    async with bot_on(ws, services, commands=(fake(speaking),), pace=(), watch=0.1) as stage:
        for junk in (TYPED, "{" + TYPED, '{"type": "' + TYPED + '"}', '{"type": "slash_commands", "payload": 7}'):
            await ws.sockets.say(junk)
        await ws.sockets.say(json.dumps({"type": "interactive", "envelope_id": TYPED, "payload": {"type": TYPED}}))
        ws.fail("apps.connections.open", TYPED, times=1)
        ws.rate_limit("apps.connections.open", retry_after=TYPED)
        ws.answer_oddly("apps.connections.open", RAWS["no json"])
        ws.refuse_upgrades()
        await ws.drop_sockets()
        await ws.wait_for(lambda: ws.connections == 1, timeout=PATIENCE)
        await ws.sockets.refresh(TYPED)
        await ws.wait_for(lambda: ws.connections == 1, timeout=PATIENCE)
        await stage.type(f"/echo {TYPED}")
    assert leaked(ws, heard) == []
    assert ws.sockets.refused >= 1
    assert "failed to connect" in "\n".join(heard)


async def test_no_request_from_a_stranger_brings_a_secret_into_the_log(ws, services, heard):
    async with bot_on(ws, services, "http", commands=(fake(speaking),), pace=()):
        forged = ws.http.signed("slash_commands", {"command": "/echo", "text": TYPED}, secret="guess")
        stale = ws.http.signed("slash_commands", {"command": "/echo", "text": TYPED}, at=7)
        garbled = replace(forged, headers={**forged.headers, "X-Slack-Request-Timestamp": TYPED})
        for request in (
            forged,
            stale,
            garbled,
            replace(forged, headers={**forged.headers, "X-Slack-Signature": TYPED}),
        ):
            await ws.http.send(request)
        await abort(ws.http.url, f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\ntext={TYPED}")
        await abort(ws.http.url, f"{TYPED} / {TYPED}\r\n\r\n")
        await abort(ws.http.url, f"POST /slack/events HTTP/1.1\r\nContent-Length: {TYPED}\r\n\r\n")
    assert leaked(ws, heard) == []
    assert "its signature is wrong or stale" in "\n".join(heard)


async def abort(url, text):
    """Send these bytes and be gone."""
    host, port = re.match(r"http://(.*):(\d+)/", url).groups()
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(text.encode())
    await writer.drain()
    writer.transport.abort()


@pytest.mark.parametrize(
    ("name", "message", "args"),
    [
        ("slack_sdk.web", f"Sending a request - data: {TYPED}", ()),
        ("slack_bolt.X", "body: %s", (TYPED,)),
        ("anybody", TYPED, ()),
        ("bot.slack.dispatcher", "%s", ({"text": TYPED},)),
        ("bot.slack.dispatcher", "%s and %r", ([TYPED], TYPED.encode())),
        ("bot.slack.dispatcher", "%(a)s", ({"a": ValueError(TYPED)},)),
        ("bot.slack.dispatcher", "%d", (TYPED,)),
        ("commands.x", "%s", (aiohttp.ClientError(TYPED),)),
        ("storage", "at https://hooks.example.com/%s", (TYPED,)),
        ("storage", "Bearer %s", (TYPED,)),
    ],
)
def test_a_record_holds_nothing_else_than_its_clean_words(heard, name, message, args):
    keep_clean()
    try:
        failing_at_once(TYPED)
    except LookupError:
        logging.getLogger(name).warning(message, *args, exc_info=True, stack_info=True)
    [line] = [line for line in heard if f"'name': '{name}'" in line]
    assert TYPED not in line
    assert "LookupError" in line
    assert "test_log.py" in line


def test_what_no_handler_takes_goes_out_clean_as_well(capfd):
    keep_clean()
    logger = logging.getLogger("slack_sdk.nobody")
    logging.lastResort.handle(logger.makeRecord(logger.name, logging.ERROR, "x.py", 1, TYPED, (), None))
    err = capfd.readouterr().err
    assert "left out" in err
    assert TYPED not in err


def test_a_secret_of_the_settings_is_covered_in_our_own_words(heard):
    keep_clean({"correct-horse-battery"})
    logging.getLogger("bot.x").warning("it was %s", "correct-horse-battery")
    assert "correct-horse-battery" not in "\n".join(heard)
    assert "it was [hidden]" in "\n".join(heard)


PROGRAM = """
import asyncio, gc, logging, sys, threading, warnings
from bot.observability.log import set_up
set_up()
logging.root.setLevel(logging.DEBUG)
async def failing(): raise ValueError(sys.argv[1])
async def main():
    asyncio.get_running_loop().set_debug(True)
    task = asyncio.ensure_future(failing())
    await asyncio.sleep(0); del task; gc.collect(); await asyncio.sleep(0)
asyncio.run(main())
class Odd:
    def __del__(self): raise ValueError(sys.argv[1])
Odd()
warnings.simplefilter("always")
warnings.warn(sys.argv[1], ResourceWarning)
def ends(): raise ValueError(sys.argv[1])
thread = threading.Thread(target=ends); thread.start(); thread.join()
logging.getLogger("bot.x").info("%s %s", "one")
raise ValueError(sys.argv[1])
"""


def test_python_itself_writes_no_secret_on_standard_error():
    ended = subprocess.run([sys.executable, "-c", PROGRAM, TYPED], capture_output=True, text=True, check=False)
    assert TYPED not in ended.stderr
    assert ended.returncode == 1
    for met in (
        "Task exception was never retrieved",
        "an error was ignored",
        "ResourceWarning",
        "a thread ended by an error",
        "the program ends by an error",
    ):
        assert met in ended.stderr
