"""`portero run`, `demo` and `manifest`."""

import argparse
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from bot.console.process import FINE, run_loop
from bot.console.screen import PIPED_WIDTH, coloured, say_text
from bot.observability.log import set_up, shown
from bot.settings import APP_TOKEN_PAGE, BOT_TOKEN_PAGE, Settings
from commands.contract import UserError


def add(subs: Any) -> None:
    run = subs.add_parser("run", help="run the bot")
    run.set_defaults(act=_run, for_slack=True)
    demo = subs.add_parser("demo", help="the bot on a local Slack and lab hosts, without credentials")
    demo.add_argument("--tour", action="store_true", help="a fixed tour instead of a prompt")
    demo.set_defaults(act=_demo)
    manifest = subs.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--mode", choices=("socket", "http"), default="socket")
    manifest.add_argument("--url", metavar="URL", help="where Slack reaches the bot in HTTP mode, https://...")
    manifest.set_defaults(act=_manifest)


def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    set_up()
    os.environ.pop("SLACK_BOT_TOKEN", None)  # Bolt reads it by itself and then warns that it was given a client
    return run_loop(_serve(settings))


async def _serve(settings: Settings) -> int:
    from aiohttp import ClientError  # noqa: PLC0415
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415

    from bot.operations.run import serve  # noqa: PLC0415
    from bot.services import open_services  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    try:
        async with open_services(settings) as services:
            await serve(settings, services)
    except StorageError as error:
        raise UserError(str(error)) from error
    except SlackApiError as error:
        raise UserError(*_refused(error)) from error
    except ClientError as error:
        raise UserError(shown(f"Slack cannot be reached: {error}"), f"It was tried at {settings.api_url}.") from error
    except OSError as error:
        raise UserError(f"{error}", "Is PORTERO_PORT in use?") from error
    return FINE


def _refused(error: Any) -> tuple[str, str]:
    """Which token Slack refuses, by the method that did, and where the right one stands."""
    from bot.slack.client.errors import code_of  # noqa: PLC0415

    code = code_of(error)
    if code.startswith("HTTP"):
        return f"That is not Slack: it answers {code}.", f"It was tried at {error.response.api_url}."
    socket = "apps.connections" in str(error.response.api_url)
    name, page = ("SLACK_APP_TOKEN", APP_TOKEN_PAGE) if socket else ("SLACK_BOT_TOKEN", BOT_TOKEN_PAGE)
    return f"Slack refuses {name}: {code}.", f"Compare it with {page}."


def _demo(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.demo.prompt import prompt  # noqa: PLC0415
    from bot.demo.tour import tour  # noqa: PLC0415

    console = coloured(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    act = tour if arguments.tour or not sys.stdin.isatty() else prompt
    return run_loop(act(console))


def _manifest(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.slack.manifest import manifest, to_yaml  # noqa: PLC0415

    if (arguments.mode == "http") != bool(arguments.url):
        raise UserError(
            "--url goes with --mode http.", "portero manifest --mode http --url https://portero.example.com"
        )
    url = _public_url(arguments.url) if arguments.url else ""
    say_text(to_yaml(manifest(url)).rstrip("\n"))
    return FINE


def _public_url(text: str) -> str:
    """Where Slack reaches the bot, without the path of the events. Raises `UserError`: Slack takes https alone."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise UserError(f"{text} is no https:// URL.", "portero manifest --mode http --url https://portero.example.com")
    return text.rstrip("/").removesuffix("/slack/events")
