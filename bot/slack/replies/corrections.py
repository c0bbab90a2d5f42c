"""How the ack of a form says what is wrong: at its fields, or with what was probably meant standing there. Pure.

An error at a field is plain text and holds no button. Where all that is wrong has a likely form, the dialogue is filled
with it: a field with another block_id begins anew, and all others keep what stands in them while their ids stay.

Source: docs.slack.dev, surfaces/modals (updating views), November 2026.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from commands.blocks import Block, context
from commands.contract import FormErrors
from commands.slack_text import escape

NOTE = "corrected_"
"""How the block_id begins of what says so above a field."""

OF_A_VIEW = ("type", "title", "submit", "close", "callback_id", "private_metadata")


def told(view: Mapping[str, Any], found: FormErrors) -> dict[str, Any]:
    """The arguments of the ack of a submitted view."""
    typed = {_name(block): block for block in view.get("blocks") or () if _element(block).get("type") == TYPED}
    if not found.errors or any(name not in typed or name not in found.corrected for name in found.errors):
        at = {_name(block): str(block.get("block_id")) for block in view.get("blocks") or ()}
        return {
            "response_action": "errors",
            "errors": {at.get(name, name): said for name, said in found.errors.items()},
        }
    kept = {name: view[name] for name in OF_A_VIEW if view.get(name)}
    return {"response_action": "update", "view": {**kept, "blocks": list(_blocks(view, found))}}


TYPED = "plain_text_input"


def _element(block: Block) -> Mapping[str, Any]:
    element: Mapping[str, Any] = block.get("element") or {}
    return element


def _name(block: Block) -> str:
    """Of a field: the action id, which stays the same."""
    return str(_element(block).get("action_id") or "")


def _blocks(view: Mapping[str, Any], found: FormErrors) -> Iterator[Block]:
    values: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
    press = (view.get("submit") or {}).get("text") or "Submit"
    for block in view["blocks"]:
        name, block_id = _name(block), str(block.get("block_id") or "")
        if block_id.startswith(NOTE):
            continue
        if name in found.errors:
            said = f":grey_exclamation: {escape(found.errors[name])} It is in the field now: press *{escape(press)}*."
            yield {**context(said), "block_id": f"{NOTE}{name}"}
            yield {**_filled(block, {"value": found.corrected[name]}), "block_id": f"{block_id}."}
        else:
            yield _filled(block, (values.get(block_id) or {}).get(name) or {})


def _filled(block: Block, value: Mapping[str, Any]) -> Block:
    """With what was entered as what stands there at first; files cannot."""
    if not _element(block):
        return block
    element = {key: one for key, one in block["element"].items() if not key.startswith("initial_")}
    for key, one in value.items():
        if one and (key == "value" or key.startswith("selected_")):
            element[f"initial_{key.removeprefix('selected_')}"] = one
    return {**block, "element": element}
