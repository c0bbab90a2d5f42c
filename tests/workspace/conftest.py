import contextlib

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.workspace import Workspace


@pytest.fixture
async def ws():
    async with Workspace() as workspace:
        yield workspace


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(ws, session):
    return client_of(ws, session)


@pytest.fixture
def app(ws, client):
    return AsyncApp(name="tests", token=ws.bot_token, signing_secret=ws.signing_secret, client=client)


@pytest.fixture
async def socket_app(ws, app):
    async with connected(ws, app):
        yield app


@pytest.fixture
async def http_app(ws, app):
    async with served(app) as url:
        ws.http.url = url
        yield app


@pytest.fixture
def opens(ws, socket_app):
    """Lets `/form` open the given view; returns a function that types the command and returns the open modal."""

    async def typed(view):
        @socket_app.command("/form")
        async def form(ack, command, client):
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=view)

        await ws.command("ana", "mailops", "/form")
        return await ws.wait_for(lambda: ws.view_of("ana"))

    return typed


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


def client_of(ws, session):
    return AsyncWebClient(token=ws.bot_token, base_url=ws.api_url, session=session)


@contextlib.asynccontextmanager
async def connected(ws, app, handler_class=AsyncSocketModeHandler, **options):
    before = ws.connections
    handler = handler_class(app, ws.app_token, **options)
    await handler.connect_async()
    await ws.wait_for(lambda: ws.connections == before + 1)
    try:
        yield handler
    finally:
        await handler.close_async()


@contextlib.asynccontextmanager
async def served(app):
    async with running(app.server(port=0, path="/slack/events").web_app) as url:
        yield url


@contextlib.asynccontextmanager
async def listening(handler):
    """A receiver that is not Bolt."""
    receiver = web.Application()
    receiver.router.add_post("/slack/events", handler)
    async with running(receiver) as url:
        yield url


@contextlib.asynccontextmanager
async def running(application):
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*names):
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": name}, "action_id": name, "value": name}
        for name in names
    ]
    return {"type": "actions", "elements": buttons}


def plain(text):
    return {"type": "plain_text", "text": text}


def text_input(block_id, **more):
    element = {"type": "plain_text_input", "action_id": block_id, **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("Check"), "submit": plain("Go"), "blocks": list(blocks), **more}
