"""What is answered to a sentence about something that can be done to a host: how it is, what comes of it, a button.

A row of `ANSWERS` for each name that `about_deeds` gives. Nothing is done by any of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services import Services
from bot.slack.conversation.orders.order_words import GROUPS
from commands.blocks import Block, actions, button, section
from commands.contract import Reply, Subject
from commands.plural import plural
from commands.slack_text import escape
from commands.times import shown
from commands.watch.handler import label
from commands.watch.state.actions import UNDO_WITHIN
from commands.watch.state.model import Watch
from commands.watch.verbs.lookup import visible
from commands.watch.view.condition import quiet
from commands.watch.view.wording import person


@dataclass(frozen=True, slots=True)
class _Deed:
    """`line` is what is typed behind `/smtpwatch`, of this host; `watches` look at it."""

    line: str
    host: str
    watches: Sequence[Watch]
    at: datetime

    @property
    def verb(self) -> str:
        return self.line.split()[0]


COMES: Mapping[str, str] = {
    "mute": "Muted, {host} is still checked and alerts nobody until the mute is over; what is bad then is told.",
    "snooze": "Snoozed, {host} is still checked; if it is bad when the snooze is over, it alerts again.",
    "pause": "Paused, {host} is not checked and alerts nobody until somebody resumes it: a pause has no end.",
    "unmute": "Then {host} is checked at once and alerts again; what broke meanwhile is told.",
    "unsnooze": "Then {host} is checked at once and alerts again; what broke meanwhile is told.",
    "resume": "Then {host} is checked at once and alerts again; what broke meanwhile is told.",
    "delete": "Deleted, {host} is not checked any more. What was seen is kept, and its watch can be brought back "
    "within {undo}. It asks before it deletes.",
    "tag": "A tag only groups watches: `list tag:prod`, `mute tag:prod 2h`.",
    "ack": "Its alert then says who looks after {host}, and nobody is reminded of it.",
}
"""What comes of it. mrkdwn."""

ENDS = {"mute": "unmute", "snooze": "unsnooze", "pause": "resume"}
NEITHER = "{host} is neither muted, snoozed nor paused: its watch alerts."


async def about(name: str, host: str, line: str, services: Services) -> Reply:
    """`name` is a key of `ANSWERS`, or `except` with a verb, an end or `-`, and the hosts that are left out."""
    watches, at = await visible(services), services.now()
    if name == "except":
        return _but(line.split(), watches)
    mine = [watch for watch in watches if watch.target == host]
    if not mine:
        return _not_watched(host)
    said, row = ANSWERS[name](_Deed(line, host, mine, at))
    return _said(said, [*row, button("Its watch", "smtpwatch.instead", f"show {host}")], host)


def _do(deed: _Deed) -> list[Block]:
    """The button that does it; which tag is for a sentence to say."""
    return [] if deed.verb == "tag" else [button(label(deed.line), "smtpwatch.instead", deed.line)]


def _yet(deed: _Deed) -> tuple[str, list[Block]]:
    return f"Nothing is done yet. {_state(deed)}", _do(deed)


def _done(deed: _Deed) -> tuple[str, list[Block]]:
    line = f"log {GROUPS.get(deed.verb, '')} {deed.host}".replace("  ", " ")
    return _state(deed), [button("Who changed what", "portero.instead", line)]


def _kept(deed: _Deed) -> tuple[str, list[Block]]:
    """What is so already can be ended."""
    ways = {"mute": "muted", "snooze": "snoozed", "pause": "paused"}
    is_so = deed.verb in ways and any(getattr(watch, ways[deed.verb]) for watch in deed.watches)
    line = f"{ENDS[deed.verb]} {deed.host}" if is_so else ""
    return f"Nothing is done. {_state(deed)}", [button(label(line), "smtpwatch.instead", line)] if line else []


def _comes(deed: _Deed) -> tuple[str, list[Block]]:
    return COMES[deed.verb].format(host=f"*{escape(deed.host)}*", undo=shown(UNDO_WITHIN)), _do(deed)


ANSWERS: Mapping[str, Callable[[_Deed], tuple[str, list[Block]]]] = {
    "deed": _yet,
    "done": _done,
    "kept": _kept,
    "comes": _comes,
}


def _state(deed: _Deed) -> str:
    """How it is with what was spoken of."""
    host, incident = f"*{escape(deed.host)}*", deed.watches[0].state.incident
    if deed.verb == "delete":
        return f"{host} is watched."
    if deed.verb == "tag":
        tags = ", ".join(f"`{tag}`" for tag in sorted({tag for watch in deed.watches for tag in watch.tags}))
        return f"{host}: {tags}." if tags else f"{host} has no tags."
    if deed.verb == "ack":
        return (
            f":eyes: {person(incident.acked_by)} acknowledged {host}."
            if incident and incident.acked_by
            else NOBODY.format(host=host)
        )
    kept = "; ".join(dict.fromkeys(words for watch in deed.watches if (words := quiet(watch, deed.at))))
    return f"{host}: {kept}." if kept else NEITHER.format(host=host)


NOBODY = "Nobody has acknowledged {host}."


def _not_watched(host: str) -> Reply:
    row = [
        button(f"Watch {host}", "smtpwatch.instead", f"add {host}"),
        button(f"Check {host}", "smtpcheck.check", host),
    ]
    return _said(f"Nothing is done: nothing watches *{escape(host)}* here.", row, host)


def _but(words: Sequence[str], watches: Sequence[Watch]) -> Reply:
    """All but some: the others by their names, as far as they are few."""
    verb, end, *left_out = words
    others = list(dict.fromkeys(watch.target for watch in watches if watch.target not in left_out))
    listed = button("What is watched", "smtpwatch.instead", "list all")
    but = ", ".join(f"*{escape(host)}*" for host in left_out)
    if not others:
        return _said(f"Nothing is done: nothing else is watched than {but}.", [listed], left_out[0])
    if len(others) > MOST:
        asks = f"Nothing is done: without {but} these are {plural(len(others), 'host')}. Name them, or give them a tag."
        return _said(asks, [listed], left_out[0])
    if verb == "delete":
        row = [button(label(f"delete {one}"), "smtpwatch.instead", f"delete {one}") for one in others]
        return _said(f"Nothing is done yet. Each watch is deleted by itself. All but {but}?", row, left_out[0])
    line = f"{verb} {' '.join(others)} {'' if end == '-' else end}".strip()
    return _said(
        f"Nothing is done yet. All but {but}?", [button(label(line), "smtpwatch.instead", line), listed], left_out[0]
    )


MOST = 5
"""Hosts that a button names."""


def _said(said: str, row: Sequence[Block], host: str) -> Reply:
    return Reply(said, [section(said), actions(*row)], good=False, subject=Subject("smtpwatch", (host,)))
