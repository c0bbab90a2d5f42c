"""An answer to what somebody wrote: in messages, where it was written. There is no trigger, so no dialogue opens."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from bot.slack.replies.answers import AnswerDelivery
from bot.slack.replies.error_messages import list_errors
from bot.slack.replies.instead import ACTION
from bot.slack.replies.messages import Outcome
from commands.blocks import Block, actions, button, section
from commands.contract import FormErrors, Modal, Progress, Reply, Request, Shown
from commands.slack_text import escape, undo

NOT_FOR_ALL = (".share", ".share_beside", "smtphistory.delete")
"""What the action ids of buttons end in that are no use to all: a result is read there, and its owner deletes it."""


class ConversationSurface:
    """Everybody in the channel reads what is not private; in direct messages (`direct`) there is nobody else."""

    def __init__(self, delivery: AnswerDelivery, request: Request, *, direct: bool) -> None:
        self._delivery = delivery
        self._request = request
        self._direct = direct

    async def open(self) -> Reply | None:
        return None

    async def deliver(self, step: Shown) -> None:
        if isinstance(step, Progress):
            self._delivery.progress(replace(step, public=True))
        else:
            await self._delivery.reply(self._spoken(step))

    async def post(self, reply: Reply) -> tuple[Outcome, str]:
        return await self._delivery.post(reply)

    async def revise(self, _copy: Reply | None, otherwise: Reply) -> None:
        await self.deliver(otherwise)

    async def settle(self) -> None:
        await self._delivery.settle()

    def _spoken(self, step: Reply | Modal | FormErrors) -> Reply:
        if isinstance(step, FormErrors):
            step = list_errors(step)
        elif isinstance(step, Modal):
            step = needs_form(self._request) if step.submit else in_message(step)
        if self._direct:
            return replace(step, public=True, private=False)
        return step if step.private else replace(step, public=True, blocks=for_all(step.blocks))


def in_message(modal: Modal) -> Reply:
    """What a dialogue without a form says, as a message: as much of it as one holds."""
    title = f"*{escape(modal.title)}*"
    shown = within(MESSAGE_SIZE, [section(title), *modal.blocks])
    return Reply("\n".join(filter(None, map(_said, shown))), shown)


def _said(block: Any) -> str:
    """The text of a block, in mrkdwn: what parses nothing is escaped. Buttons are left out."""
    if isinstance(block, list):
        return " ".join(filter(None, map(_said, block)))
    if not isinstance(block, dict) or block.get("type") == "actions":
        return ""
    text = block.get("text")
    if isinstance(text, str):
        return text if block.get("type") == "mrkdwn" else escape(text)
    return _said(text or block.get("elements"))


MESSAGE_SIZE = 12_000
"""Bytes of the blocks of a dialogue, which holds more than a message: what is cut is behind a button."""


def within(size: int, blocks: Sequence[Block]) -> list[Block]:
    """As many of the first blocks as have that size together."""
    sizes = accumulate(len(json.dumps(block)) for block in blocks)
    return [block for block, so_far in zip(blocks, sizes, strict=True) if so_far <= size]


def needs_form(request: Request) -> Reply:
    """Slack opens a form for a command or a button, and for nothing that is written."""
    typed = undo(request.text)
    said = f":memo: That has a form: press the button, or type `{escape(f'/{request.command} {typed}'.strip(), 300)}`"
    return Reply(said, [section(said), actions(button("Open the form", f"{request.command}.{ACTION}", typed or " "))])


def for_all(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the buttons that are not for everybody who reads them."""
    kept = []
    for block in blocks:
        if block["type"] == "actions":
            left = [each for each in block["elements"] if not str(each.get("action_id")).endswith(NOT_FOR_ALL)]
            block = {**block, "elements": left}  # noqa: PLW2901 - the same without some buttons
        if block.get("elements") != []:
            kept.append(block)
    return kept
