"""`portero check`: what `/smtpcheck` does, in the terminal."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.ids import new_id
from bot.settings import Settings
from bot.terminal.common import BAD_NEWS, FINE, complain, run_loop
from commands.contract import Actor, Request, UserError


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
    check.add_argument(
        "--deep", action="store_true", help="also TLS versions, the other address family, late greetings"
    )
    check.add_argument("--network", action="store_true", help="which ports this machine's network lets out")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    check.add_argument("--transcript", action="store_true", help="print what was said as well")
    check.add_argument("--record", metavar="FILE", help="save what was seen, for a bug report")
    check.add_argument("--replay", metavar="FILE", help="judge a saved check anew; nothing is connected to")
    check.add_argument("--no-history", action="store_true", help="do not write the result to the history")
    check.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.smtpcheck.arguments import parse_arguments  # noqa: PLC0415 - see the module's docstring

    if arguments.network:
        return run_loop(_network(settings))
    if arguments.replay:
        return _replayed(arguments)
    words = [arguments.target, *arguments.more, *map(str, arguments.port), *(["deep"] if arguments.deep else [])]
    wanted = parse_arguments(" ".join(words), settings.ports, flags=("deep",))
    if wanted is None:
        raise UserError("Which host?", "portero check mail.example.com")
    return run_loop(checked(wanted, arguments, settings))


async def _network(settings: Settings) -> int:
    from bot.services import make_prober  # noqa: PLC0415
    from commands.smtpcheck import network  # noqa: PLC0415

    found = await network.examine(make_prober(settings).control, settings.ports)
    print(network.headline(found))
    for port, state, hosts in network.rows(found):
        print(f"  {port:>5}  {state}  ({hosts})")
    return BAD_NEWS if any(port.state == "blocked" for port in found) else FINE


def _replayed(arguments: argparse.Namespace) -> int:
    from bot.advice import advised  # noqa: PLC0415
    from commands.smtpcheck.document import to_document  # noqa: PLC0415
    from commands.smtpcheck.replay import replay  # noqa: PLC0415
    from commands.smtpcheck.trust import TrustStore  # noqa: PLC0415

    try:
        saved = json.loads(Path(arguments.replay).read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"{arguments.replay} cannot be read: {error}", "portero check --replay FILE") from error
    check = replay(saved, store=TrustStore.from_system(), recommend=advised)
    return _answer(check, to_document(check), arguments)


def _save(check: Any, name: str, store: Any) -> None:
    from commands.smtpcheck.replay import save  # noqa: PLC0415

    try:
        Path(name).write_text(json.dumps(save(check, store=store), indent=1), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{name} cannot be written: {error.strerror}.") from error


async def checked(wanted: Any, arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.services import make_prober, utc_now  # noqa: PLC0415
    from commands.smtpcheck.document import to_document  # noqa: PLC0415

    prober = make_prober(settings)
    try:
        check = await prober.check(
            wanted.target,
            wanted.ports or settings.ports,
            check_id=new_id(utc_now()),
            heard=_tell if sys.stderr.isatty() else _keep_quiet,
            deep="deep" in wanted.flags,
        )
    finally:
        await prober.close()
    document = to_document(check)
    request = Request("smtpcheck", Actor(os.environ.get("USER", "")), check.facts.started_at, surface="terminal")
    if not arguments.no_history:
        await _keep(check, document, request, settings)
    if arguments.record:
        _save(check, arguments.record, prober.store)
    return _answer(check, document, arguments)


def _tell(news: Any) -> None:
    """Say on the terminal what a deep check is at; it takes a while."""
    from commands.smtpcheck.deep_view import aim  # noqa: PLC0415
    from commands.smtpcheck.session import Endpoint  # noqa: PLC0415

    if isinstance(news, Endpoint):
        complain(f"{aim(news)} …")


def _keep_quiet(_news: Any) -> None:
    """Nobody watches."""


def _answer(check: Any, document: dict[str, Any], arguments: argparse.Namespace) -> int:
    from commands.smtpcheck.view import GOOD  # noqa: PLC0415

    _print(document, arguments)
    return FINE if check.verdict in GOOD else BAD_NEWS


async def _keep(check: Any, document: dict[str, Any], request: Request, settings: Settings) -> None:
    from commands.smtpcheck.entry import to_entry, to_readings  # noqa: PLC0415
    from storage.interface import StorageError  # noqa: PLC0415
    from storage.sqlite import open_history  # noqa: PLC0415

    try:
        history = await open_history(settings.database)
        try:
            await history.add(to_entry(check, document, request), to_readings(check))
        finally:
            await history.close()
    except StorageError as error:
        complain(f"Not logged: {error}")


def _print(document: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from rich.console import Console  # noqa: PLC0415

    from commands.smtpcheck.terminal import show  # noqa: PLC0415

    show(document, Console(highlight=False), transcripts=arguments.transcript)
