"""What stands behind `/smtpcheck`: targets, ports and words, in any order that people type them.

`TARGET ... [PORT ...] [here] [deep] [again] [from PLACE]`. Up to five targets are checked at once. Ports are tolerated
as `587`, `587/tls`, `port 587`, `--port=587`, `submission`, as a range (`25-587`: those that may be checked) and in
lists with commas; others than the allowed ones are refused, since the bot is no port scanner.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import takewhile

from rapidfuzz import fuzz, process

from commands.allowed_ports import listed, refuse_port
from commands.contract import UserError
from commands.help_card import HELP
from commands.other_words import in_either
from commands.slack_text import quoted, undo
from commands.smtpcheck.address.no_target import FROM_FILE
from commands.smtpcheck.address.target import (
    EXAMPLE,
    MAX_PORT,
    SERVICES,
    VANTAGE_NAME,
    Target,
    bare,
    is_address,
    refuse_credentials,
    target_in,
)
from commands.smtpcheck.network.asking import OwnNetwork
from storage.entries import LOCAL

FLAGS = frozenset({"here", "deep", "again"})
SYNONYMS = {"public": "here", "publicly": "here"}
NETWORK = "network"
FROM = "from"
ALL_PORTS = "all"
MOST_TARGETS = 5
"""Checked at once; a terminal takes any number from a file."""

_FILLERS = frozenset(
    {"port", "ports", "on", "and", "tcp", "tls", "-p", "--port", "--ports", "check", ALL_PORTS, "please"}
)
_PORT = re.compile(
    r"(?:-p|--?ports?=|ports?[:=]|:)?(\d{1,5})(?:/(?:tcp|tls|ssl|starttls|smtps?|submissions?|plain))?:?", re.IGNORECASE
)
_PORTS = re.compile(r"\d{1,5}(?:[/+&|]\d{1,5})+")
_RANGE = re.compile(r"(\d{1,5})(?:-|\.\.\.?)(\d{1,5})")
_LIKE_A_TARGET = re.compile(r"[.:\[]|^[@#]|[^\x00-\x7f]|\d{6}|0x")
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
    """As `parse_several`, of one target alone; None when it is help (or nothing)."""
    found = parse_several(text, allowed_ports, flags)
    if len(found) > 1:
        raise UserError("One target at a time.", f"Check `{found[0].target.name}` first.", found[0].target.name)
    return found[0] if found else None


@in_either("smtpcheck")
def parse_several(
    text: str, allowed_ports: Collection[int], flags: Collection[str] = FLAGS, *, most: int = MOST_TARGETS
) -> Sequence[Arguments]:
    """The checks that are asked for, one for each target; none when it is help (or nothing).

    `text` is as Slack sent it. Raises `UserError` with the nearest valid form for unknown words, too many targets and
    refused ports.
    """
    words, vantage = _place(_split(text))
    if not words or words[0].lower() in HELP:
        return ()
    rest = [word for word in words if not _is_filler(word)]
    named = frozenset(map(_flag, rest)) & frozenset(flags)
    rest = [word for word in rest if _flag(word) not in named]
    others = [word for word in rest if not _is_of_ports(word)]
    numbers = list(_numbers(rest, allowed_ports))
    everything = any(_plain(word) == ALL_PORTS for word in words)
    checks = []
    for target, own in _targets(others, numbers, flags, most):
        ports = () if everything else [*own, *numbers]
        checks.append(Arguments(target, _allowed(ports, allowed_ports, target), named, vantage))
    return tuple(checks)


@in_either("smtpcheck")
def parse_compared(text: str, allowed_ports: Collection[int]) -> Sequence[Arguments]:
    """`compare HOST HOST [PORT ...]`, `HOST vs HOST`: both of them; none where nothing is compared."""
    words = [word for word in _split(text) if _flag(word) not in HELP]
    if COMPARING.isdisjoint(map(_flag, words)):
        return ()
    left = [word for word in words if _flag(word) not in COMPARING | JOINING]
    found = parse_several(" ".join(left), allowed_ports, ("here", "again")) if left else ()
    if len(found) != BOTH:
        line = f"compare {' '.join(one.target.name for one in found[:BOTH])}" if len(found) > BOTH else ""
        raise UserError("Two hosts are compared.", "Type `compare mail.example.com mx.example.net`.", line or ())
    return found


COMPARING = frozenset({"compare", "compara", "comparar", "vs", "versus"})
JOINING = frozenset({"with", "to", "against", "con", "y", "e", "and"})
BOTH = 2


def typed(asked: Sequence[Arguments]) -> str:
    """How the same checks from here are typed."""
    first = asked[0]
    if all(one.ports == first.ports for one in asked):
        hosts = [*(one.target.name for one in asked), *map(str, first.ports)]
    else:
        hosts = [place for one in asked for place in _places(one)]
    return " ".join([*hosts, *sorted(first.flags)])


def _places(one: Arguments) -> Sequence[str]:
    """`mail.example.com:25 mail.example.com:587`, or the host alone for all of its ports."""
    host = f"[{one.target.name}]" if ":" in one.target.name else one.target.name
    return [f"{host}:{port}" for port in one.ports] or [one.target.name]


@in_either("smtpcheck")
def parse_network(text: str, allowed_ports: Collection[int]) -> OwnNetwork | None:
    """`network [PORT ...] [here] [again] [from PLACE]`, or None where a host is meant.

    Raises `UserError` for what has no place there.
    """
    typed = _split(text)
    if NETWORK not in map(_flag, typed):
        return None
    left, vantage = _place(typed)
    words = [_flag(word) for word in left if not _is_filler(word)]
    if NETWORK not in [word for word in words if word not in FLAGS][:1]:
        return None
    rest = [word for word in words if word not in {NETWORK, "here", "again"}]
    others = [word for word in rest if not _is_of_ports(word)]
    if others:
        hint = "Behind it stand ports, `here` and `again`."
        message = f"`{NETWORK}` is about our own network: `{quoted(others[0])}` has no place there."
        raise UserError(message, hint, " ".join(word for word in words if word not in others))
    ports = _allowed(_numbers(rest, allowed_ports), allowed_ports)
    return OwnNetwork(ports, "here" in words, "again" in words, vantage)


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
        hint = "For example `from mta-03`; `from local` is this machine."
        raise UserError("Behind `from` stands a place.", hint, " ".join(words[:-1]))
    behind = words[where + 2 :]
    more = list(takewhile(_is_of_places, behind))
    if any(word.lower() not in _AND for word in more):
        line = " ".join([*words[:where], *behind[len(more) :], FROM, ALL_PORTS])
        raise UserError("It is checked from one place, or from all.", f"Type `/smtpcheck {quoted(line)}`.", line)
    return [*words[:where], *behind], place_of(words[where + 1])


def _is_of_places(word: str) -> bool:
    """One more place behind `from PLACE`: a name with a hyphen or a digit, as machines have; or what joins two."""
    is_name = bool(VANTAGE_NAME.fullmatch(word.lower()) and re.search(r"[-\d]|^local$", word.lower()))
    return word.lower() in _AND or (is_name and not _is_of_ports(word))


_AND = frozenset({"and", "y", "&", "+"})


def place_of(text: str) -> str:
    """`mta-03` or `mta-03/192.0.2.11` as it is kept; raises `UserError` for what is no name of a place."""
    name, slash, source = text.lower().partition("/")
    if not VANTAGE_NAME.fullmatch(name) or (slash and not is_address(source)):
        hint = "It is a name such as `mta-03`, or a name and one of its addresses: `mta-03/192.0.2.11`."
        raise UserError(f"`{quoted(text)}` is not a place to check from.", hint)
    return f"{name}/{ip_address(source)}" if slash else name


def _plain(word: str) -> str:
    """The word without what people put around it, in lower case."""
    return bare(word).lower().rstrip(".")


def _flag(word: str) -> str:
    named = _plain(word).removeprefix("--")
    return SYNONYMS.get(named, named)


def _is_filler(word: str) -> bool:
    return _plain(word) in _FILLERS or not _plain(word)


def _is_of_ports(word: str) -> bool:
    plain = _plain(word)
    return plain in SERVICES or any(form.fullmatch(plain) for form in (_PORT, _PORTS, _RANGE))


def _numbers(words: Iterable[str], allowed: Collection[int]) -> Iterator[int]:
    """The ports that the words name; of a range those that may be checked."""
    for word in map(_plain, words):
        if word in SERVICES:
            yield SERVICES[word]
        elif match := _PORT.fullmatch(word):
            yield int(match[1])
        elif _PORTS.fullmatch(word):
            yield from map(int, re.findall(r"\d+", word))
        elif match := _RANGE.fullmatch(word):
            yield from _between(int(match[1]), int(match[2]), allowed)


def _between(one: int, other: int, allowed: Collection[int]) -> Sequence[int]:
    first, last = min(one, other), max(one, other)
    found = [port for port in sorted(allowed) if first <= port <= last]
    if not found:
        raise UserError(f"No port from {first} to {last} is checked here: this is a mail checker.", listed(allowed))
    return found


def _targets(
    words: list[str], numbers: list[int], flags: Collection[str], most: int
) -> Sequence[tuple[Target, Sequence[int]]]:
    """Each once, with the ports that came with it. What is no target is refused, the likeliest mistake first."""
    if not words:
        ports = "".join(f" {number}" for number in numbers[:4])
        raise UserError("There is no target.", f"Type a host first, such as `{EXAMPLE}{ports}`.")
    odd = [word for word in words if not _LIKE_A_TARGET.search(bare(word))]
    for word in odd:
        _refuse_misspelt(word, flags)
    likely = [word for word in words if word not in odd] or words[:1]
    found: dict[str, tuple[Target, list[int]]] = {}
    for target in map(target_in, likely):
        _, own = found.setdefault(target.name, (target, []))
        own += [target.port] if target.port else []
    stray = next((word for word in odd if word not in likely), None)
    if stray is not None:
        known = " ".join([*likely, *map(str, numbers)])
        raise UserError(f"`{quoted(stray)}` is not a port or a word that I know.", _words(flags), known)
    if len(found) > most:
        raise _too_many(likely, numbers, most)
    return list(found.values())


def _too_many(likely: Sequence[str], numbers: Sequence[int], most: int) -> UserError:
    first = " ".join([*likely[:most], *map(str, numbers)])
    return UserError(
        f"Up to {most} hosts are checked at once, and these are {len(likely)}.",
        f"Type the others behind a second command; {FROM_FILE}",
        first,
    )


def _refuse_misspelt(word: str, flags: Collection[str]) -> None:
    match = process.extractOne(
        _flag(word), sorted({*flags, "help", NETWORK}), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH
    )
    if match:
        meant = match[0]
        if meant == _flag(word):
            hint = f"Type `{meant}` alone, or leave it out."
            raise UserError(f"`{meant}` has no place behind a host.", hint, meant if meant == NETWORK else ())
        raise UserError(f"`{quoted(word)}` is not a word that I know.", f"Did you mean `{meant}`?", meant, wrong=word)


def _words(flags: Collection[str]) -> str:
    known = ", ".join(f"`{flag}`" for flag in sorted(flags))
    words = f", and the words {known}" if known else ""
    return f"Behind the target stand ports, one by one (`25 587`){words}."


def _allowed(ports: Iterable[int], allowed: Collection[int], target: Target | None = None) -> tuple[int, ...]:
    """Each port once. Raises `UserError` for one that is not checked, with a check of those that are left."""
    found = tuple(dict.fromkeys(ports))
    for port in found:
        try:
            _refuse(port, allowed)
        except UserError as error:
            left = [str(other) for other in found if other in allowed]
            error.try_instead = (" ".join([target.name if target else NETWORK, *left]),)
            raise
    return found


def _refuse(port: int, allowed: Collection[int]) -> None:
    if not 0 < port <= MAX_PORT:
        raise UserError(f"`{port}` is not a port.", f"Ports are numbers from 1 to {MAX_PORT}.")
    refuse_port(port, allowed)
