"""The buttons of an error that knows what was meant: each does what would be typed instead."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from commands.blocks import Block, button
from commands.contract import Command, Request
from commands.secrets.masking import masked
from commands.slack_text import clean

ACTION = "instead"
"""The action of such a button, behind its command's name."""

MOST = 5
LONGEST = 1000
"""Characters of a line that a button carries: Slack takes 2,000, and nobody reads so long a label."""

_OF_ANOTHER = re.compile(r"/(?P<name>[a-z]+)(?:\s+(?P<text>.*))?", re.DOTALL)


def buttons(lines: Sequence[str], command: Command[Any], commands: Sequence[Command[Any]]) -> list[Block]:
    """One for each line that can be typed: behind this command, or with another one before it (`/smtphistory ...`).

    None for what may hold a secret: a button is read by the client.
    """
    known = {one.name: one for one in (*commands, command)}
    found: list[Block] = []
    for line in lines[:MOST]:
        another = _OF_ANOTHER.fullmatch(line)
        meant, text = (known.get(another["name"]), another["text"] or "") if another else (command, line)
        if meant is not None and len(text) <= LONGEST and masked(text) == text:
            found.append(button(clean(meant.label(text), 75), f"{meant.name}.{ACTION}", text or " "))
    return found


def retyped(request: Request) -> Request:
    """A press as if its line had been typed."""
    return replace(request, text=request.value.strip(), value="")
