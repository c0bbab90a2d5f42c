"""The commands of the terminal with what they take, read off the parser: for completion and the manual page."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cli import parser


@dataclass(frozen=True, slots=True)
class Option:
    """`names` are empty for what is typed without one, such as a target; `value` is empty for a flag."""

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str

    @property
    def starts(self) -> tuple[str, ...]:
        """What it can begin with: one of its names, or where it has none one of its choices."""
        return self.names or self.choices


@dataclass(frozen=True, slots=True)
class Command:
    """`path` is what is typed behind `portero`: `vantage add`. `more` are the words that lead on to others."""

    path: str
    help: str
    options: tuple[Option, ...]
    more: tuple[str, ...]


def commands() -> list[Command]:
    """All of them in the order of the help; the first is `portero` itself."""
    found = list(_commands(parser(), "", ""))
    paths = [path for path, _, _ in found]
    return [Command(path, said, options, tuple(_next(path, paths))) for path, said, options in found]


def _commands(of: argparse.ArgumentParser, path: str, said: str) -> Iterator[tuple[str, str, tuple[Option, ...]]]:
    yield path, said, tuple(_options(of))
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {one.dest: one.help for one in action._choices_actions}
            for name, sub in action.choices.items():
                yield from _commands(sub, f"{path} {name}".strip(), helps.get(name) or "")


def _options(of: argparse.ArgumentParser) -> Iterator[Option]:
    for action in of._actions:
        if action.help != argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction):
            choices = tuple(map(str, action.choices or ()))
            value = "" if action.nargs == 0 else str(action.metavar or "|".join(choices) or action.dest.upper())
            yield Option(tuple(action.option_strings), value, choices, action.help or "")


def _next(path: str, paths: Sequence[str]) -> Iterator[str]:
    """The words that lead from a command to those right below it."""
    start = f"{path} ".lstrip()
    below = (other.removeprefix(start) for other in paths if other != path and other.startswith(start))
    yield from (word for word in below if " " not in word)
