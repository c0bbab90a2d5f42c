"""How `portero check` answers: as text or as JSON, and by its exit status."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import coloured, harmless, say, say_json


@dataclass(frozen=True, slots=True)
class Roots:
    """By whose trusted roots the certificates of a saved check were judged, in JSON and in words."""

    whose: str
    words: str


def roots_used(in_record: Sequence[bytes] | None, *, trusted: bool) -> Roots:
    """`in_record` are the roots that the file brings, None where it has no list of them."""
    if in_record is not None and trusted:
        return Roots("record", f"Certificates are judged by the record's roots alone ({len(in_record)}): you trust it.")
    if not in_record:
        return Roots("this machine", "Certificates are judged by this machine's roots; the record brings none.")
    said = f"Certificates are judged by this machine's roots; the record's ({len(in_record)})"
    return Roots("this machine", f"{said} do not count without --trust-record.")


def answer(document: dict[str, Any], arguments: argparse.Namespace, *, roots: Roots | None = None) -> int:
    """Print the result of a check; the exit status that it means. `roots`: of a saved check, which is judged anew."""
    from commands.smtpcheck.view.message import GOOD  # noqa: PLC0415

    is_json = arguments.format == "json"
    if roots is not None and is_json:
        document = {**document, "roots": roots.whose}
    _print(document, arguments)
    if roots is not None and not is_json:
        say(roots.words)
    return FINE if document["verdict"] in GOOD else BAD_NEWS


def network_answer(document: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Print what was seen of our own network; the exit status that it means."""
    from commands.smtpcheck.network import view  # noqa: PLC0415
    from commands.smtpcheck.result.sentences.choice import summary_of, with_words  # noqa: PLC0415

    if arguments.format == "json":
        say_json(with_words(document))
    else:
        ports = (f"  {port:>5}  {state}  ({hosts})" for port, state, hosts in view.rows(document))
        say(summary_of(document), *ports)
    return FINE if view.is_good(document) else BAD_NEWS


def _print(document: dict[str, Any], arguments: argparse.Namespace) -> None:
    from commands.smtpcheck.result.sentences.choice import with_words  # noqa: PLC0415

    if arguments.format == "json":
        say_json(with_words(document))
        return
    from commands.smtpcheck.view.terminal import show  # noqa: PLC0415

    show(harmless(document), coloured(), transcripts=arguments.transcript)
