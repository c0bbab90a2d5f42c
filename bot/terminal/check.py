"""`portero check`: what `/smtpcheck` does, in the terminal."""

import argparse
from collections.abc import Sequence
from typing import Any

from bot.console.files import read_input
from bot.console.formats import add_formats
from bot.console.process import positive, run_loop
from bot.settings import Settings
from bot.terminal.check_answer import answer, roots_used
from bot.terminal.demo import DEMO
from commands.contract import UserError
from commands.slack_text import clean

REPLAY = "portero check --replay FILE"
FILE = "portero check --file hosts.txt"
OF_FILES = ("jsonl", "csv")
"""Formats of several results."""

AT_ONCE = 4
NO_HOST = "hosts.invalid"
"""Before the words that hold for every host of a file (RFC 2606 section 2)."""


def add(subs: Any) -> None:
    check = subs.add_parser("check", help="check the SMTP ports of a host, as /smtpcheck does")
    check.add_argument(
        "target",
        metavar="TARGET",
        nargs="?",
        default="",
        help="host name, domain, address, host:port or e-mail address",
    )
    check.add_argument("more", metavar="PORT", nargs="*", help="ports, as in Slack")
    check.add_argument("--port", type=int, action="append", default=[], metavar="N", help="a port; may be repeated")
    check.add_argument("--deep", action="store_true", help="also TLS versions, late greetings")
    check.add_argument("--network", action="store_true", help="which ports this machine's network lets out")
    check.add_argument(
        "--from",
        metavar="VANTAGE",
        dest="vantage",
        default="",
        help="check from another machine: NAME, NAME/ADDRESS (from that address of it), or all; needs the history",
    )
    add_formats(check, "json", *OF_FILES)
    check.add_argument(
        "--file",
        metavar="FILE",
        help="check the hosts of a file (- for standard input): a line has what stands behind /smtpcheck; # a comment",
    )
    check.add_argument(
        "--output",
        metavar="FILE",
        help="with --file: append results as JSON lines; the same command goes on where it was stopped",
    )
    check.add_argument(
        "--at-once",
        type=positive,
        default=AT_ONCE,
        metavar="N",
        help=f"with --file: so many checks at once ({AT_ONCE})",
    )
    check.add_argument("--transcript", action="store_true", help="print what was said as well")
    check.add_argument("--record", metavar="FILE", help="save what was seen, for a bug report")
    check.add_argument("--replay", metavar="FILE", help="judge a saved check anew; nothing is connected to")
    check.add_argument(
        "--trust-record",
        action="store_true",
        help="with --replay: judge certificates by the roots in the file, which whoever wrote it has chosen",
    )
    check.add_argument("--no-history", action="store_true", help="do without the history: neither read nor written")
    check.add_argument("--demo", action="store_true", help="check a made-up host of the demo, and keep nothing")
    check.add_argument("--again", action="store_true", help="connect although a port refused us a while ago")
    check.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.trust_record and arguments.replay is None:
        raise UserError("--trust-record goes with --replay.", REPLAY)
    if arguments.replay is not None:
        _refuse_other_questions(arguments)
        return _replayed(arguments)
    if arguments.demo and (stray := _given(arguments, "file", "network") or ["--from"] * bool(arguments.vantage)):
        raise UserError(f"{stray[0]} does not go with --demo, which checks one made-up host.", DEMO)
    words = [arguments.target, *arguments.more, *map(str, arguments.port), *(["deep"] if arguments.deep else [])]
    words += ["from", arguments.vantage] if arguments.vantage else []
    if arguments.file is not None:
        return _of_file(words, arguments, settings)
    if arguments.output or arguments.format in OF_FILES:
        raise UserError(f"{'--output' if arguments.output else arguments.format} goes with --file.", FILE)
    from bot.terminal.check_run import checked, looked_at_network  # noqa: PLC0415 - a replay needs none of it
    from commands.smtpcheck.arguments import parse_arguments, parse_network  # noqa: PLC0415

    ours = parse_network(" ".join([*(["network"] if arguments.network else []), *words]), settings.ports)
    if ours is not None:
        return run_loop(looked_at_network(ours, arguments, settings))
    wanted = parse_arguments(" ".join(words), settings.ports, flags=("deep",))
    if wanted is None:
        raise UserError("Which host?", DEMO if arguments.demo else "portero check mail.example.com")
    return run_loop(checked(wanted, arguments, settings))


def _of_file(words: Sequence[str], arguments: argparse.Namespace, settings: Settings) -> int:
    """What is typed beside the file holds for every line that says nothing else of it. Raises `UserError`."""
    from bot.terminal.check_file import checked_file  # noqa: PLC0415 - few ask for it
    from commands.smtpcheck.arguments import parse_several  # noqa: PLC0415

    if stray := _given(arguments, "network", "record", "transcript"):
        raise UserError(f"{stray[0]} is for one host.", FILE)
    if arguments.output and arguments.format != "text":
        raise UserError(f"--output has JSON lines, and a table is printed: leave {arguments.format} out.", FILE)
    default, *more = parse_several(" ".join([NO_HOST, *words]), settings.ports, flags=("deep",))
    if more:
        raise UserError(f"The file names the hosts: leave {more[0].target.name} out.", FILE)
    return run_loop(checked_file(default, arguments, settings), fast=False)


def _given(arguments: argparse.Namespace, *names: str) -> list[str]:
    return [f"--{name}" for name in names if getattr(arguments, name)]


def _refuse_other_questions(arguments: argparse.Namespace) -> None:
    """What a saved check was of stands in it; raises `UserError` for what would be overlooked."""
    options = _given(arguments, "port", "deep", "network", "record", "again", "file", "output", "demo")
    options += ["--from"] if arguments.vantage else []
    if stray := [*filter(None, [arguments.target, *arguments.more]), *options]:
        raise UserError(f"--replay looks at the file alone: leave out {clean(' '.join(stray), 200)}.", REPLAY)


def _replayed(arguments: argparse.Namespace) -> int:
    """Judge a file anew, and say whose roots its certificates were judged by."""
    from commands.smtpcheck.probe.replay import replay  # noqa: PLC0415
    from commands.smtpcheck.record_file.reader import MOST_BYTES, read_record  # noqa: PLC0415
    from commands.smtpcheck.record_file.shapes import RecordError  # noqa: PLC0415
    from commands.smtpcheck.stored.document import to_document  # noqa: PLC0415
    from commands.smtpcheck.tls.trust import TrustStore  # noqa: PLC0415

    content = read_input(arguments.replay, MOST_BYTES, REPLAY)
    try:
        saved = read_record(content)
        store = TrustStore.from_system()
        check = replay(saved, store=store, trust_record=arguments.trust_record)
    except RecordError as error:
        raise UserError(f"{arguments.replay}: {error.message}", error.hint) from error
    return answer(to_document(check), arguments, roots=roots_used(saved.roots, trusted=arguments.trust_record))
