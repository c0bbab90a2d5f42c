"""Typed text as words, with Slack's mentions as ids.

Slack sends `<#C123|name>`, `<@U123|name>` and `<!subteam^S123|@group>` for what somebody picked; here they become the
words `#C123` and `@U123`, `@S123`. A mention of everybody is refused: a watch alerts whoever it names.

Source: Slack's "Formatting text for app surfaces" (should_escape of the command has to be on).
"""

import re

from commands.contract import UserError
from commands.slack_text import quoted, undo

_MENTION = re.compile(r"<(?:(?P<sign>[#@])|!subteam\^)(?P<id>[A-Z0-9]{1,40})(?:\|[^<>]*)?>")
_EVERYBODY = re.compile(
    r"<!(?:channel|here|everyone|group)\b[^<>]*>|(?<![\w.])@(?:channel|here|everyone|group)\b", re.IGNORECASE
)
_CHANNEL = re.compile(r"#(?=[CG])([A-Z0-9]{1,40})|(?=[CG])([A-Z0-9]{8,40})")
_SOMEBODY = re.compile(r"@(?=[USW])([A-Z0-9]{1,40})|(?=[USW])([A-Z0-9]{8,40})")


def words_of(text: str) -> list[str]:
    """The words of a text. `UserError` for @channel and its kin."""
    everybody = _EVERYBODY.search(text)
    if everybody:
        raise UserError(
            "A watch never mentions everybody.", "Name one person or a user group behind `notify`, such as `@mail-ops`."
        )
    marked = _MENTION.sub(lambda match: f" {match['sign'] or '@'}{match['id']} ", text)
    return [word for word in re.split(r"[\s,;]+", undo(marked)) if word]


def channel_of(word: str) -> str:
    """The channel id in a word. `UserError` for a name that Slack did not turn into a link."""
    match = _CHANNEL.fullmatch(word)
    if match is None:
        raise UserError(
            f"`{quoted(word)}` is no channel that I can see.",
            "Type `#` and pick the channel from the list, so that it becomes a link.",
        )
    return match[1] or match[2]


def somebody_of(word: str) -> str:
    """The id of a person or a user group in a word."""
    match = _SOMEBODY.fullmatch(word)
    if match is None:
        raise UserError(
            f"`{quoted(word)}` is nobody whom I can mention.",
            "Type `@` and pick a person or a user group from the list, so that it becomes a link.",
        )
    return match[1] or match[2]
