"""A reply against the lists of a config: which lines catch it, which of their actions happen, which category it gets.

The first of conflicting lines wins, so what lines do that do not conflict happens together (User's Guide, 3.3.15). Of
bounce categories the first line that matches decides (2019 ed., 10.8); whether the text begins with the code of the
reply or with its status is not documented, so both are tried.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from commands.pmta.language.lists import actions
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.effective import Setting, of_domain
from commands.pmta.queues.model import DOMAIN, Stanzas
from commands.pmta.replies.patterns import Pattern
from commands.pmta.replies.today import MAILBOX, TODAY, Reply

LONGEST = 1000
"""Characters of a reply that are looked at: servers send 512."""
MOST_COMPARED = 2000
"""Lines of a list that are compared with those above."""
Line: TypeAlias = tuple[Statement, Pattern]
LIST, BOUNCES = "smtp-pattern-list", "bounce-category-patterns"
BACKOFF = ("mode", "backoff")
AFTERWARDS = (
    "backoff-max-msg-rate", "backoff-retry-after", "backoff-to-normal-after", "backoff-to-normal-after-delivery",
    "backoff-reroute-to-virtual-mta",
)  # fmt: skip
_CODE = re.compile(r"[245]\d\d[ -]?")
_EXCLUDING = {"skip-mx": "mx", "bounce-queue": "mx"}


@dataclass(frozen=True, slots=True)
class Caught:
    """A line that catches the reply: its actions that happen, and those that a line above has decided."""

    line: Statement
    happens: tuple[tuple[str, str], ...]
    decided: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class User:
    """A <domain> that names a list, and what it says of backoff."""

    stanza: Block
    named_at: Statement
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class ListTrial:
    """`unreachable`: lines with the one above that takes all they could catch. `misses` are of today's replies, and

    `slowed_by` those of one mailbox for which it slows a whole queue. `unknown` are lines that were not tried.
    """

    block: Block
    caught: tuple[Caught, ...]
    users: tuple[User, ...]
    unreachable: tuple[tuple[Statement, Statement], ...]
    misses: tuple[Reply, ...]
    slowed_by: tuple[Reply, ...]
    unknown: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Bounce:
    """The line that decides where the text begins with the code, and where it begins with the status behind it."""

    by_code: Statement | None
    by_status: Statement | None
    unreachable: tuple[tuple[Statement, Statement], ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    lists: tuple[ListTrial, ...]
    bounce: Bounce | None

    @property
    def is_caught(self) -> bool:
        return any(one.caught for one in self.lists)


def tried(stanzas: Stanzas, reply: str, only: str = "") -> Trial:
    """`only` is the lower-case name of the one list that is wanted."""
    reply = " ".join(reply.split())[:LONGEST]
    blocks = [one for one in stanzas.config.tagged(LIST) if not only or bare(one.argument).lower() == only]
    bounces = [one for block in stanzas.config.tagged(BOUNCES) for one in block.all("/regex/")]
    return Trial(tuple(_list(stanzas, block, reply) for block in blocks), _bounce(bounces, reply) if bounces else None)


def _list(stanzas: Stanzas, block: Block, reply: str) -> ListTrial:
    lines = [(one, Pattern(one.word(0))) for one in block.all("reply")]
    caught = tuple(_caught([one for one, pattern in lines if pattern.catches(reply)]))
    return ListTrial(
        block,
        caught,
        tuple(_users(stanzas, bare(block.argument).lower())),
        tuple(_unreachable(lines, _kinds)),
        tuple(one for one in TODAY if one.kind != MAILBOX and not _any(lines, one.text)),
        tuple(one for one in TODAY if one.kind == MAILBOX and _slows(lines, one.text)),
        tuple(one for one, pattern in lines if not pattern.is_known),
    )


def _any(lines: Sequence[Line], text: str) -> bool:
    return any(pattern.catches(text) for _, pattern in lines)


def _slows(lines: Sequence[Line], text: str) -> bool:
    return any(BACKOFF in _actions(one) for one, pattern in lines if pattern.catches(text))


def _actions(one: Statement) -> list[tuple[str, str]]:
    return actions(" ".join(word.text for word in one.words[1:]))


def _kind(name: str) -> str:
    return _EXCLUDING.get(name, name)


def _kinds(one: Statement) -> frozenset[str]:
    return frozenset(_kind(name) for name, _ in _actions(one))


def _caught(lines: Sequence[Statement]) -> Iterator[Caught]:
    taken: set[str] = set()
    for one in lines:
        said = _actions(one)
        yield Caught(
            one,
            tuple(action for action in said if _kind(action[0]) not in taken),
            tuple(action for action in said if _kind(action[0]) in taken),
        )
        taken |= _kinds(one)


def _unreachable(
    lines: Sequence[Line], kinds: Callable[[Statement], frozenset[str]]
) -> Iterator[tuple[Statement, Statement]]:
    """A line is of no use where one above takes all that it could catch, and decides all that it says."""
    for index, (one, pattern) in enumerate(lines[:MOST_COMPARED]):
        above = (other for other, wider in lines[:index] if wider.takes_all_of(pattern) and kinds(one) <= kinds(other))
        first = next(above, None)
        if first is not None:
            yield one, first


def _users(stanzas: Stanzas, name: str) -> Iterator[User]:
    for one in stanzas.config.placed(LIST, DOMAIN):
        if bare(one.word(0)).lower() == name:
            parent = one.block.parent
            mta = bare(parent.argument).lower() if parent and parent.parent else ""
            domain = next(iter(stanzas.patterns(one.block)), "*")
            settings = [found for found in of_domain(stanzas, domain, mta) if found.name in AFTERWARDS]
            yield User(one.block, one, tuple(settings))


def _bounce(lines: Sequence[Statement], reply: str) -> Bounce:
    tested = [(one, Pattern(one.word(0))) for one in lines]
    status = _CODE.sub("", reply, count=1)
    first, second = (next((one for one, pattern in tested if pattern.catches(text)), None) for text in (reply, status))
    return Bounce(first, second, tuple(_unreachable(tested, lambda _: frozenset())))
