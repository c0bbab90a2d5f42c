"""What came of a text: a command and what stands behind it, or what is answered in the conversation itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """What would have been typed: `/<command> <text>`, with the text as Slack sent it.

    `ordered`: it is an order and nothing else, where a mere sentence may only tell something. With `action` it is what
    a button of that command does with this `value`.
    """

    command: str
    text: str = ""
    ordered: bool = False
    action: str = ""
    value: str = ""


WHICH_HOST, WHICH_OUTLOOK, NOT_SENDING, WHAT_TO_DO = "which host", "which outlook", "not sending", "what to do"
PLAIN, OFFER, CHOICE = "plain question", "offer", "choice"
"""What is answered in the conversation itself."""
