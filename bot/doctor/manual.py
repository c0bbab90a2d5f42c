"""The table of docs/troubleshooting.md: what `portero doctor` says where not all is fine, and what to do. Pure."""

from collections.abc import Iterator

from bot.doctor.result.outcomes import OUTCOMES
from bot.doctor.view import MARKS, WORST
from commands.manual_text import named, row

HANDED_ON = {"{text}", "{error}", "{problem}."}
"""Sentences that come whole from elsewhere: of the history, the settings, the machines."""


def outcomes() -> Iterator[str]:
    """The bad ones first."""
    yield "| | It says | What to do |"
    yield "|---|---|---|"
    for state in WORST:
        for one in OUTCOMES.values():
            if one.state is state and one.says not in HANDED_ON:
                yield row(MARKS[state], named(one.says), named(one.todo))
