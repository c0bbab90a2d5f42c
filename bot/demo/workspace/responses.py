"""response_url: what an app may still say after it has acknowledged.

Facts (docs.slack.dev, interactivity/handling-user-interaction): 5 posts in 30 minutes; ephemeral unless
`response_type` is `in_channel`; works where the app is no member; `replace_original` and `delete_original` act on the
message whose component was used, and an ephemeral stays one when it is replaced. What comes with `delete_original` is
posted anew.

The response_url of a slash command replaces nothing: with `replace_original` Slack posts one more message, because
there was no original (bolt-js issue 2287, bolt-python issue 1268). It is the same here.
"""

from aiohttp import web

from bot.demo.workspace import posts
from bot.demo.workspace.model import Message, Payload, Refusal
from bot.demo.workspace.oddities import OddAnswer
from bot.demo.workspace.payloads import STATE
from bot.demo.workspace.records import Call
from bot.demo.workspace.state import State
from bot.demo.workspace.tickets import ResponseUrl
from bot.demo.workspace.webapi import decoded, oddly, refused

METHOD = "response_url"


def issue(state: State, family: str, url: ResponseUrl) -> str:
    """A fresh address below /commands/ or /actions/."""
    state.response_urls[url.key] = url
    return f"{state.origin}/{family}/{state.team}/{state.new_id('')}/{url.key}"


async def handle(request: web.Request) -> web.StreamResponse:
    """One post. A success is the word `ok`, an error JSON."""
    state: State = request.app[STATE]
    call = Call(METHOD, {}, state.clock.now())
    state.log.append(call)
    try:
        call.args = decoded(await request.text())
        lost = await state.faults.meet(METHOD)
        _carry_out(state, request.match_info["key"], call)
    except Refusal as refusal:
        return refused(state, call, _as_http(refusal))
    except OddAnswer as odd:
        return await oddly(state, call, odd.raw, request)
    call.answer = {"ok": True}
    if lost:
        return await oddly(state, call, lost, request)
    state.changed()
    return web.Response(text="ok")


def _as_http(refusal: Refusal) -> Refusal:
    """Errors in the content are 400 here: this is no Web API method."""
    status = 400 if refusal.status == 200 else refusal.status
    refusal.status = status
    return refusal


def _carry_out(state: State, key: str, call: Call) -> None:
    url = state.response_urls.get(key)
    if url is None:
        raise Refusal("expired_url", status=404)
    url.spend(state.clock.now())
    original = _original(state, url)
    call.warnings = _warnings(call.args, original)
    if posts.truth(call.args.get("delete_original")):
        if original:
            original.deleted = True
        if not (call.args.get("text") or call.args.get("blocks")):
            return
        original = None
    answer(state, url, call.args, original if posts.truth(call.args.get("replace_original")) else None)


def _warnings(args: Payload, original: Message | None) -> list[str]:
    """What an app should rather not leave to Slack.

    Without `replace_original` a new message is posted here; old message buttons replaced theirs (botkit issue 444).
    """
    removes = any(posts.truth(args.get(name)) for name in ("replace_original", "delete_original"))
    if removes and not original:
        return ["replace_original or delete_original, but this response_url has no original", *posts.warnings(args)]
    if original and not removes and "replace_original" not in args:
        return ["say replace_original: false beside a component", *posts.warnings(args)]
    return posts.warnings(args)


def answer(state: State, url: ResponseUrl, args: Payload, original: Message | None = None) -> Message:
    """Replaces `original`, or posts: publicly for `in_channel`, else for the asker alone."""
    text, blocks = posts.content(state, args)
    if original:
        return posts.edit(state, original, text, blocks)
    public = args.get("response_type") == "in_channel"
    thread = str(args.get("thread_ts") or "")
    return posts.add(state, url.channel, text, blocks, ephemeral_to="" if public else url.user, thread_ts=thread)


def _original(state: State, url: ResponseUrl) -> Message | None:
    """The message whose component was used; ephemerals count, since only a response URL can edit them."""
    for message in state.messages:
        if url.original and (message.channel, message.ts) == (url.channel, url.original) and not message.deleted:
            return message
    return None
