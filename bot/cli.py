"""The `portero` command: arguments, the subcommand of `bot.terminal`, exit status.

Exit status: 0 fine, 1 the answer is bad news, 2 wrong usage or input. Slack is imported only by what needs it.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from bot.settings import SettingsError, load
from bot.terminal import bot, check, history, pmta, port, watch
from bot.terminal.common import FINE, WRONG_USE, complain
from commands.contract import UserError

SUBCOMMANDS = (check, port, pmta, history, watch, bot)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    arguments = parser().parse_args(argv)
    try:
        settings = load(os.environ, for_slack=getattr(arguments, "for_slack", False))
        status = int(arguments.act(arguments, settings))
        sys.stdout.flush()  # a broken pipe shows here, not when the interpreter ends
    except SettingsError as error:
        complain("The settings are wrong:", *error.problems)
    except UserError as error:
        complain(error.message, error.hint)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    else:
        return status
    return WRONG_USE


class Version(argparse.Action):
    """`--version`. The version is looked up only then: metadata is slow to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        sys.stdout.write(f"portero {version('portero')}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="portero", description="Mind the SMTP ports: check, explain, remember.")
    top.add_argument("--version", action=Version, nargs=0, help="print the version")
    subs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for subcommand in SUBCOMMANDS:
        subcommand.add(subs)
    return top


if __name__ == "__main__":
    sys.exit(main())
