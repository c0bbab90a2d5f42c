import asyncio
import json
from contextlib import AsyncExitStack

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from commands.contract import Reply


async def page(stage, path):
    async with ClientSession() as session, session.get(stage.bot.url + path) as answer:
        return answer.status, await answer.text()


async def test_a_running_bot_is_alive_and_ready(serving, mode):
    async with serving(mode=mode) as stage:
        assert await page(stage, "/healthz") == (200, '{"alive": true}')
        assert await page(stage, "/readyz") == (200, '{"ready": true}')
        assert (await page(stage, "/probe"))[0] == {"socket": 400, "http": 403}[mode]


async def test_a_bot_whose_socket_is_down_is_alive_and_not_ready(serving, ws):
    async with serving(watch=0.2) as stage:
        ws.refuse_upgrades(99)
        await ws.drop_sockets()
        await ws.wait_for(lambda: ws.sockets.refused)
        assert (await page(stage, "/readyz"))[0] == 503
        assert (await page(stage, "/healthz"))[0] == 200


async def test_a_bot_that_leaves_says_so_first(serving, mode):
    async with serving(mode=mode) as stage:
        stage.bot.server.stop_accepting()
        assert await page(stage, "/readyz") == (503, '{"ready": false}')
        assert (await page(stage, "/healthz"))[0] == 200


async def test_while_checks_are_drained_the_bot_is_not_ready(serving, ws):
    gate = asyncio.Event()

    async def slow(_request, _services):
        await gate.wait()
        yield Reply("done")

    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(serving(slow, mode="http"))
        await ws.command("ana", "mailops", "/echo")
        closing = asyncio.ensure_future(stack.aclose())
        await asyncio.sleep(0)
        assert (await page(stage, "/readyz"))[0] == 503
        gate.set()
        await closing
    assert stage.last().text == "done"


async def test_metrics_can_be_read_by_prometheus(serving, ws):
    async with serving() as stage:
        before = samples((await page(stage, "/metrics"))[1])
        await stage.type("/echo hello")
        after = samples((await page(stage, "/metrics"))[1])
    key = ("portero_requests_total", '{"command": "echo", "surface": "slash"}')
    assert after[key] == before.get(key, 0) + 1
    assert after["portero_socket_connected", "{}"] == 1
    assert after["portero_requests_running", "{}"] == 0
    assert after["portero_request_seconds_count", '{"command": "echo"}'] >= 1


async def test_metrics_name_no_target_and_no_person(serving, ws):
    async with serving() as stage:
        await stage.type("/echo secret.example.com")
        text = (await page(stage, "/metrics"))[1]
    assert "secret.example.com" not in text
    assert ws.user("ana").id not in text


def samples(text):
    families = text_string_to_metric_families(text)
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for family in families
        for sample in family.samples
    }
