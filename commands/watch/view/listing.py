"""Watches in Slack: the list, help, and what was done to one. One watch with everything about it is in `card`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from commands.blocks import Block, actions, button, confirm, context, menu, section
from commands.contract import Reply
from commands.plural import plural
from commands.slack_text import escape
from commands.times import shown
from commands.watch.state.condition import condition_of
from commands.watch.state.model import Watch
from commands.watch.view.condition import icon, quiet, standings, with_certificate
from commands.watch.view.wording import KIND_WORDS, name_of, ports_of

ROWS = 25
BAD_FIRST = {"down": 0, "recovering": 1, "failing": 2, "new": 3, "up": 4}
ADD = button("Add a watch", "smtpwatch.new", style="primary")
ABOUT = "A watch is named by its id or its target. Everybody who is in its channel sees it and may change it."
HELP_BUTTONS = actions(ADD)
DELETE = confirm("Delete this watch?", "It stops alerting at once. For ten minutes Undo brings it back.", "Delete")


def overview(watches: Sequence[Watch], where: str, at: datetime) -> Reply:
    """The list: what is bad or quiet first, each with its state; a menu opens one. `where` is mrkdwn."""
    if not watches:
        text = (
            f"*No watches {where}*\n"
            "`/smtpwatch add mail.example.com every 15m` looks at a host and alerts; `/smtpwatch help` shows more."
        )
        return Reply(text, [section(text), actions(ADD)])
    ordered = sorted(watches, key=lambda watch: (watch.paused is None, _bad_first(watch), watch.target))
    counted = Counter(condition_of(watch).standing for watch in watches)
    title = f"*{plural(len(watches), 'watch', 'watches')} {where}*: {standings(counted)}"
    rows = [row(watch, at) for watch in ordered[:ROWS]]
    rest = ordered[ROWS:]
    note = [context(f"and {len(rest)} more. The menu opens the first 100; any other: `/smtpwatch show TARGET`.")]
    options = [(watch.id, label(watch)) for watch in ordered]
    blocks = [
        section(title),
        *(section("\n".join(rows[at_ : at_ + 5])) for at_ in range(0, len(rows), 5)),
        *(note if rest else []),
        actions(menu("smtpwatch.open", options, "Open a watch"), ADD),
    ]
    return Reply("\n".join([title, *rows]), blocks, good=not counted["down"])


def _bad_first(watch: Watch) -> float:
    """What is not seen comes after what is down, before all else."""
    rank = BAD_FIRST[watch.state.phase]
    return min(rank, 1.5) if condition_of(watch).standing == "unseen" else rank


def label(watch: Watch) -> str:
    """A watch as a choice, in plain text; the target comes last, since it may be long."""
    kind = {"check": "ports", "certificate": "certificates", "dns": "DNS", "network": "outbound ports"}[watch.kind]
    return " ".join(filter(None, (watch.id, kind, ports_of(watch.ports), watch.target)))


def row(watch: Watch, at: datetime) -> str:
    """One watch in one line or two: state, place, and who keeps it quiet until when."""
    ports = f" {ports_of(watch.ports)}" if watch.ports else ""
    kind = "" if watch.kind in {"check", "network"} else f" {KIND_WORDS[watch.kind]}"
    head = f"{icon(watch, at)} *{name_of(watch)}*{ports}{kind}: {with_certificate(watch, at)}"
    silent = quiet(watch, at)
    return (
        f"{head}\n      {f'{silent} · ' if silent else ''}every {shown(watch.every)} in {place(watch)} · `{watch.id}`"
    )


def place(watch: Watch) -> str:
    return f"<#{escape(watch.channel, 40)}>" if watch.channel[:1] in {"C", "G"} else "direct messages"


def more(id: str, choices: Sequence[tuple[str, str]]) -> Block:  # noqa: A002 - the name of the field
    """The overflow menu: at most five choices; its value is `<verb> <id>`."""
    options = [{"text": {"type": "plain_text", "text": words}, "value": f"{verb} {id}"} for verb, words in choices]
    return {"type": "overflow", "action_id": "smtpwatch.more", "options": options}


def said(text: str, *buttons: Block, good: bool = True) -> Reply:
    """One sentence about what was done, in place of the private message whose button was pressed."""
    return Reply(text, [section(text), *([actions(*buttons)] if buttons else [])], replace=True, good=good)


def ask_delete(watch: Watch) -> Reply:
    text = f"Delete the watch on *{name_of(watch)}* in {place(watch)} (`{watch.id}`)?"
    return said(text, button("Delete", "smtpwatch.delete", watch.id, style="danger", confirm=DELETE))


def deleted(watch: Watch) -> Reply:
    text = (
        f":wastebasket: The watch on *{name_of(watch)}* is deleted. "
        f"Undo works for ten minutes: press the button or type `/smtpwatch undo {watch.id}`."
    )
    return said(text, button("Undo", "smtpwatch.undo", watch.id))
