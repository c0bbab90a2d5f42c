"""A message, a modal or a home as Slack would show it, for a terminal.

Buttons carry the numbers of `numbered_buttons`, so that a prompt can press them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import count

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.demo.workspace.blocks import draw
from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import Channel, Message, User, View
from bot.demo.workspace.mrkdwn import rendered, zone_of
from bot.demo.workspace.state import State

BUTTON = "black on cyan"


def message(state: State, shown: Message, viewer: User | None = None, *, numbers: bool = True) -> RenderableType:
    """Author and time, "Only visible to you" for an ephemeral, then blocks or text, files and "(edited)"."""
    zone = _zone(viewer)
    author = state.users[shown.user]
    head = Text(author.real_name or author.name, "bold")
    if author.is_bot:
        head.append(" APP", "dim")
    head.append(f"  {datetime.fromtimestamp(float(shown.ts), zone):%H:%M}", "dim")
    if shown.thread_ts and shown.thread_ts != shown.ts:
        head.append("  in a thread", "dim")
    return Group(*_above(shown), head, Padding(Group(*_body(state, shown, zone, numbers=numbers)), (0, 0, 0, 2)))


def view(state: State, shown: View, *, numbers: bool = True) -> RenderableType:
    """A modal in a frame with its title, its errors and its buttons; a home without title."""
    zone = _zone(state.users[shown.user])
    labels = _numbers(shown) if numbers else {}
    body = list(_spaced([draw(state, block, zone, labels, shown.errors) for block in shown.blocks]))
    if shown.type == "home":
        return Panel(Group(*body), title="Home", title_align="left")
    close = (shown.body.get("close") or {}).get("text", "Cancel" if "submit" in shown.body else "Close")
    row = Text(f" {close} ", "reverse")
    if "submit" in shown.body:
        row.append("  ").append(f" {shown.body['submit']['text']} ", "bold white on green")
    return Panel(Group(*body, Rule(style="dim"), row), title=shown.body["title"]["text"], title_align="left")


def channel(state: State, where: Channel, viewer: User) -> RenderableType:
    """Everything that a viewer sees in a channel; only the newest message with buttons has numbers."""
    seen = [
        item
        for item in state.messages
        if item.channel == where.id and not item.deleted and item.ephemeral_to in {"", viewer.id}
    ]
    last = next((item for item in reversed(seen) if numbered_buttons(item)), None)
    name = "direct messages" if where.kind == "dm" else f"# {where.name}"
    drawn = _spaced([message(state, item, viewer, numbers=item is last) for item in seen])
    return Group(Rule(name, align="left"), *drawn)


def _zone(viewer: User | None) -> tzinfo:
    return zone_of(viewer.tz_offset) if viewer else UTC


def _numbers(shown: Message | View) -> dict[tuple[str, str, str], int]:
    return {(one.block_id, one.action_id, one.value): one.number for one in numbered_buttons(shown)}


def _above(shown: Message) -> Iterator[RenderableType]:
    if shown.ephemeral_to:
        yield Text("Only visible to you", "dim italic")


def _body(state: State, shown: Message, zone: tzinfo, *, numbers: bool) -> Iterator[RenderableType]:
    labels = _numbers(shown) if numbers else {}
    if shown.blocks:
        yield from (draw(state, block, zone, labels, {}) for block in shown.blocks)
    elif shown.text:
        yield rendered(state, shown.text, zone)
    for file in shown.files:
        yield Text(f"[file] {file.title or file.name} ({len(file.content)} bytes)", "blue")
    if shown.edited:
        yield Text("(edited)", "dim")


def _spaced(parts: Sequence[RenderableType]) -> Iterator[RenderableType]:
    for number, part in zip(count(), parts, strict=False):
        if number:
            yield Text()
        yield part
