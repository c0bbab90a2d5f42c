"""What stands behind `/smtpcheck`: a target, ports and words, in any order that people type them.

`TARGET [PORT ...] [here] [deep] [again] [from PLACE]`. Ports are tolerated as `587`, `587/tcp`, `port 587`,
`--port=587` and in lists with commas; those that are not among the allowed ones are refused, since the bot is no port
scanner.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from rapidfuzz import fuzz, process

from commands.allowed_ports import refuse_port
from commands.contract import UserError
from commands.help_card import HELP
from commands.slack_text import quoted, undo
from commands.smtpcheck.address.target import (
    EXAMPLE,
    MAX_PORT,
    VANTAGE_NAME,
    Target,
    is_address,
    parse_target,
    refuse_credentials,
)
from commands.smtpcheck.network.asking import OwnNetwork
from storage.entries import LOCAL

FLAGS = frozenset({"here", "deep", "again"})
NETWORK = "network"
FROM = "from"
_FILLERS = frozenset({"port", "ports", "on", "and", "tcp", "-p", "--port", "--ports", "check"})
_PORT = re.compile(r"(?:-p|--?ports?=|ports?[:=])?(\d{1,5})(?:/tcp)?", re.IGNORECASE)
_LIKE_A_TARGET = re.compile(r"[.:\[]|[^\x00-\x7f]|\d{6}|0x")
_CLOSE_ENOUGH = 70


@dataclass(frozen=True, slots=True)
class Arguments:
    """One check that was asked for. `ports` is empty when none was named; the target's own port comes first.

    `vantage` is where from: `local`, the name of another machine, or one of its addresses (`mta-03/192.0.2.11`).
    """

    target: Target
    ports: tuple[int, ...] = ()
    flags: frozenset[str] = frozenset()
    vantage: str = LOCAL


def parse_arguments(text: str, allowed_ports: Collection[int], flags: Collection[str] = FLAGS) -> Arguments | None:
    """What is asked for, or None when it is help (or nothing). `text` is as Slack sent it.

    Raises `UserError` with the nearest valid form for unknown words, a second target and refused ports.
    """
    words, vantage = _place(_split(text))
    if not words or words[0].lower() in HELP:
        return None
    rest = [word for word in words if word.lower() not in _FILLERS]
    named = frozenset(_flag(word) for word in rest) & frozenset(flags)
    rest = [word for word in rest if _flag(word) not in named]
    numbers = [int(match[1]) for word in rest if (match := _PORT.fullmatch(word))]
    target = _target([word for word in rest if not _PORT.fullmatch(word)], numbers, flags)
    ports = numbers if target.port is None else [target.port, *numbers]
    _refuse_ports(ports, allowed_ports)
    return Arguments(target, tuple(dict.fromkeys(ports)), named, vantage)


def typed(arguments: Arguments) -> str:
    """How the same check from here is typed."""
    return " ".join([arguments.target.name, *map(str, arguments.ports), *sorted(arguments.flags)])


def parse_network(text: str, allowed_ports: Collection[int]) -> OwnNetwork | None:
    """`network [PORT ...] [here] [again] [from PLACE]`, or None where a host is meant.

    Raises `UserError` for what has no place there.
    """
    typed = _split(text)
    if NETWORK not in map(_flag, typed):
        return None
    left, vantage = _place(typed)
    words = [_flag(word) for word in left if word.lower() not in _FILLERS]
    if NETWORK not in [word for word in words if word not in FLAGS][:1]:
        return None
    rest = [word for word in words if word not in {NETWORK, "here", "again"}]
    numbers = [int(match[1]) for word in rest if (match := _PORT.fullmatch(word))]
    others = [word for word in rest if not _PORT.fullmatch(word)]
    if others:
        hint = "Behind it stand ports, `here` and `again`."
        raise UserError(f"`{NETWORK}` is about our own network: `{quoted(others[0])}` has no place there.", hint)
    _refuse_ports(numbers, allowed_ports)
    return OwnNetwork(tuple(dict.fromkeys(numbers)), "here" in words, "again" in words, vantage)


def _split(text: str) -> list[str]:
    """The words of what was typed, as Slack sent it."""
    typed = undo(text)
    refuse_credentials(typed)
    return [word for word in re.split(r"[\s,;]+", typed) if word]


def _place(words: list[str]) -> tuple[list[str], str]:
    """The words without `from PLACE`, and the place; this machine where none is named."""
    where = next((number for number, word in enumerate(words) if _flag(word) == FROM), None)
    if where is None:
        return words, LOCAL
    if where + 1 == len(words):
        raise UserError("Behind `from` stands a place.", "For example `from mta-03`; `from local` is this machine.")
    return [*words[:where], *words[where + 2 :]], place_of(words[where + 1])


def place_of(text: str) -> str:
    """`mta-03` or `mta-03/192.0.2.11` as it is kept; raises `UserError` for what is no name of a place."""
    name, slash, source = text.lower().partition("/")
    if not VANTAGE_NAME.fullmatch(name) or (slash and not is_address(source)):
        hint = "It is a name such as `mta-03`, or a name and one of its addresses: `mta-03/192.0.2.11`."
        raise UserError(f"`{quoted(text)}` is no place to check from.", hint)
    return f"{name}/{ip_address(source)}" if slash else name


def _flag(word: str) -> str:
    return word.lower().removeprefix("--")


def _target(words: list[str], numbers: list[int], flags: Collection[str]) -> Target:
    """The one word that is left is the target; what else is left is refused, the likeliest mistake first."""
    if not words:
        ports = "".join(f" {number}" for number in numbers[:4])
        raise UserError("There is no target.", f"Type a host first, such as `{EXAMPLE}{ports}`.")
    bare = [word for word in words if not _LIKE_A_TARGET.search(word)]
    for word in bare:
        _refuse_misspelt(word, flags)
    likely = [word for word in words if word not in bare] or words
    target = parse_target(likely[0])
    if len(likely) > 1:
        raise UserError("One target at a time.", f"Check `{target.name}` first, then `{quoted(likely[1])}`.")
    if bare and bare != likely:
        raise UserError(f"`{quoted(bare[0])}` is no port and no word that I know.", _words(flags))
    return target


def _refuse_misspelt(word: str, flags: Collection[str]) -> None:
    match = process.extractOne(
        _flag(word), sorted({*flags, "help", NETWORK}), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH
    )
    if match:
        raise UserError(f"`{quoted(word)}` is no word that I know.", f"Did you mean `{match[0]}`?")


def _words(flags: Collection[str]) -> str:
    known = ", ".join(f"`{flag}`" for flag in sorted(flags))
    return f"Behind the target stand ports, one by one (`25 587`), and the words {known}."


def _refuse_ports(ports: Iterable[int], allowed: Collection[int]) -> None:
    for port in ports:
        if not 0 < port <= MAX_PORT:
            raise UserError(f"`{port}` is no port.", f"Ports are numbers from 1 to {MAX_PORT}.")
        refuse_port(port, allowed)
