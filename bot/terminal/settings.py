"""`portero settings`: what this installation runs with, where each value comes from, and what is wrong with it."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bot.console.formats import add_formats
from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import complain, say, say_json
from bot.setting_sources import Given, Source
from bot.setting_table import TABLE, Setting
from bot.settings import Found

COVERED = "(set, not shown)"
WIDE = 60
"""Characters of a value behind which where it comes from is not lined up any more."""

SAID: dict[Source, str] = {
    "default": "default",
    "environment": "environment",
    "file": "file {path}",
    "credential": "systemd credential {path}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as it is shown; `value` is empty for one that is not set and has no default."""

    name: str
    value: str
    source: Source
    path: str = ""


def add(subs: Any) -> None:
    settings = subs.add_parser("settings", help="print the settings, where each comes from, and what is wrong")
    add_formats(settings, "json")
    settings.set_defaults(act=act, own_settings=True)


def act(arguments: argparse.Namespace, found: Found) -> int:
    rows, problems = list(effective(found)), found.problems(for_slack=True)
    if arguments.format == "json":
        shown = [{**asdict(row), "path": row.path or None} for row in rows]
        say_json({"schema": "portero.settings/1", "settings": shown, "problems": problems})
    else:
        say(*lines(rows))
        if problems:
            complain("What is wrong, for `portero run`:", *problems)
    return BAD_NEWS if problems else FINE


def effective(found: Found) -> Iterator[Row]:
    """A row for each setting, as it applies: what is wrong has no effect."""
    for setting in TABLE:
        source = found.sources.get(setting.name, Given())
        yield Row(setting.name, _shown(setting, source, found), source.source, source.path)


def _shown(setting: Setting, source: Given, found: Found) -> str:
    if setting.field == "https_proxy":
        from bot.slack.client.proxy import Proxies  # noqa: PLC0415 - URLs take a while to import

        return Proxies(found.settings.https_proxy).place
    if setting.is_secret:
        return COVERED if source.value else ""
    if setting.field == "database":  # what stands there may begin with ~
        return found.settings.database
    return setting.of(source.value) or setting.default


def lines(rows: list[Row]) -> Iterator[str]:
    name = max(len(row.name) for row in rows)
    value = max(len(row.value) for row in rows if len(row.value) <= WIDE)
    for row in rows:
        yield f"{row.name:{name}}  {row.value or '-':{value}}  {SAID[row.source].format(path=row.path)}"
