"""Rich text and tables as `rich` renderables: the blocks in which nothing is parsed."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, NamedTuple, TypeAlias

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.demo.workspace.model import Payload
from bot.demo.workspace.mrkdwn import CODE_STYLE, rendered, with_emoji
from bot.demo.workspace.state import State

Labels: TypeAlias = Mapping[tuple[str, str, str], int]


class Pen(NamedTuple):
    """What drawing needs beside the block: names, the reader's zone, button numbers, a modal's errors."""

    state: State
    zone: tzinfo
    labels: Labels
    errors: Mapping[str, str]

    def text(self, item: Payload) -> Text:
        """A text object: mrkdwn is parsed, plain text is not."""
        words = str(item.get("text", ""))
        return rendered(self.state, words, self.zone) if item.get("type") == "mrkdwn" else Text(words)


def table(pen: Pen, block: Payload) -> RenderableType:
    """The first row is the header; columns keep their alignment."""
    rows = block["rows"]
    settings: list[dict[str, Any]] = block.get("column_settings", [])
    drawn = Table(box=ROUNDED, header_style="bold")
    for index, cell in enumerate(rows[0] if rows else []):
        setting = settings[index] if index < len(settings) else {}
        drawn.add_column(_cell(pen, cell), justify=setting.get("align", "left"), overflow="fold")
    for row in rows[1:]:
        drawn.add_row(*(_cell(pen, cell) for cell in row))
    return drawn


def _cell(pen: Pen, cell: Payload) -> RenderableType:
    if cell["type"] == "rich_text":
        return rich_text(pen, cell)
    return Text(str(cell.get("text", cell.get("value", ""))))


def rich_text(pen: Pen, block: Payload) -> RenderableType:
    return Group(*(_rich_part(pen, part) for part in block["elements"]))


def _rich_part(pen: Pen, part: Payload) -> RenderableType:
    match part["type"]:
        case "rich_text_preformatted":
            return Panel(Text("".join(_words(pen, item) for item in part["elements"])), box=ROUNDED)
        case "rich_text_list":
            lines = [_inline(pen, item["elements"]) for item in part["elements"]]
            marks = (f"{number}. " if part["style"] == "ordered" else "• " for number in range(1, len(lines) + 1))
            return Group(*(Text(mark).append_text(line) for mark, line in zip(marks, lines, strict=False)))
        case "rich_text_quote":
            return Text("| ", "dim").append_text(_inline(pen, part["elements"]))
        case _:
            return _inline(pen, part["elements"])


def _inline(pen: Pen, elements: list[Payload]) -> Text:
    line = Text()
    for item in elements:
        style = item.get("style", {})
        names = [name for name in ("bold", "italic", "strike", "underline") if style.get(name)]
        line.append(_words(pen, item), CODE_STYLE if style.get("code") else " ".join(names))
    return line


def _words(pen: Pen, item: Payload) -> str:
    match item["type"]:
        case "user":
            user = pen.state.users.get(item["user_id"])
            return f"@{user.name if user else item['user_id']}"
        case "emoji":
            return with_emoji(f":{item['name']}:")
        case _:
            return str(item.get("text") or item.get("url") or item.get("fallback") or item.get("value") or "")
