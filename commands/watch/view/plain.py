"""Mrkdwn as plain text, for mail and terminals: what Slack would draw becomes words. Pure."""

import re

from commands.slack_text import undo

_DATE = re.compile(r"<!date\^\d+\^[^|<>]*\|([^<>]*)>")
_MENTION = re.compile(r"<([#@])([A-Z0-9]+)(?:\|[^<>]*)?>")
_ICON = re.compile(r":[a-z_]+: ?")
_BOLD = re.compile(r"\*([^*\n]+)\*")


def plain(text: str) -> str:
    """The text without icons and emphasis; times in UTC, people and channels by their ids."""
    text = _DATE.sub(r"\1", text)
    text = _MENTION.sub(r"\1\2", text)
    text = _BOLD.sub(r"\1", _ICON.sub("", text))
    return undo(text)
