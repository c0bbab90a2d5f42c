"""What somebody wrote, as a command and the text behind it. Pure, deterministic, and total: no text raises."""

from dataclasses import dataclass

from commands.contract import UserError
from commands.smtpcheck.arguments import parse_arguments

EVERY_PORT = range(1, 65536)
"""Which ports may be checked is for the command to say."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What would have been typed: `/<command> <text>`, with the text as Slack sent it."""

    command: str
    text: str


def understand(text: str) -> Understood | None:
    """The command that was meant, or None where nothing tells."""
    return Understood("smtpcheck", text) if _is_check(text) else None


def _is_check(text: str) -> bool:
    try:
        return parse_arguments(text, EVERY_PORT) is not None
    except UserError:
        return False
