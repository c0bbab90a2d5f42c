"""Block Kit pieces that views are made of, as plain dictionaries within Slack's sizes.

Everything that a remote server, a DNS answer or a paste says goes into elements that parse nothing: `code` (rich
text, preformatted) and the raw cells of `table`. `section` and `context` are mrkdwn: escape what you put there with
`commands.slack_text.escape`. Plain dictionaries, because slack_sdk has no class for some blocks, importing it costs a
terminal command 100 ms, and the sizes are checked for every message by the strict workspace of the tests.

Sizes: Slack's Block Kit reference, November 2026.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]

SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
CELL_TEXT = 200
TABLE_ROWS = 100
CHART_POINTS = 20
CHART_SERIES = 6
CHART_LABEL = 20


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis, in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    """A mrkdwn text object that does not turn bare names into links."""
    return {"type": "mrkdwn", "text": cut(text, limit) or " ", "verbatim": True}


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": False}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def code(text: str, limit: int = SECTION_TEXT) -> Block:
    """Remote or pasted text, shown as it is: nothing in it is parsed."""
    content = [{"type": "text", "text": cut(text, limit) or " "}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": content}]}


def table(rows: Sequence[Sequence[str]]) -> Block:
    """A table whose first row is its header. Cells are raw text: nothing in them is parsed."""
    cells = [[{"type": "raw_text", "text": cut(cell, CELL_TEXT) or "-"} for cell in row] for row in rows[:TABLE_ROWS]]
    return {"type": "table", "rows": cells}


def line_chart(
    title: str, categories: Sequence[str], series: Mapping[str, Sequence[float]], *, x_label: str, y_label: str
) -> Block:
    """Lines over the same categories: at most 20 points and 6 lines, a value for every category.

    For messages alone. A workspace that has no charts yet gets a sparkline instead (`bot/slack/replies`).
    """
    labels = [cut(label, CHART_LABEL) for label in categories[:CHART_POINTS]]
    lines = [
        {
            "name": cut(name, CHART_LABEL),
            "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=False)],
        }
        for name, values in list(series.items())[:CHART_SERIES]
    ]
    axes = {"categories": labels, "x_label": cut(x_label, 50), "y_label": cut(y_label, 50)}
    chart = {"type": "line", "series": lines, "axis_config": axes}
    return {"type": "data_visualization", "title": cut(title, 50), "chart": chart}


def menu(action_id: str, options: Sequence[tuple[str, str]], placeholder: str) -> Block:
    """A menu of at most 100 (value, text) options that acts when one is chosen; `Request.value` is its value."""
    made = [{"text": plain(text, 75), "value": value[:150]} for value, text in options[:100]]
    return {"type": "static_select", "action_id": action_id, "options": made, "placeholder": plain(placeholder, 150)}


def beside(text: str, element: Block) -> Block:
    """A section with a button or a menu at its right."""
    return {**section(text), "accessory": element}


def button(text: str, action_id: str, value: str = "", *, style: str = "", confirm: Block | None = None) -> Block:
    """A button. `action_id` is `<command>.<action>`; `value` holds an id, never content."""
    made: Block = {"type": "button", "text": plain(text, BUTTON_TEXT), "action_id": action_id}
    if value:
        made["value"] = value
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def actions(*buttons: Block) -> Block:
    """Buttons in a row. Within a block every action id has to be another one: the second of a kind is `x.y.2`."""
    seen: Counter[str] = Counter()
    made = []
    for each in buttons:
        seen[each["action_id"]] += 1
        times = seen[each["action_id"]]
        made.append({**each, "action_id": f"{each['action_id']}.{times}"} if times > 1 else each)
    return {"type": "actions", "elements": made}


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def text_input(
    block_id: str, label: str, *, multiline: bool = False, optional: bool = False, initial: str = "", hint: str = ""
) -> Block:
    """An input of at most 3,000 characters; its action id is the block id, so `Request.form[block_id]` has it."""
    element: Block = {"type": "plain_text_input", "action_id": block_id, "multiline": multiline, "max_length": 3000}
    if initial:
        element["initial_value"] = cut(initial, 3000)
    return _input(block_id, label, element, optional=optional, hint=hint)


def select_input(
    block_id: str, label: str, options: Sequence[tuple[str, str]], *, initial: str = "", optional: bool = False
) -> Block:
    """A choice of at most 100 (value, text) options."""
    made = _options(options)
    element: Block = {"type": "static_select", "action_id": block_id, "options": made}
    chosen = [option for option in made if option["value"] == initial]
    if chosen:
        element["initial_option"] = chosen[0]
    return _input(block_id, label, element, optional=optional)


def grouped_input(block_id: str, label: str, groups: Mapping[str, Sequence[tuple[str, str]]]) -> Block:
    """A choice, or none, of (value, text) options under the labels of at most 100 groups, each of at most 100."""
    made = [{"label": plain(name, 75), "options": _options(options)} for name, options in groups.items() if options]
    element: Block = {"type": "static_select", "action_id": block_id, "option_groups": made[:100]}
    return _input(block_id, label, element, optional=True)


def _options(options: Sequence[tuple[str, str]]) -> list[Block]:
    return [{"text": plain(text, 75), "value": value[:150]} for value, text in options[:100]]


def checks_input(block_id: str, label: str, options: Sequence[tuple[str, str]]) -> Block:
    """Any of at most 10 (value, text) options; `Request.form` has the list of their values."""
    made = [{"text": plain(text, 75), "value": value[:150]} for value, text in options[:10]]
    element: Block = {"type": "checkboxes", "action_id": block_id, "options": made}
    return _input(block_id, label, element, optional=True)


def file_input(
    block_id: str, label: str, *, filetypes: Sequence[str] = (), optional: bool = True, most: int = 1
) -> Block:
    """Files of at most 10 MB each, at most 10 (modals only); they arrive in `Request.attachments`."""
    element: Block = {"type": "file_input", "action_id": block_id, "max_files": most}
    if filetypes:
        element["filetypes"] = list(filetypes)
    return _input(block_id, label, element, optional=optional)


def conversation_input(block_id: str, label: str) -> Block:
    """A conversation in which the answer is then given, also where the bot is no member (forms alone)."""
    element: Block = {
        "type": "conversations_select",
        "action_id": block_id,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    return _input(block_id, label, element, optional=False)


def _input(block_id: str, label: str, element: Block, *, optional: bool, hint: str = "") -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    return block


def date(epoch_seconds: float, fallback: str) -> str:
    """A time that Slack shows in the reader's own zone; `fallback` is what old clients and notifications show."""
    return f"<!date^{int(epoch_seconds)}^{{date_short_pretty}} {{time}}|{fallback}>"
