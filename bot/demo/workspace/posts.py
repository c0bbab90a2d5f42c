"""Posting and editing, shared by chat.* and by response URLs.

Sizes: chat.postMessage cuts texts at 40,000 characters, chat.update refuses more than 4,000 (docs.slack.dev,
reference/methods/chat.postMessage and chat.update).
"""

import json
import re
from copy import deepcopy
from typing import Any

from bot.demo.workspace.blockkit import problems
from bot.demo.workspace.model import Message, Payload, Refusal, Version
from bot.demo.workspace.state import State

TEXT_CUT = 40_000
UPDATE_TEXT = 4_000
METADATA_BYTES = 8_000
"""Slack refuses what is larger than it wants and does not say how large that is: this is a guess on the small side."""


def content(state: State, args: Payload) -> tuple[str, list[Payload]]:
    """Text and blocks of a post; refused as `no_text`, `invalid_blocks_format` or `invalid_blocks`."""
    text = str(args.get("text") or args.get("markdown_text") or "")
    blocks = args.get("blocks") or []
    if not (text.strip() or blocks or args.get("attachments")):
        raise Refusal("no_text")
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    if found := problems(blocks, "message", state.unknown_blocks):
        raise Refusal("invalid_blocks", *found)
    return text[:TEXT_CUT], state.fill_ids(deepcopy(blocks))


def metadata(args: Payload) -> Payload:
    """The metadata of a post: a name and an object, nothing else. Refused as Slack's codes of chat.postMessage say."""
    given = args.get("metadata") or {}
    if not isinstance(given, dict):
        raise Refusal("invalid_metadata_format")
    if not given:
        return {}
    named, payload = given.get("event_type"), given.get("event_payload")
    if set(given) != {"event_type", "event_payload"} or not (isinstance(named, str) and isinstance(payload, dict)):
        raise Refusal("invalid_metadata_schema")
    if not re.fullmatch(r"\w[\w.-]*", named) or not all(map(_is_plain, payload.values())):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return given


def _is_plain(value: Any) -> bool:
    """Texts, numbers and truths, or lists and objects of those (@slack/types, MessageMetadata)."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(one, str | int | float) for one in value.values())
    return isinstance(value, str | int | float)


def warnings(args: Payload) -> list[str]:
    """What Slack lets pass although a notification or a screen reader will miss it."""
    found = []
    if args.get("blocks") and not str(args.get("text") or "").strip():
        found.append("no text beside the blocks")
    if args.get("attachments"):
        found.append("attachments are not modelled here")
    return found


def add(state: State, channel: str, text: str, blocks: list[Payload], **more: Any) -> Message:
    """A new message of the app, stored."""
    message = Message(state.new_ts(), channel, state.bot.id, text, blocks, bot_id=state.bot_id, **more)
    state.messages.append(message)
    state.statuses.pop((channel, message.thread_ts), None)
    state.changed()
    return message


def edit(state: State, message: Message, text: str, blocks: list[Payload]) -> Message:
    """New contents for a message. Slack marks it "(edited)" only when it has no blocks (chat.update's page)."""
    message.versions.append(Version(message.text, message.blocks, state.clock.now()))
    message.text, message.blocks, message.edited = text, blocks, not blocks
    state.changed()
    return message


def truth(value: Any) -> bool:
    """Slack takes booleans also as the words of a form."""
    return value is True or str(value).lower() in {"true", "1"}
