"""`portero completion`: what a shell needs to complete Portero's commands, their options and the values of these."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from bot.console.process import FINE
from bot.console.screen import say_text
from bot.settings import Found

Table: TypeAlias = Mapping[str, Sequence[str]]
"""A command, or a command with an option behind it, and the words that may come next; none: the name of a file."""


def add(subs: Any) -> None:
    completion = subs.add_parser("completion", help="print what your shell needs to complete commands")
    completion.add_argument("shell", choices=tuple(SHELLS), help="put it where that shell looks: see docs/commands.md")
    completion.set_defaults(act=_completion, own_settings=True)


def _completion(arguments: argparse.Namespace, _found: Found) -> int:
    from bot.terminal.command_tree import commands  # noqa: PLC0415 - it loads every subcommand

    every = commands()
    words = {one.path: [*one.more, *(word for option in one.options for word in option.starts)] for one in every}
    values = {
        f"{one.path} {name}": option.choices
        for one in every
        for option in one.options
        for name in option.names
        if option.value
    }
    say_text(SHELLS[arguments.shell](words, values))
    return FINE


BASH = """\
_portero() {{
    local at= word words= last="${{COMP_WORDS[COMP_CWORD-1]}}"
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$at $word" in
            {known}) at="${{at:+$at }}$word" ;;
        esac
    done
    case "$at" in
{words}
    esac
    case "$at $last" in
{values}
    esac
    COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _portero portero"""

ZSH = """\
#compdef portero
_portero() {{
    local at= word words_= last="${{words[CURRENT-1]}}"
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        case "$at $word" in
            ({known}) at="${{at:+$at }}$word" ;;
        esac
    done
    case "$at" in
{words}
    esac
    case "$at $last" in
{values}
    esac
    compadd -- ${{=words_}}
    _files
}}
compdef _portero portero"""

FISH = """\
function __portero_path
    set -l at ''
    for word in (commandline -opc)[2..]
        contains -- "$at $word" {known}; and set at (string trim -- "$at $word")
    end
    echo "$at"
end
function __portero_last
    test (__portero_path) = "$argv[1]"; and test (commandline -opc)[-1] = "$argv[2]"
end
function __portero_at
    test (__portero_path) = "$argv[1]"; and not contains -- "$argv[1] "(commandline -opc)[-1] {behind}
end
{words}
{values}"""


def _bash(words: Table, values: Table) -> str:
    return BASH.format(known="|".join(_known(words)), words=_arms(words, "words"), values=_arms(values, "words"))


def _zsh(words: Table, values: Table) -> str:
    return ZSH.format(known="|".join(_known(words)), words=_arms(words, "words_"), values=_arms(values, "words_"))


def _fish(words: Table, values: Table) -> str:
    lines = (
        f"complete -c portero {'' if at else '-f '}-n \"__portero_at '{at}'\" -a '{' '.join(them)}'"
        for at, them in words.items()
    )
    return FISH.format(
        known=" ".join(_known(words)),
        behind=" ".join(f"'{behind}'" for behind in values),
        words="\n".join(lines),
        values="\n".join(_after(values)),
    )


def _after(values: Table) -> Iterator[str]:
    for behind, them in values.items():
        at, _, option = behind.rpartition(" ")
        files = f"-x -a '{' '.join(them)}'" if them else "-F"
        yield f"complete -c portero -n \"__portero_last '{at}' {option}\" {files}"


def _known(words: Table) -> list[str]:
    """The commands, as the word before and the word itself: `' check'`, `'vantage add'`."""
    return [f"'{path if ' ' in path else f' {path}'}'" for path in words if path]


def _arms(table: Table, variable: str) -> str:
    return "\n".join(f"        '{at}') {variable}='{' '.join(them)}' ;;" for at, them in table.items())


SHELLS: Mapping[str, Callable[[Table, Table], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
