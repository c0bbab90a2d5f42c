"""A message made to fit Slack, and made smaller step by step when Slack refuses it. Pure.

Limits: 50 blocks a message; `chat.update` takes 4,000 characters of text. Tables and charts are new, and workspaces
that do not have them yet refuse the whole message: the second try shows charts as a line of bars, the third tables as
preformatted text, and the last one has no blocks at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from commands.blocks import Block, code, cut
from commands.sparkline import sparkline

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 3900

_BROADCAST = re.compile(r"<!(?!date\^)")


def fallbacks(text: str, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """The bodies to try, best first: blocks, without charts, without tables, text alone."""
    text = defuse(cut(text, MESSAGE_TEXT))
    if blocks:
        fitting = [defused(block) for block in blocks[:MESSAGE_BLOCKS]]
        yield {"text": text, "blocks": fitting}
        for kind, plainer in PLAINER.items():
            if any(block["type"] == kind for block in fitting):
                fitting = [plainer(block) if block["type"] == kind else block for block in fitting]
                yield {"text": text, "blocks": fitting}
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
    rows = [[cell.get("text", "") for cell in row] for row in block["rows"]]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return code("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))


def _plain_chart(block: Block) -> Block:
    """A chart as one line of bars for each of its series, with the least and the greatest value."""
    chart = block["chart"]
    lines = [_bars(each["name"], [point["value"] for point in each["data"]]) for each in chart["series"]]
    return code("\n".join([f"{block['title']} ({chart['axis_config']['y_label']})", *lines]))


def _bars(name: str, values: Sequence[float]) -> str:
    least, most = min(values, default=0), max(values, default=0)
    return f"{name:<8} {sparkline(values)}  {least:g} to {most:g}"


PLAINER: Mapping[str, Callable[[Block], Block]] = {"data_visualization": _plain_chart, "table": _plain_table}
