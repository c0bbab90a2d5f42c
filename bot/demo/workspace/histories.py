"""conversations.history and conversations.replies: what an app may read of a conversation, page by page.

Each kind of conversation needs its own scope, and the app has to be a member. Metadata shows its `event_type` alone
unless `include_all_metadata` is asked for (docs.slack.dev, reference/methods/conversations.history and .replies).
"""

from collections.abc import Sequence

from bot.demo.workspace import payloads
from bot.demo.workspace.model import Channel, Message, Payload, Refusal
from bot.demo.workspace.posts import truth
from bot.demo.workspace.state import State

SCOPES_BY_KIND = {"public": "channels:history", "private": "groups:history", "dm": "im:history"}
MOST = 999


def history(state: State, args: Payload) -> Payload:
    """The messages of a channel without those of its threads, the newest of a page first.

    With `oldest` and without `latest` pages begin at the oldest (the same page of Slack's), else at the newest.
    """
    channel = _readable(state, args)
    found = [message for message in _stored(state, channel) if message.thread_ts in {"", message.ts}]
    found = [message for message in found if _within(message, args)]
    if args.get("latest") or not args.get("oldest"):
        found.reverse()
    page, more = _paged(found, args)
    return _answer(state, sorted(page, key=_time, reverse=True), more, args)


def replies(state: State, args: Payload) -> Payload:
    """A message and its thread, oldest first; the message itself comes always."""
    channel, ts = _readable(state, args), str(args.get("ts") or "")
    stored = _stored(state, channel)
    parent = [message for message in stored if message.ts == ts]
    if not parent:
        raise Refusal("thread_not_found")
    below = [message for message in stored if message.thread_ts == ts != message.ts and _within(message, args)]
    page, more = _paged([*parent, *below], args)
    return _answer(state, page, more, args)


def _readable(state: State, args: Payload) -> Channel:
    channel = state.bot_channel(str(args.get("channel") or ""))
    scope = SCOPES_BY_KIND[channel.kind]
    if not state.has_scope(scope):
        raise Refusal("missing_scope", f"needed: {scope}")
    if state.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _stored(state: State, channel: Channel) -> list[Message]:
    """Ephemerals are not stored."""
    kept = [message for message in state.messages if message.channel == channel.id]
    return [message for message in kept if not (message.deleted or message.ephemeral_to)]


def _within(message: Message, args: Payload) -> bool:
    oldest, latest = (_instant(args, name) for name in ("oldest", "latest"))
    at, inclusive = _time(message), truth(args.get("inclusive"))
    if inclusive and at in {oldest, latest}:
        return True
    return (oldest is None or at > oldest) and (latest is None or at < latest)


def _instant(args: Payload, name: str) -> float | None:
    given = str(args.get(name) or "")
    try:
        return float(given) if given else None
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _time(message: Message) -> float:
    return float(message.ts)


def _paged(found: Sequence[Message], args: Payload) -> tuple[Sequence[Message], str]:
    """A page, and the cursor of the next one; empty at the end."""
    limit, start = str(args.get("limit") or 100), str(args.get("cursor") or "0")
    if not limit.isdigit() or not 1 <= int(limit) <= MOST:
        raise Refusal("invalid_limit")
    if not start.isdigit():
        raise Refusal("invalid_cursor")
    end = int(start) + int(limit)
    return found[int(start) : end], str(end) if end < len(found) else ""


def _answer(state: State, page: Sequence[Message], more: str, args: Payload) -> Payload:
    whole = truth(args.get("include_all_metadata"))
    return {
        "messages": [_record(state, message, whole=whole) for message in page],
        "has_more": bool(more),
        "response_metadata": {"next_cursor": more},
    }


def _record(state: State, message: Message, *, whole: bool) -> Payload:
    record = payloads.message(state, message)
    if not message.metadata:
        return record
    shown = message.metadata if whole else {"event_type": message.metadata["event_type"]}
    return {**record, "metadata": shown}
