import contextlib
import json

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.model import FileUpload
from bot.demo.workspace.oddities import Raw
from bot.settings import Settings
from bot.slack.client.session import slack_session
from bot.slack.client.web_client import make_client
from bot.slack.requests import files
from commands.contract import Reply, UserError

from .odd_answers import JSON, RAWS
from .test_forms import asking, filled_in

CONFIG = FileUpload("pmta.txt", b"smtp-port 25\n")


async def read(request, _services):
    yield Reply(f"{request.text}|{[(file.name, file.content.decode()) for file in request.attachments]}")


@contextlib.asynccontextmanager
async def web_site(handler):
    app = web.Application()
    app.router.add_get("/file", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/file"
    finally:
        await runner.cleanup()


async def fetched(handler):
    async with web_site(handler) as url:
        return await read_from(url, {"name": "pmta.txt", "url_private_download": url})


async def read_from(api_url, *described):
    """What is read of these file objects where Slack is at this URL."""
    async with slack_session(api_url) as session:
        return await files.fetch(AsyncWebClient("xoxb-1", base_url=api_url, session=session), described)


async def test_a_message_shortcut_brings_text_and_files(serving, ws):
    async with serving(shortcuts={"read_it": read}) as stage:
        message = ws.say("bruno", "mailops", "look at <this>", attached=[CONFIG])
        done = await ws.shortcut("read_it", "ana", message)
        await stage.bot.dispatcher.idle()
    assert done.error == ""
    assert stage.last().text == "look at &lt;this&gt;|[('pmta.txt', 'smtp-port 25\\n')]"
    assert stage.last().ephemeral_to == ws.user("ana").id


async def test_a_shortcut_is_handled_once(serving, ws):
    async with serving(shortcuts={"read_it": read}) as stage:
        done = await ws.shortcut("read_it", "ana", ws.say("bruno", "mailops", "hello"))
        await ws.deliver("interactive", done.payload)
        await stage.bot.dispatcher.idle()
    assert len(stage.seen()) == 2


async def test_a_form_brings_its_file(serving, ws):
    async with serving(**asking()) as stage:
        await filled_in(stage, ws, {"host": "x", "config": CONFIG})
    assert stage.last().text == "x kept-1 ['pmta.txt']"


async def test_a_file_that_the_bot_may_not_see_is_a_login_page(serving, ws):
    async with serving(shortcuts={"read_it": read}) as stage:
        message = ws.say("ana", "board", "secret", attached=[CONFIG])
        await ws.shortcut("read_it", "ana", message)
        await stage.bot.dispatcher.idle()
    text = stage.last(channel="board").text
    assert "Slack does not let Portero read pmta.txt." in text
    assert "/invite @portero" in text


async def test_a_file_comes_whole_in_pieces():
    async def pieces(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x" * 1000)
        return response

    [file] = await fetched(pieces)
    assert file.content == b"x" * 50_000


async def test_the_token_goes_along():
    async def guarded(request):
        return web.Response(text=request.headers["Authorization"])

    [file] = await fetched(guarded)
    assert file.content == b"Bearer xoxb-1"


async def test_the_token_does_not_follow_a_redirect():
    seen = []

    async def elsewhere(request):
        seen.append(request.headers.get("Authorization"))
        raise web.HTTPFound("/file")

    with pytest.raises(UserError, match="does not let Portero read"):
        await fetched(elsewhere)
    assert len(seen) == 1


async def test_a_file_above_the_limit_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(files, "FILE_LIMIT", 10_000)
    sent = 0

    async def endless(request):
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 10_000)
            sent += 10_000

    with pytest.raises(UserError, match="larger than 10 MB"):
        await fetched(endless)
    assert sent < 50_000_000


@pytest.mark.parametrize("mode", ["hosted", "snippet"])
async def test_slack_that_does_not_answer_is_explained(mode):
    url = "http://127.0.0.1:9/file"
    with pytest.raises(UserError, match="could not be fetched"):
        await read_from(url, {"name": "pmta.txt", "mode": mode, "url_private": url})


@pytest.mark.parametrize(
    ("mode", "words"), [("tombstone", "was deleted"), ("hidden_by_limit", "is hidden by the plan")]
)
async def test_a_file_that_slack_keeps_no_more_is_said_to_be_gone(mode, words):
    with pytest.raises(UserError, match=f"pmta.txt {words}"):
        await read_from("https://slack.com/api/", {"name": "pmta.txt", "mode": mode})


ELSEWHERE = [{"is_external": True}, {"mode": "external"}, {"url_private": "https://evil.example/x"}]
ELSEWHERE += [{"url_private": "http://slack.com/x"}, {"url_private": "https://slack.com\n.evil.example/"}]


@pytest.mark.parametrize("described", ELSEWHERE, ids=str)
async def test_a_file_on_another_host_lies_outside(described):
    with pytest.raises(UserError, match=files.OUTSIDE):
        await read_from("https://slack.com/api/", described)


HIDDEN = [{}, {"url_private": ""}, {"url_private": None}, {"mode": "file_access"}, {"file_access": "access_denied"}]


@pytest.mark.parametrize("described", HIDDEN, ids=str)
async def test_a_file_that_slack_only_names_may_not_be_read(described):
    with pytest.raises(UserError, match="Slack does not let Portero read this file"):
        await read_from("https://slack.com/api/", described)


ODD = [{"name": ["x"]}, {"mode": {"a": 1}}, {"url_private": 5}, {"is_external": "no"}, {"file_access": [1]}]


@pytest.mark.parametrize("described", ODD, ids=str)
async def test_a_file_of_an_odd_shape_is_not_fetched(described):
    with pytest.raises(UserError, match=r"could not be fetched|does not let Portero read this file"):
        await read_from("https://slack.com/api/", described)


def info(file):
    return Raw(json.dumps({"ok": True, "file": file}).encode(), 200, JSON)


LOOKED_UP = [
    (Raw(b'{"ok":true}', 200, JSON), "could not be fetched"),
    (RAWS["html"], "could not be fetched"),
    (RAWS["html 502"], "could not be fetched"),
    (RAWS["reset"], "could not be fetched"),
    (info(5), "could not be fetched"),
    (info([]), "could not be fetched"),
    (info({}), "could not be fetched"),
    (info({"name": "a", "mode": 5}), "could not be fetched"),
    (info({"name": "a", "file_access": "check_file_info"}), "does not let Portero read a."),
    (info({"name": "a", "file_access": "access_denied"}), "does not let Portero read a."),
    (info({"name": "a"}), "does not let Portero read a."),
    (info({"name": "a", "mode": "tombstone"}), "a was deleted."),
    (info({"name": "a", "url_private": "https://evil.example/x"}), files.OUTSIDE),
    (Raw(b'{"ok":false,"error":"file_deleted"}', 200, JSON), "F1 was deleted."),
    (Raw(b'{"ok":false,"error":"file_not_found"}', 200, JSON), "F1 is not at Slack any more."),
    (Raw(b'{"ok":false,"error":"not_visible"}', 200, JSON), "does not let Portero read F1."),
    (Raw(b'{"ok":false,"error":"missing_scope"}', 200, JSON), "does not let Portero read F1."),
]


@pytest.mark.parametrize(("raw", "words"), LOOKED_UP, ids=[str(raw.body[:60]) for raw, _ in LOOKED_UP])
async def test_what_is_said_of_a_file_that_was_looked_up_is_true(ws, raw, words):
    ws.answer_oddly("files.info", raw, times=9)
    async with slack_session(ws.api_url) as session:
        client = make_client(Settings(bot_token=ws.bot_token, api_url=ws.api_url), session)
        with pytest.raises(UserError) as raised:
            await files.fetch(client, [{"id": "F1", "file_access": "check_file_info"}])
    assert words in raised.value.message


async def test_a_name_cannot_pretend_to_be_more_than_a_name():
    with pytest.raises(UserError) as raised:
        await read_from("https://slack.com/api/", {"is_external": True, "name": "a\n\u202eb" + "x" * 500})
    assert raised.value.hint.startswith("It is a bxxx")
    assert len(raised.value.hint) < 140
