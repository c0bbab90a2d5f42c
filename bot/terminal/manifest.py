"""`portero manifest`: the Slack app manifest, for Socket Mode or for HTTP."""

import argparse
from typing import Any
from urllib.parse import urlsplit

from bot.console.process import FINE
from bot.console.screen import say_text
from bot.settings import Settings
from commands.contract import UserError


def add(subs: Any) -> None:
    manifest = subs.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--mode", choices=("socket", "http"), default="socket")
    manifest.add_argument("--url", metavar="URL", help="where Slack reaches the bot in HTTP mode, https://...")
    manifest.add_argument("--no-agent", action="store_true", help="for a workspace whose plan has no agents")
    manifest.add_argument("--workflow", action="store_true", help="with the steps for Workflow Builder (paid plans)")
    manifest.set_defaults(act=_manifest)


def _manifest(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.slack.manifest import manifest, to_yaml  # noqa: PLC0415

    if (arguments.mode == "http") != bool(arguments.url):
        raise UserError(
            "--url goes with --mode http.", "portero manifest --mode http --url https://portero.example.com"
        )
    url = _public_url(arguments.url) if arguments.url else ""
    say_text(to_yaml(manifest(url, agent=not arguments.no_agent, workflow=arguments.workflow)).rstrip("\n"))
    return FINE


def _public_url(text: str) -> str:
    """Where Slack reaches the bot, without the path of the events. Raises `UserError`: Slack takes https alone."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise UserError(f"{text} is no https:// URL.", "portero manifest --mode http --url https://portero.example.com")
    return text.rstrip("/").removesuffix("/slack/events")
