"""What can be pressed, chosen or filled in. The page's script reads `data-` attributes of these and nothing else.

`data-act` says what is done: `press`, `choose`, `field` (part of a form).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from xml.etree.ElementTree import Element

from bot.demo.page.markup import Child, tag
from bot.demo.page.writing import Pen, plain
from bot.demo.workspace.model import Payload


def draw(pen: Pen, block: Payload, element: Payload) -> Element:
    """An element as Slack would show it; one that this does not know is named in brackets."""
    drawing = DRAWINGS.get(element["type"])
    return drawing(pen, block, element) if drawing else tag("span", f"[{element['type']}]", class_="unknown")


def _named(block: Payload, element: Payload) -> dict[str, str | bool | None]:
    """Block, action, and what is asked before: what the script sends back."""
    confirm = element.get("confirm")
    return {
        "data_block": block.get("block_id", ""),
        "data_action": element.get("action_id", ""),
        "data_confirm": json.dumps(_asked(confirm)) if confirm else None,
    }


def _asked(confirm: Payload) -> dict[str, str]:
    return {key: plain(confirm[key]["text"]) for key in ("title", "text", "confirm", "deny")}


def _button(_pen: Pen, block: Payload, element: Payload) -> Element:
    label = plain(element["text"]["text"])
    names = _named(block, element) | {"data_act": "press", "data_value": element.get("value", "")}
    more = {"class_": f"button {element.get('style', '')}".strip(), "aria_label": element.get("accessibility_label")}
    if "url" in element:
        more["data_url"] = element["url"]
    return tag("button", label, type="button", **names, **more)


def _icon(pen: Pen, block: Payload, element: Payload) -> Element:
    made = _button(pen, block, element)
    made.set("class", "button icon")
    return made


def _is_field(block: Payload) -> bool:
    return block["type"] == "input" and not block.get("dispatch_action")


def _deed(block: Payload) -> str:
    """In an input nothing is sent before the form is."""
    return "field" if _is_field(block) else "choose"


def _menu(block: Payload, element: Payload, choices: Iterable[Child], *, many: bool, empty: bool = True) -> Element:
    hint = plain((element.get("placeholder") or {}).get("text", "Choose an option"))
    first = [tag("option", hint, value="")] if empty and not many else []
    names = _named(block, element) | {"data_act": _deed(block), "data_kind": "many" if many else "one"}
    named = hint if block["type"] != "input" else None
    return tag("select", *first, *choices, multiple=many, aria_label=named, id=field_id(block, element), **names)


def field_id(block: Payload, element: Payload) -> str:
    return f"{block.get('block_id', '')}.{element.get('action_id', '')}"


def _static(_pen: Pen, block: Payload, element: Payload) -> Element:
    many = element["type"].startswith("multi_")
    initial = element.get("initial_options") or [element.get("initial_option") or {}]
    chosen = {option.get("value") for option in initial}
    grouped = [
        tag("optgroup", *(_option(one, chosen) for one in group["options"]), label=plain(group["label"]["text"]))
        for group in element.get("option_groups", [])
    ]
    return _menu(block, element, [*(_option(one, chosen) for one in element.get("options", [])), *grouped], many=many)


def _option(option: Payload, chosen: set[str | None]) -> Element:
    return tag("option", plain(option["text"]["text"]), value=option["value"], selected=option["value"] in chosen)


def _overflow(_pen: Pen, block: Payload, element: Payload) -> Element:
    made = _menu(block, {**element, "placeholder": {"text": "More actions"}}, (), many=False)
    for option in element["options"]:
        made.append(_option(option, set()))
    made.set("class", "overflow")
    return made


def _people(pen: Pen, block: Payload, element: Payload) -> Element:
    initial = {*element.get("initial_users", []), element.get("initial_user")}
    people = [user for user in pen.state.users.values() if not user.is_bot]
    options = [
        tag("option", user.real_name or user.name, value=user.id, selected=user.id in initial) for user in people
    ]
    return _menu(block, element, options, many=element["type"].startswith("multi_"))


def _channels(pen: Pen, block: Payload, element: Payload) -> Element:
    kind = "channel" if "channels" in element["type"] else "conversation"
    initial = {*element.get(f"initial_{kind}s", []), element.get(f"initial_{kind}")}
    initial |= {pen.here} if element.get("default_to_current_conversation") else set()
    shown = [channel for channel in pen.state.channels.values() if channel.kind != "dm"]
    options = [tag("option", f"#{one.name}", value=one.id, selected=one.id in initial) for one in shown]
    return _menu(block, element, options, many=element["type"].startswith("multi_"))


def _text(_pen: Pen, block: Payload, element: Payload) -> Element:
    names = _named(block, element) | {"data_act": _deed(block), "data_kind": "text", "id": field_id(block, element)}
    names["placeholder"] = plain((element.get("placeholder") or {}).get("text", "")) or None
    written = str(element.get("initial_value") or "")
    if element.get("multiline"):
        return tag("textarea", written, rows="5", **names)
    kind = {"number_input": "number", "email_text_input": "email", "url_text_input": "url"}.get(element["type"], "text")
    return tag("input", type=kind, value=written, **names)


def _picker(_pen: Pen, block: Payload, element: Payload) -> Element:
    kind = {"datepicker": "date", "timepicker": "time"}.get(element["type"], "datetime-local")
    names = _named(block, element) | {"data_act": _deed(block), "data_kind": "text", "id": field_id(block, element)}
    label = None if block["type"] == "input" else plain((element.get("placeholder") or {}).get("text", kind))
    initial = str(element.get("initial_date") or element.get("initial_time") or "")
    return tag("input", type=kind, value=initial, aria_label=label, **names)


def _choices(pen: Pen, block: Payload, element: Payload) -> Element:
    """Boxes or radio buttons: one field, of which each box is a choice."""
    kind = "checkbox" if element["type"] == "checkboxes" else "radio"
    chosen = {one.get("value") for one in element.get("initial_options") or [element.get("initial_option") or {}]}
    boxes = [_box(pen, element, option, kind, checked=option["value"] in chosen) for option in element["options"]]
    names = _named(block, element) | {"data_act": _deed(block), "data_kind": kind, "id": field_id(block, element)}
    return tag("div", *boxes, class_="choices", role="group" if kind == "checkbox" else "radiogroup", **names)


def _box(pen: Pen, element: Payload, option: Payload, kind: str, *, checked: bool) -> Element:
    about = option.get("description")
    lines = [tag("span", *pen.text(option["text"])), tag("small", *pen.text(about)) if about else None]
    box = tag("input", type=kind, name=element.get("action_id", ""), value=option["value"], checked=checked)
    return tag("label", box, tag("span", *lines))


def _file(_pen: Pen, block: Payload, element: Payload) -> Element:
    kinds = ",".join(f".{kind}" for kind in element.get("filetypes", [])) or None
    names = _named(block, element) | {"data_act": "field", "data_kind": "files", "id": field_id(block, element)}
    return tag("input", type="file", multiple=element.get("max_files", 10) > 1, accept=kinds, **names)


Drawing = Callable[[Pen, Payload, Payload], Element]
DRAWINGS: Mapping[str, Drawing] = MappingProxyType(
    {
        "button": _button,
        "icon_button": _icon,
        "overflow": _overflow,
        "static_select": _static,
        "multi_static_select": _static,
        "users_select": _people,
        "multi_users_select": _people,
        "channels_select": _channels,
        "multi_channels_select": _channels,
        "conversations_select": _channels,
        "multi_conversations_select": _channels,
        "plain_text_input": _text,
        "email_text_input": _text,
        "url_text_input": _text,
        "number_input": _text,
        "datepicker": _picker,
        "timepicker": _picker,
        "checkboxes": _choices,
        "radio_buttons": _choices,
        "file_input": _file,
    }
)
