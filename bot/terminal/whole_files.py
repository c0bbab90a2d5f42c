"""The files that a subcommand of `portero pmta` is given, as one configuration."""

import argparse
from collections.abc import Sequence

from bot.console.formats import add_formats
from bot.console.screen import say_text
from bot.terminal.included_files import Disk
from commands.contract import UserError
from commands.pmta.configuration.assembly import Assembled, UnreadError
from commands.pmta.whole import whole

FILES = "a config; several are one, with what they include; - is standard input"


def add_files(parser: argparse.ArgumentParser, about: str = FILES) -> None:
    parser.add_argument("files", metavar="FILE", nargs="*", help=about)
    add_formats(parser, "json")
    parser.set_defaults(help=parser.format_help)


def lacks_files(arguments: argparse.Namespace) -> bool:
    """Whether nothing, or too little, was typed: then the help is shown, in place of an answer."""
    if not arguments.files:
        say_text(arguments.help().rstrip("\n"), aside=True)
    return not arguments.files


def whole_of(names: Sequence[str]) -> Assembled:
    """Raises UserError for a file that cannot be read."""
    disk = Disk()
    for name in names:
        disk.given_text(name)
    return put_together(disk)


def put_together(disk: Disk) -> Assembled:
    """The files that were given, and what they include. Raises UserError for too many or too large ones."""
    try:
        return whole(list(disk.given), disk)
    except UnreadError as error:
        raise UserError(f"The files cannot be read together: {error}.", "Give fewer of them.") from error
