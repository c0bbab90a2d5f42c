"""What a message says, wherever that stands: in its text, its attachments, an app's blocks. Pure, and total.

A person's blocks repeat the text. Of an app's message the text may be a summary alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.requests.payload import Payload

MOST = 40_000
"""Characters that are read."""

DEEPEST = 12
TEXTS = ("pretext", "title", "text", "value", "fallback", "url")
"""The fields of blocks and attachments that are read, in this order. `text` may be an object that holds one."""

NESTED = ("blocks", "elements", "fields", "rows", "attachments", "accessory", "alt_text")


def written(message: Payload) -> str:
    """All of it, a piece on each line, none twice."""
    text = str(message.get("text") or "")
    parts = [message.get("attachments") or []]
    if message.get("bot_id") or not text:
        parts.insert(0, message.get("blocks") or [])
    pieces = dict.fromkeys([text, *(piece for part in parts for piece in _pieces(part, 0))])
    said = ""
    for piece in filter(None, pieces):
        if piece not in said and len(said) < MOST:
            said = f"{said}\n{piece}" if said else piece
    return said[:MOST]


def text_files(body: Payload) -> list[Payload]:
    """The files of a message that are texts, where it says nothing itself."""
    message = body.get("message") or {}
    found = [] if str(message.get("text") or "").strip() else message.get("files") or []
    return [file for file in found if str(file.get("mimetype") or "text/").startswith("text/")]


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, list) and depth < DEEPEST:
        for one in value:
            yield from _pieces(one, depth + 1)
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for name in TEXTS:
            inner = value.get(name)
            yield from [inner] if isinstance(inner, str) else _pieces(inner, depth + 1)
        for name in NESTED:
            yield from _pieces(value.get(name), depth + 1)
