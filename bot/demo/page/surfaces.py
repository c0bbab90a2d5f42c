"""What blocks stand on: a message, a dialogue, Home."""

from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element

from bot.demo.page import blocks
from bot.demo.page.markup import Child, tag
from bot.demo.page.writing import Pen, plain
from bot.demo.workspace.model import Message, StoredFile, User, View
from bot.demo.workspace.mrkdwn import zone_of
from bot.demo.workspace.state import State

SHORTCUTS = "More actions"


def message(
    state: State, shown: Message, viewer: User, *, replies: int = 0, shortcuts: dict[str, str] | None = None
) -> Element:
    """Author and time, "Only visible to you", then blocks or text, files, replies; `shortcuts` by callback id."""
    author, zone = state.users[shown.user], zone_of(viewer.tz_offset)
    name = author.real_name or author.name
    head = tag(
        "div",
        tag("b", name),
        tag("span", "APP", class_="app") if author.is_bot else None,
        _time(shown, zone),
        _more(shortcuts) if shortcuts and not shown.ephemeral_to else None,
        class_="head",
    )
    private = tag("div", "Only visible to you", class_="note") if shown.ephemeral_to else None
    thread = _replies(replies) if replies else None
    body = tag("div", private, head, *_body(state, shown, zone), thread, class_="body")
    picture = tag(
        "div", name[:1].upper(), class_=f"picture {'bot' if author.is_bot else ''}".strip(), aria_hidden="true"
    )
    kind = "message private" if shown.ephemeral_to else "message"
    return tag("article", picture, body, class_=kind, data_on=shown.ts)


def _time(shown: Message, zone: tzinfo) -> Element:
    at = datetime.fromtimestamp(float(shown.ts), zone)
    return tag("time", f"{at:%a %H:%M}", datetime=at.isoformat(timespec="seconds"))


def _more(shortcuts: dict[str, str]) -> Element:
    options = [tag("option", words, value=name) for name, words in shortcuts.items()]
    first = tag("option", "\N{MIDLINE HORIZONTAL ELLIPSIS}", value="")
    return tag("select", first, *options, class_="overflow", aria_label=SHORTCUTS, data_act="shortcut")


def _replies(count: int) -> Element:
    words = "1 reply" if count == 1 else f"{count} replies"
    return tag("button", words, type="button", class_="replies", data_act="thread")


def _body(state: State, shown: Message, zone: tzinfo) -> list[Child]:
    pen = Pen(state, zone, {})
    if shown.blocks:
        made: list[Child] = [blocks.draw(pen, block) for block in shown.blocks]
    else:
        made = [tag("div", *pen.mrkdwn(shown.text), class_="text")] if shown.text else []
    made += [_file(stored) for stored in shown.files]
    return [*made, tag("span", "(edited)", class_="edited") if shown.edited else None]


def _file(stored: StoredFile) -> Element:
    size = f"{len(stored.content):,} bytes"
    return tag("div", tag("b", stored.title or stored.name), tag("span", size), class_="file")


def modal(state: State, shown: View, here: str = "") -> Element:
    """A dialogue with its title, what is wrong at its inputs, and its buttons. `here`: over which conversation."""
    pen = Pen(state, zone_of(state.users[shown.user].tz_offset), shown.errors, here)
    close = (shown.body.get("close") or {}).get("text", "Cancel" if "submit" in shown.body else "Close")
    title = tag("h2", plain(shown.body["title"]["text"]), id="title")
    cross = tag(
        "button", "\N{MULTIPLICATION SIGN}", type="button", class_="cross", aria_label="Close", data_act="close"
    )
    submit = shown.body.get("submit")
    sends = tag("button", plain(submit["text"]), type="submit", class_="button primary") if submit else None
    buttons = tag("footer", tag("button", plain(close), type="button", class_="button", data_act="close"), sends)
    body = tag("div", *(blocks.draw(pen, block) for block in shown.blocks), class_="scroll", tabindex="0")
    form = tag("form", tag("header", title, cross), body, buttons, novalidate=True)
    return tag("div", form, data_on=shown.id)


def home(state: State, shown: View | None, viewer: User) -> Element:
    """The app's Home as this person has it; before the app has published it, so it says."""
    pen = Pen(state, zone_of(viewer.tz_offset), {})
    if shown is None:
        return tag("div", tag("p", "The app has not published its Home yet."), class_="home")
    return tag("div", *(blocks.draw(pen, block) for block in shown.blocks), class_="home", data_on=shown.id)
