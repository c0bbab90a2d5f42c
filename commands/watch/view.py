"""Watches in Slack: the list, one watch, help, and what was done to one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.blocks import Block, actions, button, confirm, context, menu, section
from commands.contract import Command, Reply, usage_line
from commands.slack_text import code_span, escape
from commands.watch.durations import shown
from commands.watch.model import Watch
from commands.watch.windows import DAY_NAMES, EVERY_DAY, Window
from commands.watch.wording import (
    KIND_WORDS,
    alerts_when,
    certificate_until,
    icon,
    name_of,
    person,
    ports_of,
    quiet,
    state_of,
    when,
)

ROWS = 25
BAD_FIRST = {"down": 0, "recovering": 1, "failing": 2, "new": 3, "up": 4}
ADD = button("Add a watch", "smtpwatch.new", style="primary")
DELETE = confirm("Delete this watch?", "It stops alerting at once. For ten minutes Undo brings it back.", "Delete")


def help_card(command: Command[Any]) -> Reply:
    """What can be typed."""
    lines = [f"`/{command.name} {example.text}`  {example.meaning}" for example in command.examples]
    text = (
        f"*/{command.name}* {command.summary}\n`{usage_line(command)}`\n"
        "A watch is named by its id or its target. Everybody who is in its channel sees it and may change it.\n"
    ) + "\n".join(lines)
    return Reply(text, [section(text), actions(ADD)])


def overview(watches: Sequence[Watch], where: str, at: datetime) -> Reply:
    """The list: what is bad or quiet first, each with its state; a menu opens one. `where` is mrkdwn."""
    if not watches:
        text = (
            f"*No watches {where}*\n"
            "Type `/smtpwatch add mail.example.com every 15m`, or press the button; `/smtpwatch help` shows more."
        )
        return Reply(text, [section(text), actions(ADD)])
    ordered = sorted(watches, key=lambda watch: (watch.paused is None, BAD_FIRST[watch.state.phase], watch.target))
    bad = [watch for watch in watches if watch.state.incident is not None]
    title = f"*{len(watches)} watch{'es' if len(watches) > 1 else ''} {where}*, {len(bad) or 'none'} down"
    rows = [row(watch, at) for watch in ordered[:ROWS]]
    rest = ordered[ROWS:]
    note = [context(f"and {len(rest)} more. The menu opens the first 100; any other: `/smtpwatch show TARGET`.")]
    options = [(watch.id, f"{watch.target} ({watch.id})") for watch in ordered]
    blocks = [
        section(title),
        *(section("\n".join(rows[at_ : at_ + 5])) for at_ in range(0, len(rows), 5)),
        *(note if rest else []),
        actions(menu("smtpwatch.open", options, "Open a watch"), ADD),
    ]
    return Reply("\n".join([title, *rows]), blocks, good=not bad)


def row(watch: Watch, at: datetime) -> str:
    """One watch in one line or two: state, place, and who keeps it quiet until when."""
    ports = f" {ports_of(watch.ports)}" if watch.ports else ""
    kind = "" if watch.kind in {"check", "network"} else f" {KIND_WORDS[watch.kind]}"
    head = f"{icon(watch, at)} *{name_of(watch)}*{ports}{kind}: {state_of(watch)}{certificate_until(watch)}"
    silent = quiet(watch, at)
    return (
        f"{head}\n      {f'{silent} · ' if silent else ''}every {shown(watch.every)} in {place(watch)} · `{watch.id}`"
    )


def place(watch: Watch) -> str:
    return f"<#{escape(watch.channel, 40)}>" if watch.channel[:1] in {"C", "G"} else "direct messages"


def card(watch: Watch, at: datetime, note: str = "", troubles: Sequence[str] = ()) -> Reply:
    """Everything about one watch, and what can be done with it. `troubles`: mail or webhooks that do not arrive."""
    lines = [
        f"{icon(watch, at)} *{name_of(watch)}*: {state_of(watch)}{certificate_until(watch)}",
        *filter(None, [quiet(watch, at)]),
        *troubles,
    ]
    text = "\n".join([*([note] if note else []), *lines, *_settings(watch)])
    blocks = [*([section(note)] if note else []), section("\n".join(lines)), section("\n".join(_settings(watch)))]
    if watch.notify:
        blocks.append(_mentions(watch))
    return Reply(text, [*blocks, _buttons(watch, at)], replace=True, good=watch.state.incident is None)


def _settings(watch: Watch) -> list[str]:
    state = watch.state
    ports = f"ports {ports_of(watch.ports)}" if watch.ports else "the ports that answer"
    looked = f"Last looked at {when(state.last_at)}" if state.last_at else "Not looked at yet"
    took = f", took {state.last_ms:.0f} ms" if state.last_ms is not None else ""
    lines = [
        f"Watches {KIND_WORDS[watch.kind]}" + (f": {ports}" if watch.kind in {"check", "certificate"} else ""),
        f"Every {shown(watch.every)}; {_damping(watch)}",
        f"{looked}{took}" + (f"; next {when(watch.due_at)}" if watch.due_at and watch.runs else ""),
        *(f"Maintenance {_window(window)}" for window in watch.windows),
        *([f"Mail to {escape(', '.join(watch.mail), 400)}"] if watch.mail else []),
        *([f"Webhook {escape(webhook_host(watch.webhook), 200)}"] if watch.webhook else []),
        f"Made by {person(watch.owner)} {when(watch.created_at)} · `{watch.id}`",
    ]
    return [f"• {line}" for line in lines]


def _damping(watch: Watch) -> str:
    good = f"{watch.recover_after} good runs in a row" if watch.recover_after > 1 else "1 good run"
    over = "" if watch.kind == "dns" else f"; well again after {good}"
    return f"alerts in {place(watch)} {alerts_when(watch)}{over}"


def trouble(route: str, note: Mapping[str, Any]) -> str:
    """Why the last delivery of a route did not arrive."""
    since = when(datetime.fromisoformat(str(note["at"])))
    return f":warning: The last {route} did not arrive ({code_span(str(note['why']), 60)}, {since})."


def webhook_host(url: str) -> str:
    """What is shown of a webhook: its path often holds a secret."""
    return "/".join(url.split("/", 3)[:3])


def _window(window: Window) -> str:
    days = "every day" if window.days == EVERY_DAY else ", ".join(DAY_NAMES[day] for day in sorted(window.days))
    return f"{days} {window.start:%H:%M}-{window.end:%H:%M} {escape(window.zone, 60)}"


def _mentions(watch: Watch) -> Block:
    """Who is mentioned, as an element: a private message alerts nobody, and a group shows its name."""
    group = watch.notify.startswith("S")
    who = {"type": "usergroup", "usergroup_id": watch.notify} if group else {"type": "user", "user_id": watch.notify}
    line = [{"type": "text", "text": "An alert mentions "}, who, {"type": "text", "text": ", once per incident."}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": line}]}


def _buttons(watch: Watch, at: datetime) -> Block:
    quieted = watch.paused is not None or watch.muted is not None or watch.snoozed is not None
    loud = watch.paused is None and watch.silence(at) is None
    row = [button("Run now", "smtpwatch.run", watch.id)] if watch.paused is None else []
    row += [button("Resume", "smtpwatch.resume", watch.id)] if quieted else []
    row += [button("Snooze 1 h", "smtpwatch.snooze1", watch.id)] if loud else []
    row += [button("Edit", "smtpwatch.edit", watch.id)]
    return actions(*row, more(watch.id, CARD_MORE))


CARD_MORE = (
    ("mute", "Mute with a reason"),
    ("pause", "Pause"),
    ("history", "History"),
    ("test", "Post a test alert"),
    ("delete", "Delete"),
)
ALERT_MORE = (
    ("snooze8", "Snooze 8 h"),
    ("tomorrow", "Snooze until tomorrow 09:00"),
    ("history", "History"),
    ("show", "Settings of this watch"),
)


def more(id: str, choices: Sequence[tuple[str, str]]) -> Block:  # noqa: A002 - the name of the field
    """The overflow menu: at most five choices; its value is `<verb> <id>`."""
    options = [{"text": {"type": "plain_text", "text": words}, "value": f"{verb} {id}"} for verb, words in choices]
    return {"type": "overflow", "action_id": "smtpwatch.more", "options": options}


def said(text: str, *buttons: Block) -> Reply:
    """One sentence about what was done, in place of the private message whose button was pressed."""
    return Reply(text, [section(text), *([actions(*buttons)] if buttons else [])], replace=True)


def ask_delete(watch: Watch) -> Reply:
    text = f"Delete the watch on *{name_of(watch)}* in {place(watch)} (`{watch.id}`)?"
    return said(text, button("Delete", "smtpwatch.delete", watch.id, style="danger", confirm=DELETE))


def deleted(watch: Watch) -> Reply:
    text = (
        f":wastebasket: The watch on *{name_of(watch)}* is deleted. "
        f"Undo works for ten minutes: press the button or type `/smtpwatch undo {watch.id}`."
    )
    return said(text, button("Undo", "smtpwatch.undo", watch.id))
