"""Which watches are meant by `tag:prod`, `down`, `*.example.com`, `mine`, `all`, `#channel` or several names. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from commands.natural_order import natural
from commands.watch.state.condition import condition_of
from commands.watch.state.model import Watch

TAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
MOST_TAGS = 10
"""Of one target."""

STANDINGS: Mapping[str, Callable[[Watch, datetime], bool]] = {
    "down": lambda watch, _at: condition_of(watch).standing == "down",
    "unseen": lambda watch, _at: condition_of(watch).standing == "unseen",
    "healthy": lambda watch, _at: condition_of(watch).standing == "healthy",
    "quiet": lambda watch, at: bool(condition_of(watch, at).quieted),
    "paused": lambda watch, at: condition_of(watch, at).quieted == "paused",
    "muted": lambda watch, at: condition_of(watch, at).quieted == "muted",
    "snoozed": lambda watch, at: condition_of(watch, at).quieted == "snoozed",
}
"""By the word that asks for it."""


@dataclass(frozen=True, slots=True)
class Selector:
    """`scope` is `mine`, `all`, `here` or a channel's id; empty: all, or what is nearest where nothing else is said.

    `standing` is a word of `STANDINGS`, `pattern` a target with `*`. A watch has to fit everything. `named` are targets
    and ids that were typed one behind the other: then nothing else is said, and each of them is found by its name.
    """

    scope: str = ""
    standing: str = ""
    tags: tuple[str, ...] = ()
    pattern: str = ""
    named: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether more than a scope is said."""
        return bool(self.standing or self.tags or self.pattern or self.named)

    @property
    def text(self) -> str:
        """As it is typed."""
        scope = f"#{self.scope}" if self.scope[:1] in {"C", "G"} else self.scope
        tags = (f"tag:{tag}" for tag in self.tags)
        return " ".join(filter(None, (scope, self.standing, *tags, self.pattern, *self.named)))


def selected(selector: Selector, watches: Iterable[Watch], user: str, channel: str, at: datetime) -> list[Watch]:
    """Those that fit, mx2 before mx10."""
    fitting = [watch for watch in watches if _fits(selector, watch, user, channel, at)]
    return sorted(fitting, key=lambda watch: (natural(watch.target), watch.id))


def _fits(selector: Selector, watch: Watch, user: str, channel: str, at: datetime) -> bool:
    scope = channel if selector.scope == "here" else selector.scope
    in_scope = {"": True, "all": True, "mine": watch.owner == user}.get(scope, watch.channel == scope)
    stands = not selector.standing or STANDINGS[selector.standing](watch, at)
    named = not selector.named or not {watch.id, watch.target}.isdisjoint(selector.named)
    named = named and (not selector.pattern or fnmatchcase(watch.target, selector.pattern))
    return in_scope and stands and named and set(selector.tags) <= set(watch.tags)
