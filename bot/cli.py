"""The `portero` command. Reads top to bottom: arguments, one function per subcommand, exit status.

Exit status: 0 fine, 1 the answer is bad news, 2 wrong usage or input. Slack is imported only by what needs it.
"""

import argparse
import asyncio
import csv
import json
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TextIO

from bot.settings import Settings, SettingsError, load, slack_problems
from commands.contract import Actor, Request, UserError

FINE, BAD_NEWS, WRONG_USE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    arguments = parser().parse_args(argv)
    try:
        settings = load(os.environ)
        return int(arguments.act(arguments, settings))
    except SettingsError as error:
        _complain("The settings are wrong:", *error.problems)
    except UserError as error:
        _complain(error.message, error.hint)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    return WRONG_USE


def _complain(*lines: str) -> None:
    print(*(line for line in lines if line), sep="\n  ", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="portero", description="Mind the SMTP ports: check, explain, remember.")
    subs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_check(subs)
    _add_history(subs)
    _add_run(subs)
    return top


def _add_check(subs: Any) -> None:
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
    check.add_argument("--network", action="store_true", help="which ports this machine's network lets out")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    check.add_argument("--transcript", action="store_true", help="print what was said as well")
    check.add_argument("--no-history", action="store_true", help="do not write the result to the history")
    check.set_defaults(act=_check)


def _add_history(subs: Any) -> None:
    history = subs.add_parser("history", help="list what was checked")
    history.add_argument("target", metavar="TARGET", nargs="?", help="only this target")
    history.add_argument("--limit", type=_positive, default=20, metavar="N", help="how many, newest first (20)")
    history.add_argument("--format", choices=("text", "json", "csv"), default="text")
    history.set_defaults(act=_history)


def _add_run(subs: Any) -> None:
    run = subs.add_parser("run", help="run the bot")
    run.set_defaults(act=_run)
    demo = subs.add_parser("demo", help="the bot on a local Slack and lab hosts, without credentials")
    demo.add_argument("--tour", action="store_true", help="a fixed tour instead of a prompt")
    demo.set_defaults(act=_demo)
    manifest = subs.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--mode", choices=("socket", "http"), default="socket")
    manifest.add_argument("--url", metavar="URL", help="where Slack reaches the bot in HTTP mode, https://...")
    manifest.set_defaults(act=_manifest)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


# --- check ------------------------------------------------------------------------------------------------------------


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.smtpcheck.arguments import parse_arguments  # noqa: PLC0415 - see the module's docstring

    if arguments.network:
        return _run_loop(_network(settings))
    words = [arguments.target, *arguments.more, *map(str, arguments.port)]
    wanted = parse_arguments(" ".join(words), settings.ports, flags=())
    if wanted is None:
        raise UserError("Which host?", "portero check mail.example.com")
    return _run_loop(_checked(wanted, arguments, settings))


async def _network(settings: Settings) -> int:
    from bot.services import make_prober  # noqa: PLC0415
    from commands.smtpcheck import network  # noqa: PLC0415

    found = await network.examine(make_prober(settings).control, settings.ports)
    print(network.headline(found))
    for port, state, hosts in network.rows(found):
        print(f"  {port:>5}  {state}  ({hosts})")
    return BAD_NEWS if any(port.state == "blocked" for port in found) else FINE


async def _checked(wanted: Any, arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.services import make_prober, new_id, utc_now  # noqa: PLC0415
    from commands.smtpcheck.document import to_document  # noqa: PLC0415
    from commands.smtpcheck.view import GOOD  # noqa: PLC0415

    prober = make_prober(settings)
    try:
        check = await prober.check(wanted.target, wanted.ports or settings.ports, check_id=new_id(utc_now()))
    finally:
        await prober.close()
    document = to_document(check)
    request = Request("smtpcheck", Actor(os.environ.get("USER", "")), check.started_at, surface="terminal")
    if not arguments.no_history:
        await _keep(check, document, request, settings)
    _print_check(document, arguments)
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
        _complain(f"Not logged: {error}")


def _print_check(document: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from rich.console import Console  # noqa: PLC0415

    from commands.smtpcheck.terminal import show  # noqa: PLC0415

    show(document, Console(highlight=False), transcripts=arguments.transcript)


# --- history ----------------------------------------------------------------------------------------------------------


def _history(arguments: argparse.Namespace, settings: Settings) -> int:
    return _run_loop(_listed(arguments, settings))


async def _listed(arguments: argparse.Namespace, settings: Settings) -> int:
    from storage.interface import StorageError  # noqa: PLC0415
    from storage.sqlite import open_history  # noqa: PLC0415

    if not os.path.exists(settings.database):  # noqa: ASYNC240, PTH110 - once, before anything else runs
        raise UserError(f"There is no history yet at {settings.database}.", "Set PORTERO_DATABASE, or check something.")
    try:
        history = await open_history(settings.database)
        try:
            entries = await history.recent(target=arguments.target, limit=arguments.limit)
        finally:
            await history.close()
    except StorageError as error:
        raise UserError(str(error)) from error
    WRITERS[arguments.format](entries, sys.stdout)
    return FINE


def _as_text(entries: Sequence[Any], out: TextIO) -> None:
    for entry in entries:
        who = f" by {entry.actor}" if entry.actor else ""
        print(f"{entry.started_at:%Y-%m-%d %H:%M:%S}Z  {entry.verdict:12} {entry.target}{who}", file=out)
        print(f"    {entry.summary}", file=out)


def _as_json(entries: Sequence[Any], out: TextIO) -> None:
    for entry in entries:
        print(json.dumps(entry.document, ensure_ascii=False), file=out)


def _as_csv(entries: Sequence[Any], out: TextIO) -> None:
    writer = csv.writer(out)
    writer.writerow(CSV_FIELDS)
    for entry in entries:
        writer.writerow([csv_cell(str(getattr(entry, field))) for field in CSV_FIELDS])


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


CSV_FIELDS = ("started_at", "kind", "target", "verdict", "summary", "elapsed_ms", "vantage", "actor", "channel", "id")
WRITERS: dict[str, Callable[[Sequence[Any], TextIO], None]] = {"text": _as_text, "json": _as_json, "csv": _as_csv}


# --- the bot ----------------------------------------------------------------------------------------------------------


def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    problems = slack_problems(settings)
    if problems:
        raise SettingsError(problems)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return _run_loop(_serve(settings))


async def _serve(settings: Settings) -> int:
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415

    from bot.services import open_services  # noqa: PLC0415
    from bot.transports import serve  # noqa: PLC0415
    from storage.interface import StorageError  # noqa: PLC0415

    try:
        async with open_services(settings) as services:
            await serve(settings, services)
    except StorageError as error:
        raise UserError(str(error)) from error
    except SlackApiError as error:
        code = error.response.get("error", "")
        raise UserError(f"Slack refuses the token: {code}.", "Compare SLACK_BOT_TOKEN with the app's page.") from error
    except OSError as error:
        raise UserError(f"{error}", "Is PORTERO_PORT in use, or SLACK_API_URL out of reach?") from error
    return FINE


def _demo(arguments: argparse.Namespace, _settings: Settings) -> int:
    from rich.console import Console  # noqa: PLC0415

    from bot import demo  # noqa: PLC0415

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    act = demo.tour if arguments.tour or not sys.stdin.isatty() else demo.prompt
    return _run_loop(act(console))


def _manifest(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.manifest import manifest, to_yaml  # noqa: PLC0415

    if (arguments.mode == "http") != bool(arguments.url):
        raise UserError(
            "--url goes with --mode http.", "portero manifest --mode http --url https://portero.example.com"
        )
    print(to_yaml(manifest(arguments.url or "")), end="")
    return FINE


def _run_loop(main_task: Coroutine[Any, Any, int]) -> int:
    """On uvloop where it installs: half the CPU of a probe."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.run(main_task)
    return uvloop.run(main_task)


if __name__ == "__main__":
    sys.exit(main())
