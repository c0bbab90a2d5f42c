"""Words as people type them: Slack's mentions as ids, and which known word was meant by a misspelt one. Pure.

Slack sends `<#C123|name>`, `<@U123|name>` and `<!subteam^S123|@group>` for what somebody picked; here they become the
words `#C123`, `@U123` and `@S123`.

Source: Slack's "Formatting text for app surfaces" (should_escape of the command has to be on).
"""

import re
from collections.abc import Iterable

from commands.contract import UserError
from commands.slack_text import quoted, undo

CLOSE = 72
"""Per cent of likeness from which a word is taken for a slip of another."""

_MENTION = re.compile(r"<(?:(?P<sign>[#@])|!subteam\^)(?P<id>[A-Z0-9]{1,40})(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"#(?=[CG])([A-Z0-9]{1,40})|(?=[CG])([A-Z0-9]{8,40})")
_SOMEBODY = re.compile(r"@(?=[USW])([A-Z0-9]{1,40})|(?=[USW])([A-Z0-9]{8,40})")


def as_typed(text: str) -> str:
    """What was typed, with mentions as ids: only they tell people and channels apart."""
    return undo(_MENTION.sub(lambda match: f" {match['sign'] or '@'}{match['id']} ", text))


def channel_of(word: str) -> str:
    """The channel id in a word. `UserError` for a name that Slack did not turn into a link."""
    match = _CHANNEL.fullmatch(word)
    if match is None:
        raise UserError(
            f"`{quoted(word)}` is not a channel that I can see.",
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


def nearest(word: str, known: Iterable[str], close: float = CLOSE) -> str:
    """The known word that somebody probably meant, or nothing."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for mistakes only, and costs 20 ms to import

    match = process.extractOne(word.lower(), list(known), scorer=fuzz.ratio, score_cutoff=close)
    return str(match[0]) if match else ""


def slip_of(name: str, known: Iterable[str]) -> str:
    """The known name (of a host, an id, a machine) of which this is a slip of the keys, or nothing.

    What is alike only in the domain, or in all but a number, is another one: nothing may be done to it by mistake.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    name = name.lower()
    near = ((OSA.distance(*_apart(name, one)), one) for one in known if _NUMBER.findall(one) == _NUMBER.findall(name))
    slips = [(distance, one) for distance, one in near if distance <= _slips_in(name, one)]
    return min(slips, default=(0, ""))[1]


_NUMBER = re.compile(r"\d+")


def _slips_in(name: str, other: str) -> int:
    """How many keys may have been missed in what differs: none in a letter or two."""
    return min(2, max(map(len, _apart(name, other))) // 3)


def _apart(name: str, other: str) -> tuple[str, str]:
    """What is left of both without the last labels that they share."""
    one, two = name.split("."), other.split(".")
    while one and two and one[-1] == two[-1]:
        one.pop()
        two.pop()
    return ".".join(one), ".".join(two)
