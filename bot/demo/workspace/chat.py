"""chat.postMessage, chat.postEphemeral, chat.update and chat.delete, with what they refuse."""

from bot.demo.workspace import payloads, posts
from bot.demo.workspace.model import Channel, Message, Payload, Refusal
from bot.demo.workspace.state import State


def post_message(state: State, args: Payload) -> Payload:
    """Needs membership, except in public channels with the scope chat:write.public."""
    channel = _writable(state, args)
    text, blocks = posts.content(state, args)
    thread = str(args.get("thread_ts") or "")
    metadata = posts.metadata(args)
    message = posts.add(state, channel.id, text, blocks, thread_ts=thread, metadata=metadata)
    return {"channel": channel.id, "ts": message.ts, "message": payloads.message(state, message)}


def post_ephemeral(state: State, args: Payload) -> Payload:
    """Only a member of the channel can be shown something; the ts cannot be used for chat.update."""
    channel = _writable(state, args)
    user = str(args.get("user") or "")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = posts.content(state, args)
    thread = str(args.get("thread_ts") or "")
    message = posts.add(state, channel.id, text, blocks, ephemeral_to=user, thread_ts=thread)
    return {"message_ts": message.ts}


def update(state: State, args: Payload) -> Payload:
    """New contents for a message of the app. Text without blocks removes the blocks (chat.update's page)."""
    message = _own(state, args, "cant_update_message")
    if state.channels[message.channel].is_archived:
        raise Refusal("is_inactive")
    if message.ts in state.streams:
        raise Refusal("streaming_state_conflict")
    if len(str(args.get("text") or "")) > posts.UPDATE_TEXT:
        raise Refusal("msg_too_long")
    text, blocks = posts.content(state, args)
    posts.edit(state, message, text, blocks)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": payloads.message(state, message)}


def delete(state: State, args: Payload) -> Payload:
    message = _own(state, args, "cant_delete_message")
    message.deleted = True
    state.changed()
    return {"channel": message.channel, "ts": message.ts}


def permalink(state: State, args: Payload) -> Payload:
    """The address of a message; no scope is needed (docs.slack.dev, reference/methods/chat.getPermalink)."""
    channel = state.bot_channel(str(args.get("channel") or ""))
    message = state.message(channel.id, str(args.get("message_ts") or ""))
    if message is None:
        raise Refusal("message_not_found")
    url = f"{state.origin}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": url}


def _writable(state: State, args: Payload) -> Channel:
    channel = state.bot_channel(str(args.get("channel") or ""))
    if channel.is_archived:
        raise Refusal("is_archived")
    public = channel.kind == "public" and "chat:write.public" in (state.scopes or ())
    if state.bot.id not in channel.members and not public:
        raise Refusal("not_in_channel")
    return channel


def _own(state: State, args: Payload, refusal: str) -> Message:
    """Ephemerals are not stored, so that they cannot be found here (docs.slack.dev, chat.postEphemeral)."""
    reference = str(args.get("channel") or "")
    if reference not in state.channels:
        raise Refusal("channel_not_found")
    message = state.message(state.bot_channel(reference).id, str(args.get("ts") or ""))
    if message is None:
        raise Refusal("message_not_found")
    if message.user != state.bot.id:
        raise Refusal(refusal)
    return message
