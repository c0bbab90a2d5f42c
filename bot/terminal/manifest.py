"""`portero manifest`: the Slack app manifest, for Socket Mode or for HTTP."""

import argparse
from typing import Any
from urllib.parse import urlsplit

from bot.console.formats import add_formats
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
    manifest.add_argument("--link", action="store_true", help="a link that creates the app from it")
    add_formats(manifest, "json")
    manifest.add_argument("--source", help=argparse.SUPPRESS)  # Slack's CLI names the folder of the project
    manifest.set_defaults(act=_manifest)


def _manifest(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.slack import manifest as made  # noqa: PLC0415

    if (arguments.mode == "http") != bool(arguments.url):
        raise UserError(
            "--url goes with --mode http.", "portero manifest --mode http --url https://portero.example.com"
        )
    if arguments.link and arguments.workflow:
        raise UserError(
            "With the steps of workflows the manifest is too long for a link.",
            "Paste what portero manifest --workflow prints: Create New App > From a manifest",
        )
    url = _public_url(arguments.url) if arguments.url else ""
    manifest = made.manifest(url, agent=not arguments.no_agent, workflow=arguments.workflow)
    written = {"text": made.to_yaml, "json": made.to_json}[arguments.format]
    write = made.to_link if arguments.link else written
    say_text(write(manifest).rstrip("\n"))
    return FINE


def _public_url(text: str) -> str:
    """Where Slack reaches the bot, without the path of the events. Raises `UserError`: Slack takes https alone."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise UserError(
            f"{text} is not an https:// URL.", "portero manifest --mode http --url https://portero.example.com"
        )
    return text.rstrip("/").removesuffix("/slack/events")
