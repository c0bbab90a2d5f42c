"""The settings: one frozen value, read from the environment once, with every problem reported at once.

`bot.setting_table` is the single source of their names.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from bot.observability.log_format import LogFormat
from bot.setting_sources import Given, SourceError, Stray, given, secret_given, strays
from bot.setting_table import APP_TOKEN_PAGE, BOT_TOKEN_PAGE, FILES, KNOWN, SECRETS, SIGNING_PAGE, TABLE
from bot.setting_values import PAGERDUTY, SLACK_API
from commands.allowed_ports import DEFAULT_PORTS

DATABASE = str(Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "portero" / "portero.db")


class SettingsError(Exception):
    """Settings that are missing, wrong or contradict each other: all of them, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program runs with. Secrets do not show in its repr."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    config_token: str = ""
    api_url: str = SLACK_API
    https_proxy: str = ""
    no_proxy: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    database: str = DATABASE
    ehlo_name: str = ""
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    deny_hosts: str = ""
    ports: tuple[int, ...] = DEFAULT_PORTS
    nameservers: tuple[tuple[str, int], ...] = ()
    trust_ad: bool = False
    control_hosts: str = ""
    keep_configs: bool = False
    admins: frozenset[str] = frozenset()
    allow_guests: bool = False
    allow_teams: frozenset[str] = frozenset()
    retention_days: int = 0
    watches_max: int = 1000
    watches_every_min: timedelta = timedelta(minutes=1)
    mail_relay: tuple[str, int] | None = None
    mail_from: str = ""
    mail_user: str = ""
    mail_password: str = ""
    webhook_secret: str = ""
    teams: bool = False
    pagerduty_key: str = ""
    pagerduty_url: str = PAGERDUTY
    alertmanager_url: str = ""
    apprise: Mapping[str, str] = field(default_factory=dict)
    probe_token: str = ""
    nats: str = ""
    nats_listen: tuple[str, int] = ("127.0.0.1", 4222)
    log_level: str = "info"
    log_format: LogFormat = "text"
    vantages_allow: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        shown = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in SECRETS}
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    @property
    def secrets(self) -> frozenset[str]:
        """What must not be written anywhere."""
        values = (getattr(self, name) for name in SECRETS)
        texts = (value.values() if isinstance(value, Mapping) else (value,) for value in values)
        return frozenset(text for each in texts for text in each) - {""}

    @property
    def socket_mode(self) -> bool:
        return bool(self.app_token)

    @property
    def mode(self) -> str:
        """How Slack reaches the bot, for people."""
        return "Socket Mode" if self.socket_mode else "HTTP"


@dataclass(frozen=True, slots=True)
class Found:
    """The settings as far as they can be read, where each that is set comes from, and what is wrong with it.

    `wrong` and `unread` are problems by the name of the setting: values that are none; and what concerns the bot alone,
    secrets that cannot be had and what other programs read too.
    """

    settings: Settings
    sources: Mapping[str, Given]
    wrong: Mapping[str, str]
    unread: Mapping[str, str]
    strays: Sequence[Stray]

    def problems(self, *, for_slack: bool) -> list[str]:
        """All of them, a line each; `for_slack` also what only the bot needs, or would miss."""
        both = {**self.wrong, **self.unread}
        half = _half_set(self.settings, both)
        if not for_slack:
            return [*self.wrong.values(), *half]
        return [*both.values(), *map(str, self.strays), *_missing(self.settings, both), *half]


def examine(environ: Mapping[str, str]) -> Found:
    """Read everything; what is wrong keeps its default."""
    values: dict[str, Any] = {}
    sources: dict[str, Given] = {}
    wrong: dict[str, str] = {}
    unread: dict[str, str] = {}
    for setting in TABLE:
        try:
            found = (secret_given if setting.is_secret else given)(setting.name, environ)
            for name in setting.also:
                found = found if found.value else given(name, environ)
            if raw := setting.of(found.value):
                values[setting.field] = setting.read(raw)
                sources[setting.name] = found
        except SourceError as error:
            unread[setting.name] = str(error)
        except ValueError as error:
            (unread if setting.foreign else wrong)[setting.name] = f"{setting.name}: {error}"
    return Found(Settings(**values), sources, wrong, unread, strays(environ, KNOWN | FILES))


def load(environ: Mapping[str, str], *, for_slack: bool = False) -> Settings:
    """Read the settings; raises SettingsError with every problem at once.

    `for_slack`: for the bot, to which also names that are none are a problem, and what is missing.
    """
    found = examine(environ)
    problems = found.problems(for_slack=for_slack)
    if problems:
        raise SettingsError(problems)
    return found.settings


def _half_set(settings: Settings, wrong: Collection[str]) -> list[str]:
    """What goes together: a relay and a sender, a login and its password."""
    if any(name.startswith("PORTERO_MAIL_") for name in wrong):
        return []
    problems = []
    if bool(settings.mail_relay) != bool(settings.mail_from):
        problems.append("PORTERO_MAIL_RELAY and PORTERO_MAIL_FROM: alerts by mail need both")
    if bool(settings.mail_user) != bool(settings.mail_password):
        problems.append("PORTERO_MAIL_USER and PORTERO_MAIL_PASSWORD: a login needs both")
    return problems


def _missing(settings: Settings, wrong: Collection[str]) -> list[str]:
    """What Slack needs and is not set, each with the page of the app's settings that has it."""
    problems = []
    if not settings.bot_token and "SLACK_BOT_TOKEN" not in wrong:
        problems.append(f"SLACK_BOT_TOKEN is missing: {BOT_TOKEN_PAGE}")
    if not settings.app_token and not settings.signing_secret and "SLACK_APP_TOKEN" not in wrong:
        problems.append(
            f"Neither SLACK_APP_TOKEN (Socket Mode: {APP_TOKEN_PAGE}) nor SLACK_SIGNING_SECRET "
            f"(HTTP: {SIGNING_PAGE}) is set: one of them is needed"
        )
    return problems
