"""What is answered to who adds a watch that there is: its card, or what would change, which a button does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commands.blocks import button
from commands.contract import Reply
from commands.times import shown
from commands.watch.state.model import Watch
from commands.watch.state.routes import Route
from commands.watch.view import listing as view
from commands.watch.view.card import card
from commands.watch.view.wording import name_of, somebody

WATCHED_ALREADY = ":information_source: That is watched already, in the same channel:"

AS_TYPED: Mapping[str, Callable[[Any], str]] = {
    "every": lambda length: f"every {shown(length)}",
    "notify": lambda who: f"notify @{who}" if who else "notify nobody",
    "then": lambda second: f"then @{second.notify} after {shown(second.after)}" if second else "then nobody",
    "runbook": lambda url: f"runbook {url or 'none'}",
    "fail_after": lambda runs: f"after {runs} failures",
    "recover_after": lambda runs: f"recover after {runs}",
    "tags": lambda tags: f"tags {' '.join(tags) or 'none'}",
}
"""By what may be said of a new watch how it is typed behind `edit`."""

SAID: Mapping[str, Callable[[Any], str]] = {
    **AS_TYPED,
    "notify": lambda who: f"its alerts mention {somebody(who) if who else 'nobody'}",
    "then": lambda second: f"then {somebody(second.notify)}" if second else "then nobody",
}
LABELED: Mapping[str, Callable[[Any], str]] = {
    **AS_TYPED,
    "notify": lambda who: "mention them" if who else "mention nobody",
    "then": lambda second: "then them" if second else "then nobody",
}
"""The same where no mention can be shown."""


def watched_already(said: Mapping[str, Any], twin: Watch, at: datetime, routes: tuple[Route, ...]) -> Reply:
    """`said`: what was asked for, by the names of the fields of a watch."""
    wanted = {name: _of(name, said[name], twin) for name in AS_TYPED if name in said}
    new = {name: value for name, value in wanted.items() if value != getattr(twin, name)}
    if not new:
        return card(twin, at, routes, WATCHED_ALREADY)
    how = ", ".join(SAID[name](getattr(twin, name)) for name in new)
    would = ", ".join(SAID[name](value) for name, value in new.items())
    line = " ".join(AS_TYPED[name](value) for name, value in new.items())
    text = (
        f":information_source: *{name_of(twin)}* is watched already, in the same channel: {how}. "
        f"Nothing is changed yet. Shall it be: {would}?"
    )
    label = ", ".join(LABELED[name](value) for name, value in new.items())
    return view.said(
        text,
        button(f"{label[:1].upper()}{label[1:]}", "smtpwatch.instead", f"edit {twin.id} {line}"),
        button("Its watch", "smtpwatch.instead", f"show {twin.id}"),
        good=False,
    )


def _of(name: str, value: Any, twin: Watch) -> Any:
    """Tags are added to those that there are."""
    return tuple(sorted({*twin.tags, *value})) if name == "tags" else value
