import asyncio
import hashlib
import hmac
import time
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from bot.demo.workspace.delivery import SignedRequest
from bot.slack.transports.http_server import SIGNATURES_KEPT, Server


@pytest.fixture
async def http(serving):
    async with serving(mode="http") as stage:
        yield stage


def command(ws, text="hello", **more):
    ana = ws.user("ana").id
    return {
        "command": "/echo",
        "text": text,
        "user_id": ana,
        "team_id": ws.state.team,
        "channel_id": ws.channel("mailops").id,
        "trigger_id": "1.2.3",
        **more,
    }


async def test_slack_can_verify_the_request_url(ws, http):
    assert await ws.http.verify_url()
    assert await ws.http.ssl_check() == 200


async def test_stale_forged_and_unsigned_requests_are_turned_away(ws, http):
    stale = ws.http.signed("slash_commands", command(ws), at=time.time() - 400)
    early = ws.http.signed("slash_commands", command(ws), at=time.time() + 400)
    forged = ws.http.signed("slash_commands", command(ws), secret="guess")
    unsigned = SignedRequest(forged.body, {"Content-Type": forged.headers["Content-Type"]})
    statuses = [(await ws.http.send(request))[0] for request in (stale, early, forged, unsigned)]
    await http.bot.dispatcher.idle()
    assert statuses == [401] * 4
    assert http.seen() == []


async def test_a_changed_body_is_turned_away(ws, http):
    good = ws.http.signed("slash_commands", command(ws))
    changed = SignedRequest(good.body.replace("hello", "other"), good.headers)
    assert [(await ws.http.send(request))[0] for request in (changed, good, changed)] == [401, 200, 401]


async def test_a_replayed_request_is_turned_away(ws, http):
    request = ws.http.signed("slash_commands", command(ws))
    assert [await ws.http.send(request) for _ in range(2)] == [(200, ""), (401, "replayed")]
    await http.bot.dispatcher.idle()


async def test_two_copies_at_once_are_handled_once(ws, http):
    request = ws.http.signed("slash_commands", command(ws))
    await asyncio.gather(*(ws.http.send(request) for _ in range(5)))
    await http.bot.dispatcher.idle()
    assert len(ws.calls("chat.postEphemeral")) == 1


async def test_an_event_that_comes_again_is_taken_again(ws, http):
    done = await ws.event("team_join")
    again = await ws.http.deliver("events_api", done.payload, 1, "http_timeout")
    assert again.status in {200, 401}  # the same signature within the same second is a replay to us


async def test_a_request_url_is_for_posts_only(ws, http):
    async with ClientSession() as session, session.get(f"{http.bot.url}/slack/events") as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"{", b"payload=", b"payload={", b"[1]", b"payload=%5B1%5D", b"x" * 999]
)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "text/plain; charset=klingon"]
)
async def test_garbage_from_anybody_is_turned_away_without_a_trace(ws, http, caplog, body, kind):
    url, headers = f"{http.bot.url}/slack/events", {"Content-Type": kind}
    async with ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert answer.status in {400, 401}
    assert "Traceback" not in caplog.text


NOW = str(int(time.time()))
GOOD = "v0=" + "0" * 64
ODD = [
    {},
    {"stamp": NOW},
    {"signature": GOOD},
    *(
        {"stamp": stamp, "signature": GOOD}
        for stamp in ("", "-5", "+5", "1e9", "9" * 400, "soon", "\u0661\u0662\u0663", "\xff", "1 2")
    ),
    *(
        {"stamp": NOW, "signature": one}
        for one in ("", "v0=", GOOD[3:], GOOD[:-1], f"{GOOD}0", f"v1{GOOD[2:]}", "v0=" + "\u00e9" * 64)
    ),
]


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_stamp_or_signature_is_turned_away_without_a_trace(ws, http, caplog, odd):
    lines = [f"X-Slack-Request-Timestamp: {odd['stamp']}"] if "stamp" in odd else []
    lines += [f"X-Slack-Signature: {odd['signature']}"] if "signature" in odd else []
    head = "\r\n".join(["POST /slack/events HTTP/1.1", "Host: x", "Connection: close", "Content-Length: 2", *lines])
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(http.bot.url).port)

    writer.write(head.encode("latin-1" if "\xff" in head else "utf-8") + b"\r\n\r\n{}")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert int(answer.split()[1]) in {400, 401}
    assert caplog.text == ""


async def test_a_wrong_secret_is_told_to_whoever_runs_it_once_a_minute(ws, http, caplog):
    for _ in range(3):
        await ws.http.send(ws.http.signed("slash_commands", command(ws), secret="guess"))

    assert caplog.text.count("its signature is wrong or stale") == 1


BODIES = {
    "nothing": b"",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"type":' * 50_000,
    "a deep payload": b"payload=" + b"[" * 100_000,
    "bad UTF-8": b'{"type": "\xff"}',
    "half a surrogate": b'{"type": "\xed\xa0\x80"}',
    "a list": b"[1]",
    "a number": b"payload=1",
    "no payload": b"payloads=%7B%7D",
    "an empty payload": b"payload=%7B%7D",
    "another form": b"a=b&c=d",
    "no kind": b'{"event": {}}',
    "a kind that is none": b'{"type": {"a": 1}}',
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "text/plain; charset=klingon"]
)
async def test_an_odd_body_is_turned_away_without_a_trace_though_it_is_signed(ws, http, caplog, name, kind):
    stamp = str(int(time.time()))
    made = hmac.new(ws.signing_secret.encode(), f"v0:{stamp}:".encode() + BODIES[name], hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}"}
    async with (
        ClientSession() as session,
        session.post(f"{http.bot.url}/slack/events", data=BODIES[name], headers=headers) as answer,
    ):
        assert answer.status == 400
    assert caplog.text == ""


async def test_in_socket_mode_there_is_no_request_url(serving):
    async with (
        serving(mode="socket") as stage,
        ClientSession() as session,
        session.post(f"{stage.bot.url}/slack/events", data=b"{}") as answer,
    ):
        assert answer.status == 404


def test_signatures_are_forgotten_when_they_are_no_longer_good():
    now = 0.0
    server = Server(app=None, http_events=True, now=lambda: now)
    server._signatures["v0=1"] = now
    assert server._seen("v0=1")
    now = SIGNATURES_KEPT + 1
    assert not server._seen("v0=1")
    assert not server._signatures
