"""Which blocks Slack would refuse, and why: a pure check over the tables in `kit`."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from bot.demo.workspace import kit
from bot.demo.workspace.model import Payload
from bot.demo.workspace.schema import items, problem, tagged


def problems(blocks: Any, surface: str, unknown: Collection[str] = ()) -> list[str]:
    """What is wrong with `blocks` on a surface (message, modal or home), in Slack's words; empty when nothing is.

    `unknown` names types that this workspace does not have yet: new blocks are rolled out in phases.
    """
    kinds = kit.SURFACES[surface] - set(unknown)
    allowed = {kind: check for kind, check in kit.BLOCKS.items() if kind in kinds}
    found = list(items(tagged(allowed, "block"), kit.MOST_BLOCKS[surface], 0)(blocks, "/blocks"))
    if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
        found += _across(blocks, surface)
    return found


def view_problems(view: Any) -> list[str]:
    """What is wrong with a modal or home view, its blocks included."""
    found = list(tagged(kit.VIEWS, "view")(view, "/view"))
    if found or not isinstance(view, dict):
        return found
    blocks = view["blocks"]
    found = [words.replace("[json-pointer:", "[json-pointer:/view") for words in problems(blocks, view["type"])]
    has_input = isinstance(blocks, list) and any(block.get("type") == "input" for block in blocks if block)
    if view["type"] == "modal" and has_input and "submit" not in view:
        found.append(problem("submit is required when an input block is within blocks array", "/view"))
    return found


def _across(blocks: list[Payload], surface: str) -> Iterator[str]:
    """Rules that look at more than one field."""
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (problem(f"`block_id` {name} already exists", "/blocks") for name, count in ids.items() if count > 1)
    for index, block in enumerate(blocks):
        yield from _inside(block, f"/blocks/{index}", surface)
    tables = [block for block in blocks if block.get("type") == "table"]
    if len(tables) > 1:
        yield problem("only one table is allowed per message", "/blocks")
    if sum(block.get("type") == "data_visualization" for block in blocks) > kit.CHARTS:
        yield problem("no more than 2 data_visualization blocks allowed", "/blocks")
    written = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if written > kit.MARKDOWN_CHARACTERS:
        yield problem(f"markdown blocks hold at most {kit.MARKDOWN_CHARACTERS} characters together", "/blocks")


def _inside(block: Payload, at: str, surface: str) -> Iterator[str]:
    match block.get("type"):
        case "section" if not (block.get("text") or block.get("fields")):
            yield problem("missing required field: text or fields", at)
        case "input":
            yield from _input(block, at, surface)
        case "table" if _characters(block) > kit.TABLE_CHARACTERS:
            yield problem(f"a table holds at most {kit.TABLE_CHARACTERS} characters", at)
        case "data_visualization":
            yield from _chart(block.get("chart"), f"{at}/chart")
        case "image" if ("image_url" in block) == ("slack_file" in block):
            yield problem("must have either image_url or slack_file", at)
        case _:
            yield from ()
    yield from _elements(block, at)


def _chart(chart: Any, at: str) -> Iterator[str]:
    """Series have names of their own, and a point for every category, in their order."""
    if not isinstance(chart, dict) or not isinstance(chart.get("series"), list):
        return
    axes = chart.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    series = [each for each in chart["series"] if isinstance(each, dict)]
    names = Counter(str(each.get("name")) for each in series)
    if names and max(names.values()) > 1:
        yield problem("series names must be unique", f"{at}/series")
    for number, each in enumerate(series):
        points = each.get("data")
        labels = [point.get("label") for point in points if isinstance(point, dict)] if isinstance(points, list) else []
        if labels != categories:
            yield problem("every series must have a point for each category", f"{at}/series/{number}/data")


def _input(block: Payload, at: str, surface: str) -> Iterator[str]:
    element = block.get("element")
    kind = element.get("type") if isinstance(element, dict) else ""
    if kind == "file_input" and surface != "modal":
        yield problem("file_input is allowed in modals only", f"{at}/element")
    if isinstance(element, dict) and element.get("response_url_enabled") and surface != "modal":
        yield problem("response_url_enabled is allowed in modals only", f"{at}/element")
    if kind == "file_input" and block.get("dispatch_action"):
        yield problem("file_input does not support dispatch_action", at)


def _elements(block: Payload, at: str) -> Iterator[str]:
    listed = block.get("elements") if block.get("type") == "actions" else None
    found = [*(listed if isinstance(listed, list) else []), block.get("accessory"), block.get("element")]
    present = [element for element in found if isinstance(element, dict)]
    ids = Counter(element["action_id"] for element in present if "action_id" in element)
    yield from (problem(f"`action_id` {name} already exists", at) for name, count in ids.items() if count > 1)
    for element in present:
        yield from _element(element, at)


def _element(element: Payload, at: str) -> Iterator[str]:
    kind = element.get("type")
    if kind in {"static_select", "multi_static_select"} and ("options" in element) == ("option_groups" in element):
        yield problem("must have either options or option_groups", at)
    options = element.get("options")
    chosen = element.get("initial_option")
    if chosen and isinstance(options, list) and chosen not in options:
        yield problem("initial_option must be one of options", at)
    if isinstance(options, list) and all(isinstance(option, dict) for option in options):
        values = Counter(option.get("value") for option in options)
        if values and max(values.values()) > 1:
            yield problem("option values must be unique", at)
    if kind == "plain_text_input" and element.get("min_length", 0) > element.get("max_length", 3000):
        yield problem("min_length must not exceed max_length", at)


def _characters(table: Payload) -> int:
    """Characters of a table's cells, all told."""
    total = 0
    for row in table.get("rows", []):
        for cell in row if isinstance(row, list) else []:
            raw = isinstance(cell, dict) and cell.get("type") == "raw_text"
            total += len(str(cell.get("text", ""))) if raw else len(json.dumps(cell))
    return total
