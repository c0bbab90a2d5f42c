"""`portero pmta try REPLY FILE...`: what a config does with a reply of a server. Status 1 when no line catches it."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bot.console.process import BAD_NEWS, FINE, WRONG_USE
from bot.console.screen import say_json, say_text
from bot.settings import Settings
from bot.terminal.whole_files import add_files, lacks_files, whole_of
from commands.contract import UserError
from commands.pmta.language.config import Config
from commands.pmta.masking import Mask
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.wording import Words
from commands.pmta.replies.trial import tried
from commands.pmta.replies.wording import document, lines

EXAMPLES = """\
examples:
  portero pmta try "421 4.7.0 too many connections" /etc/pmta/config
  portero pmta try "451 4.7.650 rate limited (S775)" config --list blocking-errors
exit status: 0 a line catches it, 1 none does, 2 wrong usage
"""
SECONDS = 10
"""Patterns of a config may be made to take for ever."""


def add(subs: Any) -> None:
    trial = subs.add_parser(
        "pmta try",
        help="what a PowerMTA configuration does with a reply",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    trial.add_argument("reply", metavar="REPLY", nargs="?", help="what the server said, in quotes")
    add_files(trial)
    trial.add_argument("--list", metavar="NAME", default="", help="one <smtp-pattern-list> alone")
    trial.set_defaults(act=act)


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    if lacks_files(arguments):
        return WRONG_USE
    if not arguments.reply.strip():
        raise UserError("There is no reply.", 'portero pmta try "421 4.7.0 too many connections" /etc/pmta/config')
    text, origin = whole_of(arguments.files)
    stanzas = Stanzas(Config(text, complete=origin.is_complete))
    with _bounded():
        trial = tried(stanzas, arguments.reply, arguments.list.lower())
    if arguments.list and not trial.lists:
        raise UserError("There is no <smtp-pattern-list> of that name.", "Leave --list out to try all of them.")
    words = Words(text, origin, Mask(text))
    if arguments.format == "json":
        say_json(document(trial, words))
    else:
        say_text("\n".join(lines(trial, words)).rstrip("\n"))
    return FINE if trial.is_caught else BAD_NEWS


@contextmanager
def _bounded() -> Iterator[None]:
    """Raises UserError when matching takes too long."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise UserError(f"The patterns take more than {SECONDS} seconds.", "One of them goes back over the reply.")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
