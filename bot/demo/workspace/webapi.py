"""The Web API over HTTP: arguments from query, form or JSON; token, scope and fault checks; the method table."""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

from aiohttp import web

from bot.demo.workspace import agents, app_pages, chat, directory, files, functions, histories, modals, posts
from bot.demo.workspace.model import Payload, Refusal
from bot.demo.workspace.oddities import End, OddAnswer, Raw, play
from bot.demo.workspace.payloads import STATE
from bot.demo.workspace.records import Call
from bot.demo.workspace.sockets import connections_open
from bot.demo.workspace.state import State

Method: TypeAlias = Callable[[State, Payload], Payload]

METHODS: Mapping[str, tuple[Method, str]] = {
    "apps.connections.open": (connections_open, ""),
    "apps.manifest.export": (app_pages.manifest_export, ""),
    "assistant.threads.setStatus": (agents.set_status, "chat:write"),
    "assistant.threads.setSuggestedPrompts": (agents.set_prompts, "assistant:write"),
    "auth.test": (directory.auth_test, ""),
    "blocks.validate": (app_pages.blocks_validate, ""),
    "bots.info": (app_pages.bots_info, "users:read"),
    "chat.appendStream": (agents.append_stream, "chat:write"),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.permalink, ""),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.startStream": (agents.start_stream, "chat:write"),
    "chat.stopStream": (agents.stop_stream, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.history": (histories.history, ""),
    "conversations.info": (directory.conversations_info, "channels:read"),
    "conversations.open": (directory.conversations_open, "im:write"),
    "conversations.replies": (histories.replies, ""),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "files.getUploadURLExternal": (files.get_upload_url, "files:write"),
    "files.info": (files.info, "files:read"),
    "functions.completeError": (functions.complete_error, ""),
    "functions.completeSuccess": (functions.complete_success, ""),
    "usergroups.list": (directory.usergroups, "usergroups:read"),
    "usergroups.users.list": (directory.usergroup_users, "usergroups:read"),
    "users.conversations": (directory.users_conversations, ""),
    "users.info": (directory.users_info, "users:read"),
    "views.open": (modals.open_view, ""),
    "views.publish": (modals.publish, ""),
    "views.push": (modals.push, ""),
    "views.update": (modals.update, ""),
}
"""Each method and the scope that it needs; those that need one for each kind of conversation look by themselves."""

OTHER_TOKENS: Mapping[str, str] = {"apps.connections.open": "app_token", "apps.manifest.export": "config_token"}
"""Methods that are not called with the bot's token."""
WITHOUT_TOKEN = frozenset({"blocks.validate"})

STRUCTURED = ("blocks", "message", "view", "files", "attachments", "metadata", "chunks", "prompts")


async def handle(request: web.Request) -> web.StreamResponse:
    """One call: logged whatever comes of it."""
    state: State = request.app[STATE]
    call = Call(request.match_info["method"], {}, state.clock.now())
    state.log.append(call)
    try:
        token = await _arguments(request, call)
        lost = await state.faults.meet(call.method)
        state.rates.meet(call.method, call.args)
        call.answer = {"ok": True, **_carry_out(state, call, token)}
    except Refusal as refusal:
        return refused(state, call, refusal)
    except OddAnswer as odd:
        return await oddly(state, call, odd.raw, request)
    if lost:
        return await oddly(state, call, lost, request)
    state.changed()
    return web.json_response(call.answer, headers=_scopes(state, token))


async def oddly(state: State, call: Call, raw: Raw, request: web.Request) -> web.StreamResponse:
    """An answer that is none of Slack's, noted in the call."""
    call.status = raw.status if raw.end is End.WHOLE else 0
    call.answer = call.answer if raw.done else {"ok": False, "error": raw.end.value}
    state.changed()
    return await play(raw, request)


def refused(state: State, call: Call, refusal: Refusal) -> web.Response:
    """Slack's answer to what it does not do, noted in the call."""
    call.status = refusal.status
    call.answer = {"ok": False, "error": refusal.error}
    if refusal.details:
        messages = [f"[ERROR] {words}" for words in refusal.details]
        call.answer |= {"errors": list(refusal.details), "response_metadata": {"messages": messages}}
    if call.method in WITHOUT_TOKEN:
        call.answer |= {"errors": [app_pages.pointed(words) for words in refusal.details]}
    state.changed()
    return web.json_response(call.answer, status=refusal.status, headers=refusal.headers)


def _carry_out(state: State, call: Call, token: str) -> Payload:
    if call.method not in METHODS or call.method in state.unknown_methods:
        raise Refusal("unknown_method")
    method, scope = METHODS[call.method]
    _authorise(state, call.method, token)
    if scope and not state.has_scope(scope):
        raise Refusal("missing_scope", f"needed: {scope}")
    if call.method.startswith("chat."):
        call.warnings = posts.warnings(call.args)
    return method(state, call.args)


def _authorise(state: State, method: str, token: str) -> None:
    """Some methods want the app-level or the configuration token, everything else is done with the bot's."""
    if method in WITHOUT_TOKEN:
        return
    if not token:
        raise Refusal("not_authed")
    if functions.may_use(state, token):  # stands for the bot's own
        return
    if token not in {state.bot_token, state.app_token, state.config_token}:
        raise Refusal("invalid_auth")
    if state.revoked and token == state.bot_token:
        raise Refusal(state.revoked)
    if token != getattr(state, OTHER_TOKENS.get(method, "bot_token")):
        raise Refusal("not_allowed_token_type")


def _scopes(state: State, token: str) -> dict[str, str]:
    """The header with what the token may do, as the SDKs of Slack read it."""
    return {"x-oauth-scopes": ",".join(sorted(state.granted))} if token == state.bot_token else {}


async def _arguments(request: web.Request, call: Call) -> str:
    """Fills in the call's arguments and returns the token, from the header or from the form."""
    call.args = dict(request.query)
    if request.content_type == "application/json":
        call.args |= decoded(await request.text())
    else:
        call.args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in STRUCTURED:
        if isinstance(call.args.get(name), str):
            call.args[name] = _loaded(call.args[name], f"invalid_{name}_format")
    form_token = str(call.args.pop("token", ""))
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or form_token


def decoded(body: str) -> Payload:
    """A JSON body; refused as `invalid_json` or `json_not_object`."""
    loaded = _loaded(body or "{}", "invalid_json")
    if not isinstance(loaded, dict):
        raise Refusal("json_not_object")
    return loaded


def _loaded(text: str, error: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise Refusal(error) from None
