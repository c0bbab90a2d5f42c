"""A message made to fit Slack, and made smaller step by step when Slack refuses it. Pure.

Limits: 50 blocks a message; `chat.update` takes 4,000 characters of text; a table is new and older clients and
servers refuse it, so the second try shows tables as preformatted text and the last one has no blocks at all.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from commands.blocks import Block, code, cut

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 3900

_BROADCAST = re.compile(r"<!(?!date\^)")


def ladder(text: str, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """The bodies to try, best first: blocks, blocks without tables, text alone."""
    text = defuse(cut(text, MESSAGE_TEXT))
    if blocks:
        fitting = [defused(block) for block in blocks[:MESSAGE_BLOCKS]]
        yield {"text": text, "blocks": fitting}
        if any(block["type"] == "table" for block in fitting):
            yield {"text": text, "blocks": [_plain_table(block) for block in fitting]}
    yield {"text": text}


def defuse(text: str) -> str:
    """No broadcast and no group mention ever leaves, whatever a view let through. Dates stay."""
    return _BROADCAST.sub("&lt;!", text)


def defused(value: Any) -> Any:
    """The same block with every mrkdwn text defused; texts that parse nothing stay as they are."""
    if isinstance(value, list):
        return [defused(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {key: defused(item) for key, item in value.items()}
    if changed.get("type") == "mrkdwn":
        changed["text"] = defuse(changed["text"])
    return changed


def _plain_table(block: Block) -> Block:
    """A table as aligned preformatted text."""
    if block["type"] != "table":
        return block
    rows = [[cell.get("text", "") for cell in row] for row in block["rows"]]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return code("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))
