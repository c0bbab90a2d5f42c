"""mrkdwn as styled text: *bold*, _italic_, ~strike~, `code`, ```preformatted```, links, mentions and dates.

Grammar: docs.slack.dev, messaging/formatting-message-text. Text between angle brackets that is none of Slack's forms
is shown as it stands.
"""

import re
from datetime import datetime, timedelta, timezone, tzinfo

from rich.emoji import Emoji
from rich.style import Style
from rich.text import Text

from bot.demo.workspace.state import State

ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
BRACKETS = re.compile(r"<([^<>\n]+)>")
CODE = re.compile(r"```(?:\n)?(.*?)```|`([^`\n]+)`", re.DOTALL)
STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
STYLES = {"*": "bold", "_": "italic", "~": "strike"}
CODE_STYLE = "bright_red"
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


def rendered(state: State, source: str, zone: tzinfo) -> Text:
    """The text as Slack shows it in the reader's time zone."""
    made = Text()
    at = 0
    for match in CODE.finditer(source):
        made.append_text(_styled(state, source[at : match.start()], zone))
        made.append(unescaped(match[1] if match[1] is not None else match[2]), CODE_STYLE)
        at = match.end()
    made.append_text(_styled(state, source[at:], zone))
    return made


def unescaped(source: str) -> str:
    """The three entities of Slack, decoded once."""
    for entity, character in ENTITIES:
        source = source.replace(entity, character)
    return source


def zone_of(offset: int) -> tzinfo:
    """The fixed zone of a user's `tz_offset` (seconds)."""
    return timezone(timedelta(seconds=offset))


def _styled(state: State, source: str, zone: tzinfo) -> Text:
    made = Text()
    at = 0
    for match in STYLED.finditer(source):
        made.append_text(_linked(state, source[at : match.start()], zone))
        inner = _styled(state, match[2], zone)
        inner.stylize(STYLES[match[1]])
        made.append_text(inner)
        at = match.end()
    return made.append_text(_linked(state, source[at:], zone))


def _linked(state: State, source: str, zone: tzinfo) -> Text:
    made = Text()
    at = 0
    for match in BRACKETS.finditer(source):
        made.append(_plain(source[at : match.start()]))
        made.append_text(_bracketed(state, match[1], zone))
        at = match.end()
    return made.append(_plain(source[at:]))


def _plain(source: str) -> str:
    """Text between the marks, with `:warning:` and the like as the character that Slack shows."""
    return unescaped(Emoji.replace(source))


def _bracketed(state: State, inside: str, zone: tzinfo) -> Text:
    target, _, label = inside.partition("|")
    match target[0]:
        case "@":
            user = state.users.get(target[1:])
            return Text(f"@{user.name if user else target[1:]}", "blue")
        case "#":
            channel = state.channels.get(target[1:])
            return Text(f"#{channel.name if channel else label or target[1:]}", "blue")
        case "!" if target.startswith("!date^"):
            return Text(date(target, unescaped(label), zone))
        case "!":
            return Text(f"@{label or target[1:]}", "bold yellow")
        case _ if target.startswith(("http://", "https://", "mailto:")):
            return Text(unescaped(label or target.removeprefix("mailto:")), Style(color="blue", link=target))
        case _:
            return Text(unescaped(f"<{inside}>"))


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
