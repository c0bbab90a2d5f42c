"""mrkdwn read as Slack reads it: *bold*, _italic_, ~strike~, `code`, ```preformatted```, links, mentions and dates.

Grammar: docs.slack.dev, messaging/formatting-message-text. Text between angle brackets that is none of Slack's forms
is shown as it stands. `read` says what the text is made of; `rendered` is that for a terminal.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo
from enum import Enum

from rich.emoji import Emoji
from rich.style import Style
from rich.text import Text

from bot.demo.workspace.state import State

ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
BRACKETS = re.compile(r"<([^<>\n]+)>")
CODE = re.compile(r"```(?:\n)?(.*?)```|`([^`\n]+)`", re.DOTALL)
STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
DATE_PARTS = {
    "date_num": "%Y-%m-%d",
    "date": "%B %d, %Y",
    "date_short": "%b %d, %Y",
    "date_long": "%A, %B %d, %Y",
    "date_pretty": "%B %d, %Y",
    "date_short_pretty": "%b %d, %Y",
    "date_long_pretty": "%A, %B %d, %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
}


class Kind(Enum):
    """What a piece of text is, beside how it is styled."""

    PLAIN = "plain"
    CODE = "code"
    PREFORMATTED = "preformatted"
    LINK = "link"
    MENTION = "mention"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one kind. `marks` are those it stands between (`*`, `_`, `~`); `link` is where a link leads."""

    text: str
    kind: Kind = Kind.PLAIN
    marks: str = ""
    link: str = ""


CODE_STYLE = "bright_red"
NEWER = {
    ":large_green_circle:": "\N{LARGE GREEN CIRCLE}",
    ":large_yellow_circle:": "\N{LARGE YELLOW CIRCLE}",
    ":large_orange_circle:": "\N{LARGE ORANGE CIRCLE}",
}
"""Emoji of Slack that `rich` does not know."""

MARKS = {"*": "bold", "_": "italic", "~": "strike"}
STYLES = {
    Kind.CODE: CODE_STYLE,
    Kind.PREFORMATTED: CODE_STYLE,
    Kind.MENTION: "blue",
    Kind.LINK: "blue",
    Kind.BROADCAST: "bold yellow",
}


def rendered(state: State, source: str, zone: tzinfo) -> Text:
    """The text as Slack shows it in the reader's time zone."""
    made = Text()
    for piece in read(state, source, zone):
        style = Style.parse(" ".join([STYLES.get(piece.kind, ""), *(MARKS[mark] for mark in piece.marks)]))
        made.append(piece.text, style + Style(link=piece.link) if piece.link else style)
    return made


def read(state: State, source: str, zone: tzinfo) -> Sequence[Piece]:
    """What a text is made of, in order."""
    return [piece for piece in _read(state, source, zone) if piece.text]


def _read(state: State, source: str, zone: tzinfo) -> Iterator[Piece]:
    at = 0
    for match in CODE.finditer(source):
        yield from _styled(state, source[at : match.start()], zone)
        if match[1] is not None:
            yield Piece(unescaped(match[1]), Kind.PREFORMATTED)
        else:
            yield Piece(unescaped(match[2]), Kind.CODE)
        at = match.end()
    yield from _styled(state, source[at:], zone)


def unescaped(source: str) -> str:
    """The three entities of Slack, decoded once."""
    for entity, character in ENTITIES:
        source = source.replace(entity, character)
    return source


def zone_of(offset: int) -> tzinfo:
    """The fixed zone of a user's `tz_offset` (seconds)."""
    return timezone(timedelta(seconds=offset))


def _styled(state: State, source: str, zone: tzinfo) -> Iterator[Piece]:
    at = 0
    for match in STYLED.finditer(source):
        yield from _linked(state, source[at : match.start()], zone)
        for piece in _styled(state, match[2], zone):
            yield replace(piece, marks=piece.marks + match[1])
        at = match.end()
    yield from _linked(state, source[at:], zone)


def _linked(state: State, source: str, zone: tzinfo) -> Iterator[Piece]:
    at = 0
    for match in BRACKETS.finditer(source):
        yield _plain(source[at : match.start()])
        yield _bracketed(state, match[1], zone)
        at = match.end()
    yield _plain(source[at:])


def _plain(source: str) -> Piece:
    return Piece(unescaped(with_emoji(source)))


def with_emoji(source: str) -> str:
    """The text with `:warning:` and the like as the character that Slack shows."""
    for name, character in NEWER.items():
        source = source.replace(name, character)
    return Emoji.replace(source)


def _bracketed(state: State, inside: str, zone: tzinfo) -> Piece:
    target, _, label = inside.partition("|")
    match target[0]:
        case "@":
            user = state.users.get(target[1:])
            return Piece(f"@{user.name if user else target[1:]}", Kind.MENTION)
        case "#":
            channel = state.channels.get(target[1:])
            return Piece(f"#{channel.name if channel else label or target[1:]}", Kind.MENTION)
        case "!" if target.startswith("!date^"):
            return Piece(date(target, unescaped(label), zone))
        case "!":
            return Piece(f"@{label or target[1:]}", Kind.BROADCAST)
        case _ if target.startswith(("http://", "https://", "mailto:")):
            return Piece(unescaped(label or target.removeprefix("mailto:")), Kind.LINK, link=target)
        case _:
            return Piece(unescaped(f"<{inside}>"))


def date(target: str, fallback: str, zone: tzinfo) -> str:
    """`!date^<epoch>^<format>` in a zone, without the words "today" and "yesterday"; else the fallback."""
    _, epoch, form, *_ = [*target.split("^"), "", ""]
    if not epoch.isdigit() or not form:
        return fallback
    moment = datetime.fromtimestamp(int(epoch), zone)
    return re.sub(r"\{(\w+)\}", lambda part: _part(moment, part[1]), form)


def _part(moment: datetime, name: str) -> str:
    """One `{name}` of a date format; days have no leading zero."""
    written = moment.strftime(DATE_PARTS.get(name, f"{{{name}}}"))
    return written.replace(" 0", " ") if name.startswith("date") else written
