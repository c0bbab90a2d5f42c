"""What a notifier comes with: its route, what it needs of the settings, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commands.smtpcheck.probe.prober import Prober
from commands.watch.state.notifier import Notifier
from commands.watch.state.routes import Route


class Settings(Protocol):
    """What notifiers read of the settings; the type checker compares it with `bot.settings`."""

    @property
    def mail_relay(self) -> tuple[str, int] | None: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mail_user(self) -> str: ...
    @property
    def mail_password(self) -> str: ...
    @property
    def webhook_secret(self) -> str: ...
    @property
    def pagerduty_key(self) -> str: ...
    @property
    def pagerduty_url(self) -> str: ...
    @property
    def alertmanager_url(self) -> str: ...
    @property
    def teams(self) -> bool: ...
    @property
    def apprise(self) -> Mapping[str, str]: ...
    @property
    def nameservers(self) -> tuple[tuple[str, int], ...]: ...


@dataclass(frozen=True)
class Setup:
    """What notifiers are made of. `prober` has guard, trust store and EHLO name of checks; `now` is the wall clock."""

    settings: Settings
    prober: Prober
    now: Callable[[], datetime]


@dataclass(frozen=True)
class NotifierKind:
    """One file and one line in `registry`. `is_set_up` says whether the settings hold what `make` needs.

    `choices` are the values that there are, where they are not free.
    """

    route: Route
    is_set_up: Callable[[Settings], bool]
    make: Callable[[Setup], Notifier]
    choices: Callable[[Settings], frozenset[str]] | None = None
