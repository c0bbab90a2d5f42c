"""A form at the demo's prompt: its inputs by number, and what was typed as the value that the form wants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.console.files import UnreadableError, content_of
from bot.demo.workspace.forms import Value, fields
from bot.demo.workspace.model import FileUpload, Impossible, Payload, View
from bot.demo.workspace.workspace import Workspace
from commands.pmta.paste import FILE_LIMIT

HOW = "[dim]NUMBER TEXT fills in, [cyan]send[/] submits, [cyan]close[/] leaves it.[/]"


@dataclass(frozen=True, slots=True)
class Input:
    """An input in reading order, counted from 1."""

    number: int
    label: str
    block_id: str
    element: Payload


def inputs(view: View) -> list[Input]:
    """The inputs of a form."""
    found = [(block, element) for block in view.blocks if block["type"] == "input" for element in fields(block)]
    return [
        Input(number, block["label"]["text"], block["block_id"], element)
        for number, (block, element) in enumerate(found, start=1)
    ]


def legend(view: View, typed: Mapping[str, str]) -> Iterator[str]:
    """A line for each input: its number, its label, and what was filled in or can be chosen."""
    for one in inputs(view):
        chosen = one.element.get("initial_option")
        stands = typed.get(one.block_id) or (_label(chosen) if chosen else one.element.get("initial_value", ""))
        choices = " | ".join(_label(option) for option in _options(one.element))
        yield f"{one.number}  {one.label}: {stands}{f'  ({choices})' if choices else ''}".rstrip(": ")


def filled(view: View, number: int) -> Input:
    """The input with this number."""
    found = inputs(view)
    if not 1 <= number <= len(found):
        raise Impossible(f"there is no input {number}; there are {len(found)}")
    return found[number - 1]


def value_of(workspace: Workspace, element: Payload, typed: str) -> Value:
    """An option by its label, people and channels by name, a file by its path; else the text itself."""
    match element["type"]:
        case "users_select":
            return workspace.user(typed.removeprefix("@")).id
        case "conversations_select" | "channels_select":
            return workspace.channel(typed.removeprefix("#")).id
        case "file_input":
            path = Path(typed).expanduser()
            return FileUpload(path.name, _content(str(path)))
    options = _options(element)
    if not options:
        return typed
    meant = [option for option in options if _label(option).casefold().startswith(typed.casefold())]
    return str(meant[0]["value"]) if meant else _nothing(f"choose one of: {', '.join(map(_label, options))}")


def _content(path: str) -> bytes:
    try:
        return content_of(path, FILE_LIMIT)
    except UnreadableError as error:
        raise Impossible(f"{path}: {error}") from error


def _options(element: Payload) -> list[Payload]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _label(option: Payload) -> str:
    return str(option["text"]["text"])


def _nothing(words: str) -> Value:
    raise Impossible(words)
