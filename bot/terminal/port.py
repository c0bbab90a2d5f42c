"""`portero port`: which port to use, and why."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.console.files import is_piped, read_input
from bot.console.formats import add_formats
from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import say, say_json, say_text
from bot.settings import Settings
from commands.contract import UserError

if TYPE_CHECKING:
    from commands.smtpport.answer import Advice
    from commands.smtpport.question.asked import Question

MOST_PIPED = 1024 * 1024
"""Bytes that may come in by a pipe."""


def add(subs: Any) -> None:
    port = subs.add_parser("port", help="which SMTP port to use, and why, as /smtpport does")
    port.add_argument(
        "question",
        metavar="QUESTION",
        nargs="*",
        help="in your own words: sparkpost from google cloud; - or a pipe: what is pasted",
    )
    port.add_argument("--for", dest="app", metavar="APP", help="what to put into an app: django, rails, powermta")
    port.add_argument(
        "--or", dest="reading", metavar="N", type=int, help='answer the N-th "Or" of the answer in place of the first'
    )
    port.add_argument("--why", action="store_true", help="all reasons, the host's login and the sources")
    add_formats(port, "json")
    port.set_defaults(act=act)


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    from commands.smtpport.advise import advise  # noqa: PLC0415 - the catalogue is loaded only for a question
    from commands.smtpport.document import document, lines_for  # noqa: PLC0415
    from commands.smtpport.frameworks.names import framework_named  # noqa: PLC0415
    from commands.smtpport.text import full, headline, of_lines, printed, unknown_framework  # noqa: PLC0415

    app = framework_named(arguments.app) if arguments.app is not None else None
    if arguments.app is not None and app is None:
        raise unknown_framework(arguments.app)
    asked = _question(_typed(arguments.question))
    advice = advise(replace(asked, software=app.key) if app else asked)
    if arguments.reading is not None:
        advice = advise(_chosen(advice, arguments.reading))
    today = datetime.now(tz=UTC).date().isoformat()
    answer = document(advice, today)
    if arguments.format == "json":
        say_json(answer)
    elif app:
        say_text("\n".join([(full if arguments.why else headline)(answer), of_lines(lines_for(advice, app, today))]))
    else:
        say_text((full if arguments.why else printed)(answer))
    return FINE if answer["recommended"] else BAD_NEWS


def _chosen(advice: "Advice", place: int) -> "Question":
    """The question in the reading that stands at a place among those of its answer, counted from 1."""
    from commands.smtpport.choices import choices, chosen  # noqa: PLC0415 - as above

    offered = choices(advice)
    if not 0 < place <= len(offered):
        raise UserError("The answer has no such reading.", 'Ask without --or first, and count its lines with "Or".')
    return chosen(advice.question, offered[place - 1])


def _typed(words: Sequence[str]) -> str:
    """The question; what comes in by a pipe or from a file where there is none, or `-`."""
    if list(words) != ["-"] and (words or not is_piped()):
        return " ".join(words)
    return read_input("-", MOST_PIPED, "portero port 535 5.7.8 from smtp.example.com:587").decode("utf-8", "replace")


def _question(typed: str) -> "Question":
    """The question, or what is missing. `UserError` where there is none in it."""
    from commands.secrets.masking import masked  # noqa: PLC0415
    from commands.smtpport.question.reader import MOST_TEXT, discreet, read  # noqa: PLC0415 - as above
    from commands.smtpport.text import refusal  # noqa: PLC0415

    if len(typed) > MOST_TEXT:
        say(f"Only the first {MOST_TEXT:,} characters are read: paste the lines around the error.", aside=True)
    typed = typed[:MOST_TEXT]
    question = discreet(read(typed), typed)
    if error := refusal(masked(typed), question):
        raise error
    return question
