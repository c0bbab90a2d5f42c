import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.workspace import Workspace

from .conftest import client_of, refusal


async def test_a_token_is_needed_and_must_be_the_right_one(ws, session):
    def client(token):
        return AsyncWebClient(token=token, base_url=ws.api_url, session=session)

    assert (await client(ws.bot_token).auth_test())["user_id"] == ws.bot.id
    assert await refusal(client("xoxb-other").auth_test()) == "invalid_auth"
    assert await refusal(client(None).auth_test()) == "not_authed"
    assert await refusal(client(ws.app_token).auth_test()) == "not_allowed_token_type"
    assert await refusal(client(None).apps_connections_open(app_token=ws.bot_token)) == "not_allowed_token_type"
    assert (await client(None).apps_connections_open(app_token=ws.app_token))["url"].startswith("ws://127.0.0.1:")


async def test_what_is_not_modelled_is_an_unknown_method(client):
    assert await refusal(client.reactions_add(channel="C1", timestamp="1", name="x")) == "unknown_method"


async def test_forms_and_queries_are_read_like_json(ws, session):
    text = "form"
    args = {"token": ws.bot_token, "channel": ws.channel("mailops").id, "text": text, "blocks": "[]"}
    async with session.post(f"{ws.api_url}chat.postMessage", data=args) as answer:
        assert (await answer.json())["ok"]
    async with session.get(f"{ws.api_url}chat.postMessage", params=args | {"text": "query"}) as answer:
        assert (await answer.json())["ok"]
    async with session.post(f"{ws.api_url}chat.postMessage", data=args | {"blocks": "{"}) as answer:
        assert (await answer.json())["error"] == "invalid_blocks_format"
    assert [message.text for message in ws.messages("mailops")] == ["form", "query"]


async def test_scopes_are_asked_for(session):
    async with Workspace(scopes=["chat:write", "chat:write.public"]) as ws:
        client = client_of(ws, session)
        assert await refusal(client.users_info(user=ws.bot.id)) == "missing_scope"
        await client.chat_postMessage(channel=ws.channel("general").id, text="x")


async def test_people_and_channels_can_be_looked_up(ws, client):
    info = (await client.users_info(user=ws.user("ana").id, include_locale=True))["user"]
    assert (info["locale"], info["tz"], info["is_admin"]) == ("es-ES", "Europe/Madrid", True)
    assert "locale" not in (await client.users_info(user=ws.user("ana").id))["user"]
    assert (await client.users_info(user=ws.user("greta").id))["user"]["is_restricted"]
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    assert (await client.conversations_open(users=[ws.user("ana").id]))["channel"]["id"] == ws.dm("ana").id
    assert not (await client.conversations_info(channel=ws.channel("general").id))["channel"]["is_member"]
    assert await refusal(client.conversations_info(channel=ws.channel("board").id)) == "channel_not_found"
    group = ws.add_group(["ana", "bruno"])
    assert (await client.usergroups_users_list(usergroup=group))["users"] == [ws.user("ana").id, ws.user("bruno").id]
    assert await refusal(client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"


async def test_a_rate_limit_is_a_429_that_the_retry_handler_understands(ws, client):
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    ws.rate_limit("chat.postMessage", retry_after=0)  # the handler adds up to a second of its own
    await client.chat_postMessage(channel=ws.channel("mailops").id, text="x")
    assert [(call.status, call.error) for call in ws.calls("chat.postMessage")] == [(429, "ratelimited"), (200, "")]


async def test_a_fault_answers_the_next_calls_only(ws, client):
    ws.fail("auth.test", "internal_error", times=2, status=500)
    assert await refusal(client.auth_test()) == "internal_error"
    assert await refusal(client.auth_test()) == "internal_error"
    assert (await client.auth_test())["ok"]


async def test_waiting_in_vain_names_the_last_calls(ws, client):
    await client.auth_test()
    with pytest.raises(TimeoutError, match=r"auth\.test ok"):
        await ws.wait_for(lambda: ws.messages("mailops"), timeout=0.01)


async def test_the_channels_of_a_person_are_those_that_the_bot_may_know_of(ws, client):
    ana, bruno = ws.user("ana").id, ws.user("bruno").id
    both = "public_channel,private_channel"
    assert await names(client.users_conversations(user=ana)) == ["mailops", "general"]
    assert await names(client.users_conversations(user=ana, types=both)) == ["mailops", "general", "delivery"]
    assert await names(client.users_conversations(types=both)) == ["mailops", "delivery"]
    assert await refusal(client.users_conversations(user="U404")) == "user_not_found"
    assert await refusal(client.users_conversations(user=bruno, types="secret")) == "invalid_types"
    first = await client.users_conversations(user=ana, types=both, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.users_conversations(user=ana, types=both, limit=2, cursor=cursor)
    assert [channel["name"] for channel in rest["channels"]] == ["delivery"]
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_private_channels_have_a_scope_of_their_own(session):
    async with Workspace(scopes=["channels:read"]) as ws:
        client = client_of(ws, session)
        await client.users_conversations(user=ws.user("ana").id)
        assert await refusal(client.users_conversations(types="private_channel")) == "missing_scope"


async def names(call):
    return [channel["name"] for channel in (await call)["channels"]]
