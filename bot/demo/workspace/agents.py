"""What an app of Slack's agent view may do: a status in a thread, suggested prompts, messages that are streamed.

docs.slack.dev, reference/methods/assistant.threads.setStatus, .setSuggestedPrompts, chat.startStream, .appendStream and
.stopStream (copies read on 2026-11-28). That `chat.update` refuses a message whose stream is open, that both recipients
are needed, that a task's title has 256 characters and that a stream ends after five minutes stands in no page: others
measured it (2026-08 and 2026-09).
"""

from copy import deepcopy
from typing import Any

from bot.demo.workspace import payloads, posts
from bot.demo.workspace.model import Channel, Message, Payload, Refusal
from bot.demo.workspace.state import State

STREAM_SECONDS = 300.0
MOST_PROMPTS, MOST_LOADING = 4, 10
TITLE = 256
STATUSES = frozenset({"pending", "in_progress", "complete", "error"})


def set_status(state: State, args: Payload) -> Payload:
    """What the thread shows below its messages: gone with the app's next message there, or by an empty one."""
    where, thread = _channel(state, args, "channel_id"), str(args.get("thread_ts") or "")
    if not thread or "status" not in args:
        raise Refusal("invalid_arguments")
    if state.message(where.id, thread) is None:
        raise Refusal("invalid_thread_ts")
    if len(args.get("loading_messages") or []) > MOST_LOADING:
        raise Refusal("invalid_arguments")
    state.statuses[where.id, thread] = str(args["status"])
    return {}


def set_prompts(state: State, args: Payload) -> Payload:
    """Shown in the app's direct messages. With a `thread_ts` nothing is shown and nothing said, in an agent's app."""
    where, prompts = _channel(state, args, "channel_id"), args.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise Refusal("invalid_arguments")
    if not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts):
        raise Refusal("invalid_arguments")
    if not args.get("thread_ts"):
        state.prompts[where.id] = [dict(one) for one in prompts]
    return {}


def start_stream(state: State, args: Payload) -> Payload:
    where, thread = _channel(state, args), str(args.get("thread_ts") or "")
    if not thread:
        raise Refusal("invalid_arguments", "thread_ts is required")
    for name in ("recipient_user_id", "recipient_team_id"):
        if not args.get(name):
            raise Refusal(f"missing_{name}")
    message = posts.add(state, where.id, str(args.get("markdown_text") or ""), [], thread_ts=thread)
    state.streams[message.ts] = state.clock.now()
    _write(message, args)
    return {"channel": where.id, "ts": message.ts}


def append_stream(state: State, args: Payload) -> Payload:
    message = _open(state, args)
    message.text += str(args.get("markdown_text") or "")
    _write(message, args)
    return {"channel": message.channel, "ts": message.ts}


def stop_stream(state: State, args: Payload) -> Payload:
    message = _open(state, args)
    blocks = posts.content(state, args)[1] if args.get("blocks") else []
    message.text += str(args.get("markdown_text") or "")
    _write(message, args)
    message.blocks += blocks
    del state.streams[message.ts]
    return {"channel": message.channel, "ts": message.ts, "message": payloads.message(state, message)}


def _open(state: State, args: Payload) -> Message:
    where = _channel(state, args)
    message = state.message(where.id, str(args.get("ts") or ""))
    if message is None:
        raise Refusal("message_not_found")
    begun = state.streams.get(message.ts)
    if begun is None or state.clock.now() - begun > STREAM_SECONDS:
        state.streams.pop(message.ts, None)
        raise Refusal("message_not_in_streaming_state")
    return message


def _write(message: Message, args: Payload) -> None:
    """Chunks: a task's title and status take the place of those before."""
    for chunk in args.get("chunks") or []:
        if not isinstance(chunk, dict) or chunk.get("type") not in {"markdown_text", "task_update", "plan_update"}:
            raise Refusal("invalid_chunks")
        if chunk["type"] == "markdown_text":
            message.text += str(chunk.get("text") or "")
        elif chunk["type"] == "task_update":
            _task(message, chunk)


def _task(message: Message, chunk: Payload) -> None:
    title: Any = chunk.get("title")
    if not chunk.get("id") or not isinstance(title, str) or len(title) > TITLE or chunk.get("status") not in STATUSES:
        raise Refusal("invalid_chunks")
    card = {"type": "task_card", "task_id": chunk["id"], "title": title, "status": chunk["status"]}
    others = [block for block in message.blocks if block.get("task_id") != chunk["id"]]
    message.blocks = [*deepcopy(others), card]


def _channel(state: State, args: Payload, name: str = "channel") -> Channel:
    where = state.bot_channel(str(args.get(name) or ""))
    if where.is_archived:
        raise Refusal("is_archived")
    if state.bot.id not in where.members:
        raise Refusal("not_in_channel")
    return where
