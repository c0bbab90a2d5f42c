import aiohttp
import pytest

from bot.demo.workspace.oddities import End, Raw


@pytest.fixture
async def post(ws):
    """Calls a method with the token, without any of Slack's libraries."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {ws.bot_token}"}) as session:

        async def made(method, **more):
            async with session.post(f"{ws.api_url}{method}", json=more) as answer:
                return answer.status, answer.content_type, await answer.text(), dict(answer.headers)

        yield made


async def test_an_answer_goes_out_as_it_is(ws, post):
    ws.answer_oddly("auth.test", Raw(b"<p>hello", 502, "text/html", {"Retry-After": "soon"}))
    status, kind, text, headers = await post("auth.test")
    assert (status, kind, text, headers["Retry-After"]) == (502, "text/html", "<p>hello", "soon")
    assert (await post("auth.test"))[0] == 200


@pytest.mark.parametrize("end", [End.RESET, End.CUT])
async def test_a_connection_ends_before_or_within_an_answer(ws, post, end):
    ws.answer_oddly("auth.test", Raw(b"{", end=end))
    with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ClientOSError)):
        await post("auth.test")


@pytest.mark.parametrize(("done", "posted"), [(True, 1), (False, 0)])
async def test_what_is_lost_may_have_been_carried_out(ws, post, done, posted):
    ws.answer_oddly("chat.postMessage", Raw(end=End.RESET, done=done))
    with pytest.raises(aiohttp.ClientOSError):
        await post("chat.postMessage", channel=ws.channel("mailops").id, text="x")
    assert len(ws.messages("mailops")) == posted


@pytest.mark.parametrize("header", ["-1", "soon", None])
async def test_a_rate_limit_may_have_an_odd_header_or_none(ws, post, header):
    ws.rate_limit("auth.test", retry_after=header)
    status, _, _, headers = await post("auth.test")
    assert (status, headers.get("Retry-After")) == (429, header)


async def test_a_response_url_may_answer_oddly_too(ws, post):
    ws.answer_oddly("response_url", Raw(b"nothing", 200, "text/plain"))
    url = (await ws.command("ana", "mailops", "/echo")).payload["response_url"]
    async with aiohttp.ClientSession() as session, session.post(url, json={"text": "x"}) as answer:
        assert await answer.text() == "nothing"
    assert ws.messages("mailops") == []
