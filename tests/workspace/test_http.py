import asyncio
import time

from aiohttp import web

from .conftest import actions, listening, modal, text_input

COMMAND = {"command": "/ping", "text": "", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}


async def test_a_request_url_is_verified_and_checked(ws, http_app):
    assert await ws.http.verify_url()
    assert await ws.http.ssl_check() == 200


async def test_stale_and_forged_requests_are_turned_away_by_bolt(ws, http_app):
    @http_app.command("/ping")
    async def ping(ack):
        await ack()

    good = ws.http.signed("slash_commands", COMMAND)
    stale = ws.http.signed("slash_commands", COMMAND, at=time.time() - 400)
    forged = ws.http.signed("slash_commands", COMMAND, secret="guess")
    assert [(await ws.http.send(request))[0] for request in (good, stale, forged)] == [200, 401, 401]


async def test_a_replay_within_five_minutes_reaches_bolt_again(ws, http_app):
    """Bolt keeps no record of signatures: a bot must do so by itself."""
    pings = []

    @http_app.command("/ping")
    async def ping(ack):
        pings.append(1)
        await ack()

    request = ws.http.signed("slash_commands", COMMAND)
    assert [(await ws.http.send(request))[0] for _ in range(2)] == [200, 200]
    assert len(pings) == 2


async def test_a_slow_http_ack_is_an_operation_timeout(ws, http_app):
    release = asyncio.Event()

    @http_app.command("/slow")
    async def slow(ack):
        ws.clock.advance(3)
        await release.wait()

    done = await ws.command("ana", "mailops", "/slow")
    release.set()
    assert (done.error, done.shown) == ("operation_timeout", '/slow failed with the error "operation_timeout"')


async def test_nobody_at_the_request_url_is_a_failed_dispatch(ws):
    ws.http.url = "http://127.0.0.1:9/slack/events"
    assert (await ws.command("ana", "mailops", "/ping")).error == "dispatch_failed"


async def test_events_come_again_with_number_and_reason_until_taken(ws):
    attempts = []

    async def receive(request):
        body = await request.json()
        retry = [request.headers.get(f"X-Slack-Retry-{name}") for name in ("Num", "Reason")]
        attempts.append((body["event_id"], *retry))
        return web.Response(status=503 if len(attempts) < 4 else 200)

    async with listening(receive) as ws.http.url:
        done = await ws.event("app_mention", retries=3, text="hello")
    assert (done.error, done.attempts) == ("", 4)
    assert [attempt[1:] for attempt in attempts] == [(None, None), *((str(n), "http_error") for n in (1, 2, 3))]
    assert len({attempt[0] for attempt in attempts}) == 1


async def test_a_receiver_can_decline_retries(ws):
    async def receive(_request):
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with listening(receive) as ws.http.url:
        assert (await ws.event("app_mention", retries=3)).attempts == 1


async def test_buttons_and_modals_arrive_as_signed_forms(ws, client, http_app):
    hosts = []

    @http_app.action("open")
    async def opened(ack, body):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input("host"), callback_id="check"))

    @http_app.view("check")
    async def check(ack, view):
        hosts.append(view["state"]["values"]["host"]["host"]["value"])
        await ack(response_action="errors", errors={"host": "no"})

    await client.chat_postMessage(channel=ws.channel("mailops").id, text="x", blocks=[actions("open")])
    await ws.click(ws.messages("mailops")[0], "open", user="ana")
    view = await ws.wait_for(lambda: ws.view_of("ana"))
    done = await ws.submit(view, {"host": "mail.example.com"})
    assert (hosts, done.errors) == (["mail.example.com"], {"host": "no"})
