"""One watch as a card: its state, its settings, and what can be done with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.blocks import Block, actions, button, section
from commands.contract import Reply
from commands.plural import by_count
from commands.slack_text import code_span, escape
from commands.times import WEEKDAYS, shown
from commands.watch.state.accepting import may_accept
from commands.watch.state.certificates import ending
from commands.watch.state.condition import condition_of
from commands.watch.state.dns_changes import unaccepted
from commands.watch.state.model import Watch
from commands.watch.state.routes import Route, lines_of
from commands.watch.state.unseen import is_overdue
from commands.watch.state.windows import EVERY_DAY, Window
from commands.watch.view.alert_lines import ending_lines, record_lines
from commands.watch.view.condition import care_words, icon, quiet, with_certificate
from commands.watch.view.listing import more, place
from commands.watch.view.wording import (
    alert_rule,
    link,
    looks_at,
    name_of,
    person,
    somebody,
    watched_and_left_out,
    when,
)


def card(
    watch: Watch,
    at: datetime,
    routes: Sequence[Route],
    note: str = "",
    troubles: Sequence[str] = (),
    accepted: Sequence[str] = (),
) -> Reply:
    """Everything about one watch, and what can be done with it.

    `troubles`: alerts that do not arrive by a route; `accepted`: what somebody took for normal.
    """
    settings = [*_settings(watch, routes, at), *accepted]
    lines = [
        f"{icon(watch, at)} *{name_of(watch)}*: {with_certificate(watch, at)}",
        *filter(None, [" · ".join(filter(None, _incident(watch))), quiet(watch, at)]),
        *record_lines(unaccepted(watch)[0]),
        *ending_lines(ending([watch], at)),
        *troubles,
    ]
    mentions = [f"• {before}{somebody(id_, watch.handles)}{behind}" for before, id_, behind in _mentions(watch)]
    text = "\n".join([*([note] if note else []), *lines, *settings, *mentions])
    blocks = [*([section(note)] if note else []), section("\n".join(lines)), section("\n".join(settings))]
    if mentions:
        blocks.append(_mentions_block(watch))
    return Reply(text, [*blocks, _buttons(watch, at)], good=watch.state.incident is None)


def _incident(watch: Watch) -> Iterator[str]:
    """The open incident by its id, and who looks after it."""
    if watch.state.incident is not None:
        yield f"Incident {code_span(watch.state.incident.id)}"
    yield care_words(condition_of(watch))


def _settings(watch: Watch, routes: Sequence[Route], at: datetime) -> list[str]:
    lines = [
        f"Watches {looks_at(watch)} every {shown(watch.every)}",
        *_ports_of(watch),
        f"Posts in {place(watch)}",
        alert_rule(watch),
        *([by_count(watch.recover_after, RECOVERED)] if watch.kind != "dns" else []),
        *([f"Tags {', '.join(map(code_span, watch.tags))}"] if watch.tags else []),
        *([f"Runbook {link(watch.runbook)}"] if watch.runbook else []),
        "; ".join(_runs(watch, at)),
        *(f"Maintenance {_window(window)}" for window in watch.windows),
        *lines_of(watch.routes, routes),
        f"Belongs to {person(watch.owner)}, made {when(watch.created_at)} · `{watch.id}`",
    ]
    return [f"• {line}" for line in lines]


def _ports_of(watch: Watch) -> Iterator[str]:
    """Which ports those are, and which are left out, or that the first run finds them."""
    if left := watched_and_left_out(watch):
        yield left[:1].upper() + left[1:]
    elif watch.kind == "check" and not watch.ports and watch.state.last_at is None:
        yield f"Ports that do not answer at its first run are left out: `/smtpwatch show {watch.id}` names them then"


RECOVERED = ("Counts as recovered after the first good run", "Counts as recovered after {count} good runs in a row")


def _runs(watch: Watch, at: datetime) -> Iterator[str]:
    """When it was and will be looked at."""
    state, follows = watch.state, "next"
    if state.last_at is None:  # that it was not checked stands above
        follows = "First check"
    elif state.last_ms is None:
        yield f"Last checked {when(state.last_at)}"
    else:
        yield f"Last checked {when(state.last_at)} in {state.last_ms:.0f} ms"
    if watch.due_at and is_overdue(watch, at):
        yield f"{'first check was' if state.last_at is None else 'was'} due {when(watch.due_at)}"
    elif watch.due_at and watch.runs:
        yield f"{follows} {when(watch.due_at)}"


def trouble(route: str, note: Mapping[str, Any]) -> str:
    """Why the last delivery of a route did not arrive."""
    since = when(datetime.fromisoformat(str(note["at"])))
    return f":warning: The last alert by {route} did not arrive ({code_span(str(note['why']), 60)}, {since})."


def _window(window: Window) -> str:
    days = "every day" if window.days == EVERY_DAY else ", ".join(WEEKDAYS[day][:3] for day in sorted(window.days))
    return f"{days} {window.start:%H:%M}-{window.end:%H:%M} {escape(window.zone, 60)}"


def _mentions(watch: Watch) -> Iterator[tuple[str, str, str]]:
    """Who is mentioned when: words, an id, words."""
    if watch.notify:
        yield "An alert mentions ", watch.notify, ", once per incident."
    if watch.then:
        yield (
            "When nobody has acknowledged it, ",
            watch.then.notify,
            f" is mentioned after {shown(watch.then.after)}.",
        )


def _mentions_block(watch: Watch) -> Block:
    """As elements: a private message alerts nobody, and a group shows its name."""
    lines = [[_plain(before), _who(id_), _plain(behind)] for before, id_, behind in _mentions(watch)]
    sections = [{"type": "rich_text_section", "elements": line} for line in lines]
    return {"type": "rich_text", "elements": sections}


def _plain(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _who(id: str) -> dict[str, Any]:  # noqa: A002 - the name of the field
    if id.startswith("S"):
        return {"type": "usergroup", "usergroup_id": id}
    return {"type": "user", "user_id": id}


def _buttons(watch: Watch, at: datetime) -> Block:
    quieted = watch.paused is not None or watch.muted is not None or watch.snoozed is not None
    loud = watch.paused is None and watch.silence(at) is None
    incident = watch.state.incident
    nobody = incident is not None and not incident.acked_by
    row = [button("Acknowledge", "smtpwatch.ack", watch.id, style="primary")] if nobody else []
    row += [button("Run now", "smtpwatch.run", watch.id)] if watch.paused is None else []
    row += [button("Resume", "smtpwatch.resume", watch.id)] if quieted else []
    row += [button("Snooze 1 h", "smtpwatch.snooze1", watch.id)] if loud else []
    row += [button("Accept as the new normal", "smtpwatch.accept", watch.id)] if may_accept(watch) else []
    row += [button("Edit", "smtpwatch.edit", watch.id)]
    return actions(*row, more(watch.id, CARD_MORE))


CARD_MORE = (
    ("mute", "Mute with a reason"),
    ("pause", "Pause"),
    ("history", "History"),
    ("test", "Post a test alert"),
    ("delete", "Delete"),
)
