"""What a notifier comes with: its route, what it needs of the settings, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Settings
from commands.smtpcheck.probe.prober import Prober
from commands.watch.state.notifier import Notifier
from commands.watch.state.routes import Route


@dataclass(frozen=True)
class Setup:
    """What notifiers are made of. `prober` has the guard and the trust store of checks; `now` is the wall clock."""

    settings: Settings
    prober: Prober
    now: Callable[[], datetime]


@dataclass(frozen=True)
class NotifierKind:
    """One file and one line in `registry`. `is_set_up` says whether the settings hold what `make` needs."""

    route: Route
    is_set_up: Callable[[Settings], bool]
    make: Callable[[Setup], Notifier]
