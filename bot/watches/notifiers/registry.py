"""The notifiers that there are beside Slack's. A new one is a file here and a line in `KINDS`."""

from collections.abc import Sequence

from bot.watches.notifiers.alertmanager import ALERTMANAGER
from bot.watches.notifiers.apprise import APPRISE
from bot.watches.notifiers.failures import Noting
from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.mail import MAIL
from bot.watches.notifiers.pagerduty import PAGERDUTY
from bot.watches.notifiers.teams import TEAMS
from bot.watches.notifiers.webhook import WEBHOOK
from commands.watch.state.notifier import Notifier
from commands.watch.state.routes import Route
from storage.watches import Watches

KINDS: tuple[NotifierKind, ...] = (MAIL, WEBHOOK, TEAMS, PAGERDUTY, ALERTMANAGER, APPRISE)


def routes_of(kinds: Sequence[NotifierKind] = KINDS) -> tuple[Route, ...]:
    return tuple(kind.route for kind in kinds)


def missing_in(settings: Settings, kinds: Sequence[NotifierKind] = KINDS) -> frozenset[str]:
    """The routes that these settings lack something for."""
    return frozenset(kind.route.name for kind in kinds if not kind.is_set_up(settings))


def choices_in(settings: Settings, kinds: Sequence[NotifierKind] = KINDS) -> dict[str, frozenset[str]]:
    """The values that these settings know, of routes whose values are not free."""
    return {kind.route.name: kind.choices(settings) for kind in kinds if kind.choices is not None}


def made_of(setup: Setup, watches: Watches, kinds: Sequence[NotifierKind] = KINDS) -> tuple[Notifier, ...]:
    """The notifiers of these settings."""
    ready = [kind for kind in kinds if kind.is_set_up(setup.settings)]
    return tuple(Noting(kind.make(setup), watches, setup.now) for kind in ready)
