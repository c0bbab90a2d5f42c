"""An answer to what somebody wrote: in messages, where it was written. There is no trigger, so no dialogue opens."""

from collections.abc import Sequence
from dataclasses import replace

from bot.slack.replies.answers import AnswerDelivery
from bot.slack.replies.error_messages import list_errors
from commands.blocks import Block, section
from commands.contract import FormErrors, Modal, Progress, Reply, Request, Step
from commands.slack_text import escape

SHARE = ".share"
"""What the action ids of *Share in channel* end in."""


class ConversationSurface:
    """Everybody in the channel reads what is not private; in direct messages (`direct`) there is nobody else."""

    def __init__(self, delivery: AnswerDelivery, request: Request, *, direct: bool) -> None:
        self._delivery = delivery
        self._request = request
        self._direct = direct

    async def open(self) -> Reply | None:
        return None

    async def deliver(self, step: Step) -> None:
        if isinstance(step, Progress):
            self._delivery.progress(replace(step, public=True))
        else:
            await self._delivery.reply(self._spoken(step))

    async def settle(self) -> None:
        await self._delivery.settle()

    def _spoken(self, step: Reply | Modal | FormErrors) -> Reply:
        if isinstance(step, FormErrors):
            step = list_errors(step)
        elif isinstance(step, Modal):
            step = needs_form(self._request) if step.submit else in_message(step)
        if self._direct:
            return replace(step, public=True)
        return step if step.private else replace(step, public=True, blocks=without_share(step.blocks))


def in_message(modal: Modal) -> Reply:
    """What a dialogue without a form says, as a message."""
    title = f"*{escape(modal.title)}*"
    return Reply(title, [section(title), *modal.blocks])


def needs_form(request: Request) -> Reply:
    """Slack opens a form for a command or a button, and for nothing that is written."""
    typed = escape(f"/{request.command} {request.text}".strip(), 300).replace("\n", " ")
    return Reply(f":memo: That has a form, which Slack opens for the command alone: type `{typed}`", good=False)


def without_share(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without *Share in channel*: it is read there already."""
    kept = []
    for block in blocks:
        if block["type"] == "actions":
            left = [each for each in block["elements"] if not str(each.get("action_id")).endswith(SHARE)]
            block = {**block, "elements": left}  # noqa: PLW2901 - the same without one button
        if block.get("elements") != []:
            kept.append(block)
    return kept
