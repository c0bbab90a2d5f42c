import asyncio
import importlib

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.demo.workspace.workspace import Workspace

from .conftest import client_of, connected

FLAVOURS = ["aiohttp"] + (["websockets"] if importlib.util.find_spec("websockets") else [])


@pytest.fixture(params=FLAVOURS)
def handler_class(request):
    return importlib.import_module(f"slack_bolt.adapter.socket_mode.{request.param}").AsyncSocketModeHandler


async def join(ws, session):
    """A bare socket with a ticket of its own, after its hello."""
    headers = {"Authorization": f"Bearer {ws.app_token}"}
    async with session.post(f"{ws.api_url}apps.connections.open", headers=headers) as answer:
        url = (await answer.json())["url"]
    socket = await session.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return url, socket


async def test_bolt_connects_answers_and_leaves(ws, app, handler_class):
    @app.command("/ping")
    async def ping(ack):
        await ack("pong")

    async with connected(ws, app, handler_class):
        done = await ws.command("ana", "mailops", "/ping")
        assert done.ack == {"text": "pong"}
    await ws.wait_for(lambda: ws.connections == 0)
    assert (await ws.command("ana", "mailops", "/ping")).error == "dispatch_failed"


async def test_a_refresh_makes_bolt_connect_anew(ws, app, handler_class):
    @app.command("/ping")
    async def ping(ack):
        await ack()

    async with connected(ws, app, handler_class):
        await ws.refresh()
        await ws.wait_for(lambda: ws.connections == 1)
        assert (await ws.command("ana", "mailops", "/ping")).error == ""
        assert len(ws.calls("apps.connections.open")) == 2


async def test_bolt_comes_back_after_its_socket_was_cut(ws, app, handler_class):
    async with connected(ws, app, handler_class, ping_interval=0.2):
        await ws.drop_sockets()
        await ws.wait_for(lambda: ws.connections == 1)


async def test_a_ticket_lets_one_socket_in(ws, session):
    url, socket = await join(ws, session)
    with pytest.raises(Exception, match="503"):
        await session.ws_connect(url)
    await socket.close()


async def test_the_aiohttp_flavour_of_slack_sdk_clings_to_a_spent_ticket(ws, app):
    """The pitfall that a bot must work around: only a cleared `wss_uri` makes it ask for another ticket."""
    ws.refuse_upgrades()
    handler = AsyncSocketModeHandler(app, ws.app_token, ping_interval=0.01)
    connecting = asyncio.ensure_future(handler.connect_async())
    await ws.wait_for(lambda: ws.sockets.refused == 3)
    assert len(ws.calls("apps.connections.open")) == 1
    handler.client.wss_uri = None
    await ws.wait_for(lambda: ws.connections == 1)
    await connecting
    await handler.close_async()


async def test_each_envelope_goes_to_one_socket_only(ws, session):
    sockets = [(await join(ws, session))[1] for _ in range(3)]
    counts = [0] * 3

    async def acknowledge(index):
        async for message in sockets[index]:
            counts[index] += 1
            await sockets[index].send_json({"envelope_id": message.json()["envelope_id"]})

    readers = [asyncio.ensure_future(acknowledge(index)) for index in range(3)]
    done = await asyncio.gather(*(ws.command("ana", "mailops", f"/n {number}") for number in range(9)))
    assert [one.error for one in done] == [""] * 9
    assert counts == [3, 3, 3]
    await ws.drop_sockets()
    await asyncio.gather(*readers)


async def test_the_eleventh_socket_is_one_too_many(ws, session):
    sockets = [(await join(ws, session))[1] for _ in range(10)]
    headers = {"Authorization": f"Bearer {ws.app_token}"}
    async with session.post(f"{ws.api_url}apps.connections.open", headers=headers) as answer:
        extra = await session.ws_connect((await answer.json())["url"])
    assert (await extra.receive_json())["reason"] == "too_many_websockets"
    await asyncio.gather(*(socket.close() for socket in [*sockets, extra]))


async def test_a_payload_counts_only_where_the_envelope_accepts_one(ws, session):
    _, socket = await join(ws, session)
    envelopes = []

    async def acknowledge():
        async for message in socket:
            envelopes.append(message.json())
            await socket.send_json({"envelope_id": envelopes[-1]["envelope_id"], "payload": {"text": "hello"}})

    reader = asyncio.ensure_future(acknowledge())
    done = [await ws.command("ana", "mailops", "/x"), await ws.shortcut("y", "ana"), await ws.event("team_join")]
    await ws.drop_sockets()
    await reader

    assert [envelope["accepts_response_payload"] for envelope in envelopes] == [True, False, False]
    assert [one.ack for one in done] == [{"text": "hello"}, {}, {}]


async def test_an_event_comes_again_with_the_same_id_while_it_is_not_taken(session):
    async with Workspace(ack_seconds=0.05) as ws:
        _, socket = await join(ws, session)
        done = await ws.event("app_mention", retries=3, text="hello")
        envelopes = [await socket.receive_json() for _ in range(4)]

    assert (done.error, done.attempts) == ("operation_timeout", 4)
    assert [(one["retry_attempt"], one["retry_reason"]) for one in envelopes] == [
        (0, ""),
        (1, "http_timeout"),
        (2, "http_timeout"),
        (3, "http_timeout"),
    ]
    assert len({one["payload"]["event_id"] for one in envelopes}) == 1
    assert len({one["envelope_id"] for one in envelopes}) == 4


async def test_two_hundred_commands_at_once_are_all_acknowledged(session):
    async with Workspace() as ws:
        app = AsyncApp(name="tests", token=ws.bot_token, client=client_of(ws, session))

        @app.command("/smtpcheck")
        async def check(ack):
            await ack()

        async with connected(ws, app):
            await ws.command("ana", "mailops", "/smtpcheck warm-up")
            done = await asyncio.gather(*(ws.command("ana", "mailops", f"/smtpcheck {n}") for n in range(200)))
    assert all(one.error == "" for one in done)
