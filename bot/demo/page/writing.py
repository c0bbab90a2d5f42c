"""Text as a browser shows it: mrkdwn, plain text, rich text."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.demo.page.markup import Child, tag
from bot.demo.workspace.model import Payload
from bot.demo.workspace.mrkdwn import Kind, Piece, date, read, with_emoji
from bot.demo.workspace.state import State

MARKS = {"*": "b", "_": "i", "~": "s"}
STYLES = {"bold": "b", "italic": "i", "strike": "s", "underline": "u", "code": "code"}
"""By style of rich text: the element."""


class Pen(NamedTuple):
    """What drawing needs beside the block: names, the reader's zone, what a form found wrong, by block id.

    `here` is the conversation that they look at.
    """

    state: State
    zone: tzinfo
    errors: dict[str, str]
    here: str = ""

    def text(self, item: Payload) -> list[Child]:
        """A text object: mrkdwn is read, plain text is not."""
        words = str(item.get("text", ""))
        return self.mrkdwn(words) if item.get("type") == "mrkdwn" else [plain(words)]

    def mrkdwn(self, source: str) -> list[Child]:
        return [_piece(piece) for piece in read(self.state, source, self.zone)]


def plain(words: str) -> str:
    """Plain text; `:warning:` and the like are characters there, too."""
    return with_emoji(words)


def link(url: str, *words: Child) -> Element:
    """A link of a message; what is neither of the web nor mail leads nowhere."""
    if not url.startswith(("https://", "http://", "mailto:")):
        return tag("span", *words)
    return tag("a", *words, href=url, target="_blank", rel="noopener noreferrer")


def _piece(piece: Piece) -> Child:
    made: Child = piece.text
    match piece.kind:
        case Kind.CODE:
            made = tag("code", made)
        case Kind.PREFORMATTED:
            made = tag("pre", made, tabindex="0")
        case Kind.LINK:
            made = link(piece.link, made)
        case Kind.MENTION | Kind.BROADCAST:
            made = tag("span", made, class_=piece.kind.value)
    for mark in piece.marks:
        made = tag(MARKS[mark], made)
    return made


def rich_text(pen: Pen, block: Payload) -> Element:
    return tag("div", *(_part(pen, part) for part in block["elements"]), class_="rich")


def _part(pen: Pen, part: Payload) -> Element:
    match part["type"]:
        case "rich_text_preformatted":
            return tag("pre", *_inline(pen, part["elements"]), tabindex="0")
        case "rich_text_quote":
            return tag("blockquote", *_inline(pen, part["elements"]))
        case "rich_text_list":
            lines = [tag("li", *_inline(pen, item["elements"])) for item in part["elements"]]
            return tag("ol" if part["style"] == "ordered" else "ul", *lines)
        case _:
            return tag("p", *_inline(pen, part["elements"]))


def _inline(pen: Pen, elements: list[Payload]) -> Iterator[Child]:
    for item in elements:
        made = _word(pen, item)
        for style, name in STYLES.items():
            made = tag(name, made) if item.get("style", {}).get(style) else made
        yield made


def _word(pen: Pen, item: Payload) -> Child:
    match item["type"]:
        case "user":
            user = pen.state.users.get(item["user_id"])
            return tag("span", f"@{user.name if user else item['user_id']}", class_="mention")
        case "channel":
            channel = pen.state.channels.get(item["channel_id"])
            return tag("span", f"#{channel.name if channel else item['channel_id']}", class_="mention")
        case "broadcast":
            return tag("span", f"@{item['range']}", class_="broadcast")
        case "emoji":
            return with_emoji(f":{item['name']}:")
        case "link":
            return link(item["url"], str(item.get("text") or item["url"]))
        case "date":
            form = f"!date^{item['timestamp']}^{item['format']}"
            return date(form, str(item.get("fallback", "")), pen.zone)
        case _:
            return str(item.get("text") or item.get("value") or "")
