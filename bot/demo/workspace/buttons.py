"""The buttons of a message or view, numbered as `render` shows them, so that a prompt can press them by number."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.workspace.model import Impossible, Message, Payload, View
from bot.demo.workspace.state import interactive


@dataclass(frozen=True, slots=True)
class NumberedButton:
    """A button in reading order, counted from 1."""

    number: int
    label: str
    action_id: str
    value: str
    block_id: str
    element: Payload


def numbered_buttons(shown: Message | View) -> list[NumberedButton]:
    """The buttons of a message or view: those of actions blocks and those beside sections."""
    return [
        NumberedButton(
            number,
            element["text"]["text"],
            element.get("action_id", ""),
            element.get("value", ""),
            block.get("block_id", ""),
            element,
        )
        for number, (block, element) in enumerate(_buttons(shown.blocks), start=1)
    ]


def component(shown: Message | View, action: str | int | NumberedButton, value: str = "") -> tuple[Payload, Payload]:
    """Block and element for an action id, a number or a button; `value` tells equal action ids apart."""
    if isinstance(action, int):
        action = _by_number(shown, action)
    if isinstance(action, NumberedButton):
        value, action = action.value, action.action_id
    usable = [(block, element) for block in shown.blocks if _sends(block) for element in interactive(block)]
    found = [pair for pair in usable if pair[1]["action_id"] == action and value in {"", pair[1].get("value")}]
    if len(found) != 1:
        offered = sorted({element["action_id"] for _, element in usable})
        raise Impossible(f"{len(found)} components have the action id {action!r}; there are {offered}")
    return found[0]


def _sends(block: Payload) -> bool:
    """Inputs say nothing before the form is submitted, unless they dispatch (docs.slack.dev, input block)."""
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def _by_number(shown: Message | View, number: int) -> NumberedButton:
    buttons = numbered_buttons(shown)
    if not 1 <= number <= len(buttons):
        raise Impossible(f"there is no button {number}; there are {len(buttons)}")
    return buttons[number - 1]


def _buttons(blocks: Sequence[Payload]) -> list[tuple[Payload, Payload]]:
    kinds = {"button", "icon_button"}
    return [(block, element) for block in blocks for element in interactive(block) if element.get("type") in kinds]
