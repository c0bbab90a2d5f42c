"""What a terminal says of an error that knows what was meant: commands that can be pasted."""

import re
import shlex
from collections.abc import Mapping, Sequence

from commands.contract import UserError

SUBCOMMANDS: Mapping[str, str] = {
    "smtpcheck": "check",
    "smtpport": "port",
    "smtphistory": "history",
    "smtpwatch": "watch",
    "pmta": "pmta",
}
"""By the command of Slack, how it is called here."""

_COMMAND = re.compile(rf"(?<!\w)/({'|'.join(SUBCOMMANDS)})(?![\w/])")


def of_terminal(text: str) -> str:
    """What is typed in Slack, as it is typed here."""
    return _COMMAND.sub(lambda found: f"portero {SUBCOMMANDS[found[1]]}", text)


def what_to_do(error: UserError, typed: Sequence[str]) -> list[str]:
    """Below the message: the lines that were probably meant by what was typed, else the hint."""
    subcommand, words = " ".join(typed[:1]), " ".join(typed[1:])
    return [pasted(subcommand, line) for line in error.lines(words)] or [of_terminal(error.hint)]


def pasted(subcommand: str, line: str) -> str:
    """A line as a shell takes it. `/smtphistory ...` is another subcommand; pasted configs have an option for this."""
    another = _COMMAND.match(line)
    if another:
        subcommand, line = SUBCOMMANDS[another[1]], line[another.end() :]
    words = line.split()
    if subcommand == "pmta" and words[:1] == ["explain"]:
        words[0] = "--explain"
    return " ".join(["portero", subcommand, *map(shlex.quote, words)])
