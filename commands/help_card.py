"""What every command answers to `help`: what it is for, how it is typed, and lines that can be pasted."""

from typing import Any

from commands.blocks import Block, actions, section
from commands.contract import Command, Reply, usage_line
from commands.slack_text import code_span, escape, in_code

HELP = frozenset({"help", "ayuda", "-h", "--help", "?", "/?", "usage"})


def help_card(command: Command[Any], about: str, *buttons: Block) -> Reply:
    """`about` (mrkdwn) says what the usage line cannot; the buttons do the same without a line."""
    head = "\n".join([f"*/{command.name}* {escape(command.summary)}", code_span(usage_line(command)), about])
    lines = [f"• `/{command.name} {in_code(example.text)}` {escape(example.meaning)}" for example in command.examples]
    examples = "\n".join(lines)
    blocks = [section(head), section(examples), *([actions(*buttons)] if buttons else [])]
    return Reply(f"{head}\n{examples}", blocks)
