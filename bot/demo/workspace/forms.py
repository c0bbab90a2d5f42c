"""What a person enters, as Slack writes it into `state.values`, and what the client refuses before it sends."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeAlias

from bot.demo.workspace import files, payloads
from bot.demo.workspace.model import FileUpload, Impossible, Payload
from bot.demo.workspace.state import State, interactive

Value: TypeAlias = str | int | FileUpload | Sequence[str] | Sequence[FileUpload] | None
REQUIRED = "Please complete this required field."
FILE_BYTES = 10 * 1024 * 1024

FIELDS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
"""By element: the key of its value in a state, and the field that holds what stands there at first."""


def values(state: State, blocks: Sequence[Payload], entered: Mapping[str, Value], user: str) -> Payload:
    """`state.values` of a form: by block id, then action id; what is not in `entered` keeps its initial value.

    `entered` names inputs by block id, or by action id where a block has several.
    """
    found = [(block["block_id"], element) for block in blocks for element in fields(block)]
    known = {name for block_id, element in found for name in (block_id, element["action_id"])}
    if unknown := set(entered) - known:
        raise Impossible(f"there is no input {sorted(unknown)}; there are {sorted(known)}")
    made: Payload = {}
    for block_id, element in found:
        name = next((name for name in (element["action_id"], block_id) if name in entered), None)
        value = initial(element) if name is None else entry(state, element, entered[name], user)
        made.setdefault(block_id, {})[element["action_id"]] = value
    return made


def fields(block: Payload) -> list[Payload]:
    """The elements of a block that hold a value: an overflow menu holds none."""
    return [element for element in interactive(block) if element["type"] in set(FIELDS) - {"overflow"}]


def initial(element: Payload) -> Payload:
    key, name = FIELDS[element["type"]]
    empty: list[Payload] | None = [] if key.endswith("s") else None
    return {"type": element["type"], key: element.get(name, empty)}


def entry(state: State, element: Payload, value: Value, user: str) -> Payload:
    """One value as Slack writes it: options by their value, files after an upload."""
    kind = element["type"]
    key, _ = FIELDS[kind]
    make = {"selected_option": _option, "selected_options": _options, "files": _files}.get(key, _plain)
    return {"type": kind, key: make(state, element, value, user)}


def local_errors(blocks: Sequence[Payload], entered: Payload) -> dict[str, str]:
    """What the client says, by block id, before it sends a form: required fields and lengths."""
    found = {}
    for block in blocks:
        for element in fields(block) if block["type"] == "input" else ():
            value = entered[block["block_id"]][element["action_id"]][FIELDS[element["type"]][0]]
            if words := _objection(element, value, optional=block.get("optional", False)):
                found[block["block_id"]] = words
    return found


def _objection(element: Payload, value: Any, *, optional: bool) -> str:
    if not value:
        return "" if optional else REQUIRED
    length = len(value) if isinstance(value, str) else 0
    if element["type"] == "plain_text_input" and length > element.get("max_length", 3000):
        return f"Must be at most {element.get('max_length', 3000)} characters."
    if element["type"] == "plain_text_input" and length < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    return ""


def _plain(_state: State, _element: Payload, value: Value, _user: str) -> Value:
    return value


def _option(_state: State, element: Payload, value: Value, _user: str) -> Payload | None:
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    for option in options:
        if option["value"] == value:
            return dict(option)
    if value in {None, ""}:
        return None
    raise Impossible(f"there is no option {value!r}; there are {[option['value'] for option in options]}")


def _options(state: State, element: Payload, value: Value, user: str) -> list[Payload]:
    chosen = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [option for one in chosen if (option := _option(state, element, one, user))]


def _files(state: State, element: Payload, value: Value, user: str) -> list[Payload]:
    given = [value] if isinstance(value, FileUpload) else value or []
    uploads = [item for item in given if isinstance(item, FileUpload)] if isinstance(given, Sequence) else []
    if len(uploads) > element.get("max_files", 10):
        raise Impossible(f"at most {element['max_files']} files")
    for upload in uploads:
        _acceptable(element, upload)
    return [payloads.file(files.attach(state, upload, user)) for upload in uploads]


def _acceptable(element: Payload, upload: FileUpload) -> None:
    kinds = element.get("filetypes")
    if kinds and PurePath(upload.name).suffix.lstrip(".").lower() not in kinds:
        raise Impossible(f"the client offers only {kinds}, not {upload.name}")
    if len(upload.content) > FILE_BYTES:
        raise Impossible("a file_input takes 10 MB per file")
