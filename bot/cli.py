"""The `portero` command: arguments, the subcommand of `bot.terminal`, exit status.

Exit status: 0 fine, 1 the answer is bad news, 2 wrong usage or input. Slack is imported only by what needs it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from bot.console.instead import of_terminal, what_to_do
from bot.console.process import FINE, TOO_FEW, WRONG_USE, is_shortage
from bot.console.screen import complain, one_line, say
from bot.console.streams import OutputError, discard_output, prepare_streams
from bot.settings import Found, Settings, SettingsError, examine
from commands.contract import UserError

SUBCOMMANDS = (
    "check",
    "port",
    "pmta",
    "pmta show",
    "pmta diff",
    "pmta try",
    "history",
    "log",
    "watch",
    "vantage",
    "worker",
    "run",
    "settings",
    "doctor",
    "demo",
    "manifest",
    "completion",
)
"""Each is a module of `bot.terminal`, in the order of the help; of two words, one named with `_`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    typed = sys.argv[1:] if argv is None else argv
    prepare_streams()
    try:
        status = run(parsed(typed), typed)
        sys.stdout.flush()  # a broken pipe and a full disk show here, not when the interpreter ends
    except BrokenPipeError:
        discard_output()
        return FINE
    except OutputError as error:
        discard_output()
        complain(str(error))
        return WRONG_USE
    return status


def parsed(typed: Sequence[str]) -> argparse.Namespace:
    """What was typed; ports and files may stand behind options, too, which argparse does not know."""
    if typed and typed[0] == "help":
        typed = [*typed[1:], "--help"]
    if " ".join(typed[:2]) in SUBCOMMANDS:
        typed = [" ".join(typed[:2]), *typed[2:]]
    top = parser(*typed[:1])
    if not typed:
        top.print_help()
        top.exit(WRONG_USE)
    if not typed[0].startswith("-") and typed[0] not in SUBCOMMANDS:
        top.error(f"there is no command {typed[0]!r}.{_meant(typed[0])} portero --help lists them.")
    arguments, rest = top.parse_known_args(typed)
    for name, fits in (("more", str.isdecimal), ("files", _is_file)):
        if rest and name in arguments and all(map(fits, rest)):
            setattr(arguments, name, [*getattr(arguments, name), *rest])
            return arguments
    if rest:
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    return arguments


ELSEWHERE = {
    **dict.fromkeys(("status", "health"), "doctor"),
    **dict.fromkeys(("backup", "prune", "forget", "delete", "rescue"), "history"),
    "logs": "log",
    "limits": "settings",
}
"""Words of what there is under another name, or in Slack alone."""


def _meant(word: str) -> str:
    from commands.words import nearest  # noqa: PLC0415 - only an error needs it

    near = ELSEWHERE.get(word) or nearest(word, SUBCOMMANDS)
    return f" Did you mean portero {near}?" if near else ""


def _is_file(word: str) -> bool:
    return word == "-" or not word.startswith("-")


def run(arguments: argparse.Namespace, typed: Sequence[str] = ()) -> int:
    """Run the subcommand that was parsed out of what was typed."""
    try:
        found = examine(os.environ)
        own = getattr(arguments, "own_settings", False)
        return int(arguments.act(arguments, found if own else settings_for(arguments, found)))
    except SettingsError as error:
        complain("The settings are wrong:", *error.problems)
    except UserError as error:
        _offer_hosts(error)
        complain(*_without_secrets(" ".join(typed), of_terminal(error.message), *what_to_do(error, typed)))
    except OSError as error:
        if not is_shortage(error):
            raise
        complain(TOO_FEW.message, TOO_FEW.hint)
    except KeyboardInterrupt:
        return 130
    return WRONG_USE


def settings_for(arguments: argparse.Namespace, found: Found) -> Settings:
    """The settings for a command. To the bot a name that is none is a problem; others mention what is misspelt."""
    for_slack = getattr(arguments, "for_slack", False)
    if problems := found.problems(for_slack=for_slack):
        raise SettingsError(problems)
    for stray in found.strays:
        if stray.meant:
            complain(str(stray))
    return found.settings


def _offer_hosts(error: UserError) -> None:
    from bot.provider_hosts import offering_hosts  # noqa: PLC0415 - only an error needs it

    offering_hosts(error)


def _without_secrets(typed: str, *said: str) -> list[str]:
    """What is wrong repeats some of what was typed, and may go to a log of whoever runs the command."""
    from commands.secrets.free_text import without_secrets  # noqa: PLC0415 - only an error needs it

    return [without_secrets(typed, words) for words in said]


def _masked(message: str) -> str:
    from commands.secrets.masking import masked  # noqa: PLC0415 - only an error needs it

    return masked(message)


class Version(argparse.Action):
    """`--version`. The version is looked up only then: metadata is slow to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        say(f"portero {version('portero')}")
        parser.exit()


class Parser(argparse.ArgumentParser):
    """What it does not know it repeats: as it may be shown."""

    def error(self, message: str) -> NoReturn:
        super().error(one_line(_masked(message)))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        sys.stdout.flush()  # the help, too, is written or is said not to be
        super().exit(status, message)


def parser(command: str = "") -> argparse.ArgumentParser:
    """Of all commands, or of one alone: loading what the others need would take longer than most answers."""
    top = Parser(prog="portero", description="Mind the SMTP ports: check, explain, remember.")
    top.add_argument("--version", action=Version, nargs=0, help="print the version")
    subs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in [command] if command in SUBCOMMANDS else SUBCOMMANDS:
        import_module(f"bot.terminal.{module.replace(' ', '_')}").add(subs)
    return top


if __name__ == "__main__":
    sys.exit(main())
