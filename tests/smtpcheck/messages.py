"""What stands in messages, and what Slack parses of it."""

import re

MENTION = re.compile(r"<(?:!(?!date\^)|@(?!U1>)|#|https?:|mailto:)")
"""Markup that no server may bring about; `<@U1>` is the one user of the tests."""


def strings(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def mrkdwn(blocks):
    """What Slack parses: the texts of mrkdwn objects."""
    if isinstance(blocks, dict):
        if blocks.get("type") == "mrkdwn":
            yield blocks["text"]
        for inner in blocks.values():
            yield from mrkdwn(inner)
    elif isinstance(blocks, list | tuple):
        for inner in blocks:
            yield from mrkdwn(inner)
