"""Each block of Block Kit as an element: one function per type, in a table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

from bot.demo.page import elements
from bot.demo.page.markup import Child, tag
from bot.demo.page.writing import Pen, plain, rich_text
from bot.demo.workspace.model import Payload
from bot.demo.workspace.state import interactive


def draw(pen: Pen, block: Payload) -> Element:
    """A block as Slack would show it; one that this does not know is named in brackets."""
    drawing = DRAWINGS.get(block["type"])
    made = drawing(pen, block) if drawing else tag("span", f"[{block['type']}]", class_="unknown")
    made.set("class", f"block {made.get('class', '')} {block['type']}".replace("  ", " "))
    return made


def _section(pen: Pen, block: Payload) -> Element:
    text = tag("div", *pen.text(block["text"])) if "text" in block else None
    fields = [tag("div", *pen.text(item)) for item in block.get("fields", [])]
    words = tag("div", text, tag("div", *fields, class_="fields") if fields else None, class_="words")
    beside = [elements.draw(pen, block, element) for element in interactive(block)]
    return tag("div", words, *beside)


def _header(_pen: Pen, block: Payload) -> Element:
    return tag("h2", plain(block["text"]["text"]))


def _context(pen: Pen, block: Payload) -> Element:
    parts = [
        tag("span", item["alt_text"]) if item["type"] == "image" else tag("span", *pen.text(item))
        for item in block["elements"]
    ]
    return tag("div", *parts)


def _actions(pen: Pen, block: Payload) -> Element:
    return tag("div", *(elements.draw(pen, block, element) for element in block["elements"]))


def _input(pen: Pen, block: Payload) -> Element:
    element: dict[str, Any] = block["element"]
    error = pen.errors.get(block.get("block_id", ""))
    optional = tag("span", " (optional)", class_="optional") if block.get("optional") else None
    field, about = elements.draw(pen, block, element), f"{elements.field_id(block, element)}.about"
    field.set("aria-describedby", about)
    if error:
        field.set("aria-invalid", "true")
    label = tag("label", plain(block["label"]["text"]), optional, for_=elements.field_id(block, element))
    if element["type"] in {"checkboxes", "radio_buttons"}:  # no label can belong to a group
        label = tag("span", plain(block["label"]["text"]), optional, class_="label", id=f"{about}.label")
        field.set("aria-labelledby", f"{about}.label")
    hint = tag("span", plain(block["hint"]["text"]), class_="hint") if "hint" in block else None
    wrong = tag("span", error, class_="error", role="alert") if error else None
    return tag("div", label, field, tag("div", wrong, hint, id=about))


def _table(pen: Pen, block: Payload) -> Element:
    """The first row is the header; columns keep their alignment."""
    settings: list[dict[str, Any]] = block.get("column_settings", [])
    aligned = [str(one.get("align", "left")) for one in settings]

    def row(cells: list[Payload], name: str) -> Element:
        sides = [*aligned, *["left"] * len(cells)]
        made = [tag(name, _cell(pen, cell), class_=side) for cell, side in zip(cells, sides, strict=False)]
        return tag("tr", *made)

    head, *rest = block["rows"]
    body = tag("tbody", *(row(cells, "td") for cells in rest))
    return tag(
        "div", tag("table", tag("thead", row(head, "th")), body), role="region", aria_label="Table", tabindex="0"
    )


def _cell(pen: Pen, cell: Payload) -> Child:
    if cell["type"] == "rich_text":
        return rich_text(pen, cell)
    return str(cell.get("text", cell.get("value", "")))


def _chart(_pen: Pen, block: Payload) -> Element:
    """A chart as its title and its numbers, a row for each series."""
    chart = block["chart"]
    series = chart.get("series") or [{"name": "", "data": chart.get("segments", [])}]
    points = [point["label"] for point in series[0]["data"]]
    head = tag("tr", tag("th", ""), *(tag("th", label) for label in points))
    rows = [
        tag("tr", tag("th", one["name"]), *(tag("td", f"{point['value']:g}") for point in one["data"]))
        for one in series
    ]
    axis = chart.get("axis_config", {}).get("y_label", "")
    caption = tag("caption", f"{chart['type']}: {block['title']} {f'({axis})' if axis else ''}".strip())
    return tag("div", tag("table", caption, tag("thead", head), tag("tbody", *rows)), tabindex="0", role="region")


def _alert(pen: Pen, block: Payload) -> Element:
    return tag("div", *pen.text(block["text"]), class_=block.get("level", "default"))


DRAWINGS: Mapping[str, Callable[[Pen, Payload], Element]] = MappingProxyType(
    {
        "section": _section,
        "header": _header,
        "divider": lambda _pen, _block: tag("hr"),
        "context": _context,
        "actions": _actions,
        "context_actions": _actions,
        "table": _table,
        "data_visualization": _chart,
        "rich_text": rich_text,
        "input": _input,
        "image": lambda _pen, block: tag("span", f"[image: {block['alt_text']}]"),
        "markdown": lambda _pen, block: tag("div", block["text"]),
        "alert": _alert,
    }
)
