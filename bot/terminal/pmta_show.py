"""`portero pmta show QUEUE FILE...`: what applies to a queue."""

import argparse
from typing import Any

from bot.console.process import FINE, WRONG_USE
from bot.console.screen import say_json, say_text
from bot.settings import Settings
from bot.terminal.whole_files import add_files, lacks_files, whole_of
from commands.pmta.language.config import Config
from commands.pmta.masking import Mask
from commands.pmta.queues.answer import answered
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.questions import asked
from commands.pmta.queues.wording import Words, document, lines

EXAMPLES = """\
examples:
  portero pmta show gmail.com/mta1 /etc/pmta/config      every setting of that queue, and what each beats
  portero pmta show gmail.com config vmtas.conf          outside VirtualMTAs; who has settings of its own
  portero pmta show mta1 /etc/pmta/config                the VirtualMTA, for any domain without its own settings
  portero pmta show example.com/mta1 config --mx aspmx.l.google.com     the rollup that this MX host leads to
"""


def add(subs: Any) -> None:
    show = subs.add_parser(
        "pmta show",
        help="what applies to a queue of PowerMTA",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    show.add_argument("queue", metavar="QUEUE", nargs="?", help="DOMAIN/VIRTUALMTA, DOMAIN or VIRTUALMTA")
    add_files(show)
    show.add_argument("--mx", metavar="HOST", default="", help="an MX host of the domain, by which rollups are chosen")
    show.set_defaults(act=act)


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    if lacks_files(arguments):
        return WRONG_USE
    text, origin = whole_of(arguments.files)
    stanzas = Stanzas(Config(text, complete=origin.is_complete))
    answer = answered(stanzas, asked(arguments.queue, stanzas), arguments.mx)
    words = Words(text, origin, Mask(text))
    if arguments.format == "json":
        say_json(document(answer, words))
    else:
        say_text("\n".join(lines(answer, words)).rstrip("\n"))
    return FINE
