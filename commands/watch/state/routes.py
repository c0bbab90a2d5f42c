"""The ways that alerts take beside Slack: how each is typed, filled in, checked and shown. Pure.

A watch maps names of routes to what was typed behind them: `{"mail": ("ops@example.com",)}`. Nothing here knows which
routes there are: a notifier comes with its `Route` (`bot/watches/notifiers`), and `Rules.routes` holds those of an
installation. Words, dialogues, cards, rows and deliveries follow from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

SLACK = "slack"
"""The route that every watch has: its channel."""

OFF = frozenset({"none", "nobody", "off"})
"""What is typed behind the name of a route to end it."""

Value: TypeAlias = tuple[str, ...]
Routes: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Route:
    """A way of alerts.

    `name` is the word that is typed, the key in `Watch.routes`, in rows and in the outbox, and the field of the
    dialogue, which `label` names. `example` is what may stand behind the name. `read` takes the words behind the name
    and says what they mean and how many it took (`UserError` for what is no value). `shown` is a line of the card, as
    mrkdwn. `not_set_up` and `remedy` are told where the settings lack what it needs.
    """

    name: str
    label: str
    example: str
    read: Callable[[Sequence[str]], tuple[Value, int]]
    shown: Callable[[Value], str]
    not_set_up: str
    remedy: str


def with_routes(before: Routes, said: Routes) -> dict[str, Value]:
    """The routes of a watch after some were said; what is empty is none."""
    return {name: value for name, value in {**before, **said}.items() if value}


def lines_of(routes: Routes, known: Iterable[Route]) -> list[str]:
    """What a card says of the routes of a watch, as mrkdwn; those that this version does not know are left out."""
    return [route.shown(routes[route.name]) for route in known if routes.get(route.name)]
