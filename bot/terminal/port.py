"""`portero port`: which port to use, and why."""

import argparse
from typing import Any

from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import say_json, say_text
from bot.settings import Settings


def add(subs: Any) -> None:
    port = subs.add_parser("port", help="which SMTP port to use, and why, as /smtpport does")
    port.add_argument("question", metavar="QUESTION", nargs="*", help="in your own words: sparkpost from google cloud")
    port.add_argument("--json", action="store_true", help="print the answer as JSON")
    port.set_defaults(act=act)


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    from commands.secrets.masking import masked  # noqa: PLC0415
    from commands.smtpport.advise import advise  # noqa: PLC0415 - the catalogue is loaded only for a question
    from commands.smtpport.document import document  # noqa: PLC0415
    from commands.smtpport.question.reader import MOST_TEXT, discreet, read  # noqa: PLC0415
    from commands.smtpport.text import full, refusal  # noqa: PLC0415

    typed = " ".join(arguments.question)[:MOST_TEXT]
    question = discreet(read(typed), typed)
    if error := refusal(masked(typed), question):
        raise error
    answer = document(advise(question))
    if arguments.json:
        say_json(answer)
    else:
        say_text(full(answer))
    return FINE if answer["recommended"] else BAD_NEWS
