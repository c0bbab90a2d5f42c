"""What an installation allows its watches, and the ports among it. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from commands.allowed_ports import DEFAULT_PORTS, refuse_port
from commands.watch.state.routes import Route

_PORT = re.compile(r"(\d{1,5})(?:/tcp)?", re.IGNORECASE)

LONGEST_INTERVAL = timedelta(days=7)
"""The shortest one is a setting (`Rules.shortest`)."""

MOST_RUNS = 10
"""Runs in a row that a watch may wait for before it alerts or recovers."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What this installation allows: the shortest interval, the ports, and how many watches a workspace may have.

    `routes` are the ways that alerts may take beside Slack; `missing` names those that the settings lack,
    `choices` the values that there are, of those whose values are not free.
    """

    shortest: timedelta = timedelta(minutes=1)
    ports: tuple[int, ...] = DEFAULT_PORTS
    most: int = 1000
    routes: tuple[Route, ...] = ()
    missing: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def offered(self) -> tuple[Route, ...]:
        """The routes that can be taken here."""
        return tuple(route for route in self.routes if route.name not in self.missing)

    def shown_of(self, taken: Collection[str]) -> tuple[Route, ...]:
        """Those, and what a watch has taken."""
        return tuple(route for route in self.routes if route in self.offered or route.name in taken)


def read_ports(words: Sequence[str], rules: Rules) -> tuple[tuple[int, ...], int]:
    """The ports that the words begin with, and how many words they took."""
    ports: list[int] = []
    for word in words:
        match = _PORT.fullmatch(word)
        if match is None:
            break
        port = int(match[1])
        refuse_port(port, rules.ports)
        ports.append(port)
    return tuple(dict.fromkeys(ports)), len(ports)
