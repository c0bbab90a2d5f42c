"""What every command answers to `help`: what it is for, how it is typed, and lines that can be pasted."""

from collections.abc import Sequence
from typing import Any

from commands.blocks import Block, section
from commands.contract import Command, Reply, usage_line
from commands.slack_text import code_span, escape, in_code

HELP = frozenset({"help", "ayuda", "-h", "--help", "?", "/?", "usage"})


def help_card(command: Command[Any], about: str, more: Sequence[Block] = ()) -> Reply:
    """`about` (mrkdwn) says what the usage line cannot; `more` are blocks below."""
    lines = [f"`/{command.name} {in_code(example.text)}`  {escape(example.meaning)}" for example in command.examples]
    head = [f"*/{command.name}* {escape(command.summary)}", code_span(usage_line(command)), about]
    text = "\n".join(filter(None, [*head, *lines]))
    return Reply(text, [section(text), *more])
