"""How `portero check` answers: as text or as JSON, and by its exit status."""

import argparse
import json
from typing import Any

from bot.terminal.common import BAD_NEWS, FINE


def answer(document: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Print the result of a check; the exit status that it means."""
    from commands.smtpcheck.view.message import GOOD  # noqa: PLC0415

    _print(document, arguments)
    return FINE if document["verdict"] in GOOD else BAD_NEWS


def network_answer(document: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Print what was seen of our own network; the exit status that it means."""
    from commands.smtpcheck.network import view  # noqa: PLC0415

    if arguments.json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print(
            "\n".join(
                [
                    document["summary"],
                    *(f"  {port:>5}  {state}  ({hosts})" for port, state, hosts in view.rows(document)),
                ]
            )
        )
    return FINE if view.is_good(document) else BAD_NEWS


def _print(document: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from rich.console import Console  # noqa: PLC0415

    from commands.smtpcheck.view.terminal import show  # noqa: PLC0415

    show(document, Console(highlight=False), transcripts=arguments.transcript)
