"""Words behind a command that it does not know, as it knows them: Spanish ones, English ones that say nothing. Pure.

In a conversation they are always read so (`translated`); what is typed behind a command only where it makes no sense as
it stands (`in_either`): a word of a name or of a reason stays what it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from commands.contract import UserError
from commands.spanish import IN_ENGLISH, VERBS, folded, put_together

P = ParamSpec("P")
Read = TypeVar("Read")

LEFT_OUT: Mapping[str, frozenset[str]] = {
    "smtpcheck": frozenset({"of", "the", "these", "those", "following", "host", "hosts", "server", "servers"}),
    "smtphistory": frozenset({"at"}),
}
"""English words that say nothing behind a command."""

SYNONYMS: Mapping[str, Mapping[str, str]] = {"smtpcheck": {"deeply": "deep"}}

NO_SENSE: Mapping[str, Mapping[str, str]] = {
    "smtpcheck": dict.fromkeys(
        (
            *(
                "is",
                "are",
                "does",
                "do",
                "can",
                "you",
                "up",
                "down",
                "ok",
                "okay",
                "alive",
                "working",
                "work",
                "reachable",
            ),
            *(
                "online",
                "still",
                "now",
                "please",
                "hey",
                "check",
                "esta",
                "va",
                "bien",
                "funciona",
                "funcionando",
                "vivo",
            ),
        ),
        "",
    ),
    "smtpwatch": {
        **dict.fromkeys(("and", "also", "on", "el", "la", "los", "y", "e"), ""),
        "to": "in",
        **dict.fromkeys(("tell", "alert", "ping", "warn"), "notify"),
    },
}
_NOTIFIES = "notify|tell|alert|ping|warn|avisa|avisad|avisar|alerta|notifica"
_HERE = "(?:here|in here|in this channel|aqu[ií]|en este canal)"
_LAST = r"(?=[\s,.]*(?:anyway)?$)"
PHRASES: Mapping[str, str] = {
    rf"(?:(?:and|y) )?(?:(?:{_NOTIFIES})(?: us|nos)|let us know|av[ií]sanos)(?: {_HERE})?{_LAST}": "",
    rf"{_HERE}{_LAST}": "",
    rf"(?:(?:and|y) )?(?:{_NOTIFIES}) a(?:l)? +(?=[<@])": "notify ",
    r"(?:only|alone|just|solo|solamente)(?=[\s,]|$)": "",
    r"(?:once (?:an|per|every) hour|hourly|una vez (?:por|cada|a la) hora)(?!\S*\w)": "every 1h",
    r"(?:twice (?:an|per|every) hour|dos veces (?:por|cada|a la) hora)": "every 30m",
    r"(?:(?:three|3) times (?:an|per|every) hour|tres veces (?:por|a la) hora)": "every 20m",
    r"(?:(?:four|4) times (?:an|per|every) hour|cuatro veces (?:por|a la) hora)": "every 15m",
    r"(?:once (?:a|per|every) day|daily|una vez (?:al|por) d[ií]a)": "every 1d",
    r"(?:twice (?:a|per|every) day|dos veces (?:al|por) d[ií]a)": "every 12h",
    r"(?:alerts?|tell|notify|post|warn|avisa|avisos?|alertas?)\s+(?:in|to|en|a)\s+(?=[#<])": "in ",
    r"(?:on|at|in|en)\s+(?:(?:the|el|la|los|las)\s+)?(?=(?:ports?\s+|puertos?\s+)?\d)": "",
}
WITHOUT_REASON = frozenset({"add", "edit", "watch", "change", "set", "move", "new", "create", "digest"})
"""`NO_SENSE` is read only where a line makes no sense otherwise, and of watches behind these verbs alone: elsewhere it
may be of a reason, or of another order."""


def translated(text: str, command: str) -> str:
    """With the words that stand alone as the command knows them."""
    return _with(_known(command), text)


def in_either(command: str) -> Callable[[Callable[Concatenate[str, P], Read]], Callable[Concatenate[str, P], Read]]:
    """Decorates what reads a text behind a command: what makes no sense is read once more, in the command's words."""

    def decorate(read: Callable[Concatenate[str, P], Read]) -> Callable[Concatenate[str, P], Read]:
        @wraps(read)
        def either(text: str, /, *more: P.args, **named: P.kwargs) -> Read:
            try:
                return read(text, *more, **named)
            except UserError:
                for line in _readings(text, command):
                    with suppress(UserError):
                        return read(line, *more, **named)
                raise

        return either

    return decorate


def _readings(text: str, command: str) -> Iterator[str]:
    """What the text may be in the command's words, the nearest first."""
    known = {**_known(command), **VERBS.get(command, {})}
    line = _with(known, text)
    lines = [line]
    if command != "smtpwatch" or "".join(line.split()[:1]).lower() in WITHOUT_REASON:
        for pattern, meant in _PHRASES if command == "smtpwatch" else ():
            text = pattern.sub(meant, text)
        lines += [_with(known, text), _with({**known, **NO_SENSE.get(command, {})}, text)]
    yield from (one for one in dict.fromkeys(lines) if one)


_PHRASES = [(re.compile(rf"(?<!\S){pattern}", re.IGNORECASE), meant) for pattern, meant in PHRASES.items()]


def _known(command: str) -> Mapping[str, str]:
    nothing = dict.fromkeys(LEFT_OUT.get(command, ()), "")
    return {**nothing, **SYNONYMS.get(command, {}), **IN_ENGLISH.get(command, {})}


def _with(known: Mapping[str, str], text: str) -> str:
    words = re.split(r"(\s+)", put_together(text))
    said = [known.get(folded(word).strip(":?!,\u00bf\u00a1"), word) for word in words]
    return re.sub(r"[^\S\n]{2,}", " ", "".join(said)).strip()
