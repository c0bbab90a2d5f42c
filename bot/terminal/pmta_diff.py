"""`portero pmta diff OLD NEW`: two configurations compared by meaning. Status 1 when something opens."""

import argparse
from typing import Any

from bot.console.process import BAD_NEWS, FINE, WRONG_USE
from bot.console.screen import say_json, say_text
from bot.settings import Settings
from bot.terminal.whole_files import add_files, lacks_files, whole_of
from commands.contract import UserError
from commands.pmta.comparison.compare import compared, listing
from commands.pmta.comparison.side import Side
from commands.pmta.configuration.assembly import Assembled
from commands.pmta.masking import Mask

EXAMPLES = """\
examples:
  portero pmta diff /etc/pmta/config.old /etc/pmta/config        each with what it includes
  git show HEAD:pmta/config | portero pmta diff - pmta/config    what a reload would change
exit status: 0 nothing opens, 1 something lets more people in than before, 2 wrong usage
"""
SIDES = 2


def add(subs: Any) -> None:
    diff = subs.add_parser(
        "pmta diff",
        help="compare two PowerMTA configurations by meaning",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_files(diff, "the old configuration, then the new one; - is standard input")
    diff.set_defaults(act=act)


def _read(name: str) -> Assembled:
    return whole_of([name])


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    if lacks_files(arguments):
        return WRONG_USE
    if len(arguments.files) != SIDES:
        raise UserError("Two configurations are compared: the old one and the new one.", "portero pmta diff OLD NEW")
    old, new = (Side(*one, Mask(one.text)) for one in map(_read, arguments.files))
    found = compared(old, new)
    if arguments.format == "json":
        say_json(found.to_json())
    else:
        say_text("\n".join(listing(found)))
    return BAD_NEWS if found.opens else FINE
