"""Each block as a `rich` renderable: one function per type, in a table."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from rich.box import ROUNDED
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.demo.workspace.model import Payload
from bot.demo.workspace.richtext import Labels, Pen, rich_text, table
from bot.demo.workspace.state import State, interactive

BUTTONS = MappingProxyType({"primary": "bold white on green", "danger": "bold white on red"})
LEVELS = MappingProxyType({"error": "red", "warning": "yellow", "success": "green", "info": "blue"})


def draw(state: State, block: Payload, zone: tzinfo, labels: Labels, errors: Mapping[str, str]) -> RenderableType:
    """A block as Slack would show it; one that this does not know is named in brackets."""
    drawing = DRAWINGS.get(block["type"])
    return drawing(Pen(state, zone, labels, errors), block) if drawing else Text(f"[{block['type']}]", "dim")


def _section(pen: Pen, block: Payload) -> RenderableType:
    parts: list[RenderableType] = [pen.text(block["text"])] if "text" in block else []
    if "fields" in block:
        parts.append(Columns([pen.text(item) for item in block["fields"]], equal=True, padding=(0, 3)))
    parts += [_element(pen, block, element) for element in interactive(block)]
    return Group(*parts)


def _actions(pen: Pen, block: Payload) -> RenderableType:
    return Text("  ").join([_element(pen, block, element) for element in block["elements"]])


def _element(pen: Pen, block: Payload, element: Payload) -> Text:
    if element["type"] not in {"button", "icon_button"}:
        return Text(f"( {_placeholder(element)} v )", "reverse")
    number = pen.labels.get((block.get("block_id", ""), element.get("action_id", ""), element.get("value", "")))
    label = f"[{number}] {element['text']['text']}" if number else f" {element['text']['text']} "
    return Text(label, BUTTONS.get(element.get("style", ""), "bold cyan"))


def _placeholder(element: Payload) -> str:
    chosen = element.get("initial_option") or {}
    shown = chosen.get("text") or element.get("placeholder") or {"text": "Choose an option"}
    return str(shown.get("text", element["type"]))


def _context(pen: Pen, block: Payload) -> RenderableType:
    drawn = [Text(item["alt_text"]) if item["type"] == "image" else pen.text(item) for item in block["elements"]]
    line = Text("  ").join(drawn)
    line.stylize("dim")
    return line


def _input(pen: Pen, block: Payload) -> RenderableType:
    element: dict[str, Any] = block["element"]
    label = Text(block["label"]["text"], "bold").append(" (optional)" if block.get("optional") else "", "dim")
    written = element.get("initial_value") or ""
    lines: list[RenderableType] = [label]
    if element["type"].endswith("_text_input"):
        hint = str((element.get("placeholder") or {}).get("text", ""))
        lines.append(Panel(Text(written or hint, "" if written else "dim"), box=ROUNDED))
    else:
        lines.append(Text("( choose a file )" if element["type"] == "file_input" else f"( {_placeholder(element)} v )"))
    if "hint" in block:
        lines.append(Text(block["hint"]["text"], "dim"))
    if error := pen.errors.get(block.get("block_id", "")):
        lines.append(Text(error, "red"))
    return Group(*lines)


def _chart(_pen: Pen, block: Payload) -> RenderableType:
    """A chart as its title and its numbers, a line for each series."""
    chart = block["chart"]
    rows = chart.get("series") or [{"name": "", "data": chart.get("segments", [])}]
    lines = [f"{row['name']}: " + ", ".join(f"{it['label']} {it['value']:g}" for it in row["data"]) for row in rows]
    axes = chart.get("axis_config", {})
    return Panel(Text("\n".join([*lines, f"({axes.get('y_label', '')})"])), title=f"{chart['type']}: {block['title']}")


DRAWINGS: Mapping[str, Callable[[Pen, Payload], RenderableType]] = MappingProxyType(
    {
        "section": _section,
        "header": lambda _pen, block: Text(block["text"]["text"], "bold underline"),
        "divider": lambda _pen, _block: Rule(style="dim"),
        "context": _context,
        "actions": _actions,
        "context_actions": _actions,
        "table": table,
        "data_visualization": _chart,
        "rich_text": rich_text,
        "input": _input,
        "image": lambda _pen, block: Text(f"[image: {block['alt_text']}]", "dim"),
        "markdown": lambda _pen, block: Text(block["text"]),
        "alert": lambda pen, block: Panel(pen.text(block["text"]), border_style=LEVELS.get(block.get("level", ""), "")),
    }
)
