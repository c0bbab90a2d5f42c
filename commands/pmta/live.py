"""A config held against the world: do PTR and DKIM records say what the config assumes, and what can be checked next?

Every question is asked through `Lookups`, which the application makes of its guarded resolver. A DNS failure is
unknown, never "missing". Bounded: at most `MOST` claims, `AT_ONCE` at a time, `SECONDS` in all; what was left out is
counted.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import TypeAlias

from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.facts import Endpoint, Facts, NamedFile, SigningKey, SourceHost
from commands.pmta.file_claims import file_claims
from commands.pmta.key_claims import key_claims
from commands.pmta.language.quantities import network
from commands.pmta.source_claims import source_claims
from commands.pmta.world import KeyFiles, Lookups

MOST, AT_ONCE, SECONDS = 200, 16, 20.0
OFFERS = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """What lines of the config say of one subject, how it stands (a code of `live_words`), what was seen, by whom."""

    lines: tuple[int, ...]
    subject: str
    state: str
    seen: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class LiveReport:
    """What came of asking DNS about a config.

    `left_out` counts the claims over the limit, `unnamed` the lines that name nothing DNS could be asked about,
    `asked` are the servers. `offers` can be handed to /smtpcheck; `refused` cannot, each with the reason: port or
    not_public. `files` is whether key files were compared.
    """

    claims: tuple[Claim, ...] = ()
    left_out: int = 0
    unnamed: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()
    offers: tuple[Endpoint, ...] = ()
    refused: tuple[tuple[Endpoint, str], ...] = ()
    files: bool = False
    origin: Origin = ALONE


Question: TypeAlias = SourceHost | SigningKey
Asked: TypeAlias = tuple[Question, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class World:
    """Whom to ask. `ports` are those that /smtpcheck may probe; `files` is None where no key file may be read."""

    lookups: Lookups
    ports: Collection[int]
    files: KeyFiles | None = None
    seconds: float = SECONDS
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


async def examine(claimed: Facts, world: World) -> LiveReport:
    """Ask DNS about source hosts and DKIM keys in turn, each once; the answers by line."""
    questions = _in_turn(_once(claimed.source_hosts), _once(claimed.signing_keys))
    asked = [_bounded(one, lines, claimed.hashes, world) for one, lines in questions[:MOST]]
    found, offered = await asyncio.gather(asyncio.gather(*asked), _offered(claimed, world))
    named = _files(claimed.files, world.files) if world.files else []
    claims = sorted(chain(chain.from_iterable(found), named), key=lambda claim: claim.lines[0])
    return LiveReport(
        claims=tuple(claims),
        left_out=len(questions) - len(asked) + claimed.beyond,
        unnamed=claimed.unnamed,
        asked=world.lookups.servers,
        offers=tuple(one for one, reason in offered if not reason),
        refused=tuple((one, reason) for one, reason in offered if reason),
        files=world.files is not None,
        origin=claimed.origin,
    )


def _files(named: Iterable[NamedFile], files: KeyFiles) -> list[Claim]:
    """Each file once, with all the lines that name it."""
    lines: dict[tuple[str, bool], list[NamedFile]] = {}
    for one in named:
        lines.setdefault((one.path, one.is_key), []).append(one)
    return [
        Claim(tuple(one.line for one in same), same[0].path, *said)
        for same in list(lines.values())[:MOST]
        for said in file_claims(same[0], files)
    ]


def _once(questions: Iterable[Question]) -> list[Asked]:
    """Each question with all the lines that raise it."""
    lines: dict[tuple[str, ...], tuple[Question, list[int]]] = {}
    for one in questions:
        lines.setdefault(_key(one), (one, []))[1].append(one.line)
    return [(one, tuple(found)) for one, found in lines.values()]


def _key(one: Question) -> tuple[str, ...]:
    return (one.address, one.host.lower()) if isinstance(one, SourceHost) else (one.record.lower(), one.file)


def _in_turn(*lists: list[Asked]) -> list[Asked]:
    """One of each list after the other, so that a limit leaves something of each."""
    return [one for row in zip_longest(*lists) for one in row if one is not None]


async def _bounded(one: Question, lines: tuple[int, ...], hashes: Collection[str], world: World) -> list[Claim]:
    subject = one.address if isinstance(one, SourceHost) else one.record
    try:
        async with asyncio.timeout(world.seconds), world.places:
            if isinstance(one, SourceHost):
                said = await source_claims(one, world.lookups)
            else:
                said = await key_claims(one, hashes, world.lookups, world.files)
    except TimeoutError:
        said = [("unknown", "", "")]
    return [Claim(lines, subject, *found) for found in said]


async def _offered(claimed: Facts, world: World) -> list[tuple[Endpoint, str]]:
    """The relays and listeners, each once, with the reason why /smtpcheck would not take it."""
    unique = {(one.host.lower(), one.port): one for one in (*claimed.relays, *claimed.listeners)}
    first = list(unique.values())[:OFFERS]
    reasons = await asyncio.gather(*(_refusal(one, world) for one in first))
    return list(zip(first, reasons, strict=True))


async def _refusal(one: Endpoint, world: World) -> str:
    if one.port not in world.ports:
        return "port"
    if network(one.host) is not None:
        return "" if world.lookups.allows(one.host) else "not_public"
    try:
        async with asyncio.timeout(world.seconds), world.places:
            found = await world.lookups.addresses(one.host)
    except TimeoutError:
        return ""
    return "not_public" if found.hidden else ""
