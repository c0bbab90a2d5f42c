"""How it is with the other machines and the way to them, seen from outside of a running bot. Nothing is changed."""

import asyncio
import errno
import os
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.settings import Settings
from bot.vantages.credentials import Credentials
from bot.vantages.hello import Hello
from bot.vantages.keys import public_key
from bot.vantages.link import Link, connect
from bot.vantages.managed import Place, binary
from bot.vantages.opening import MANAGED, bot_credentials, place_of, space_of
from bot.vantages.places import greeted
from bot.vantages.registry import Registered, last_seen, registered
from bot.vantages.server import bot_stanza
from storage.watches import AdministerWatches

TRIES, TRY_SECONDS = 2, 5.0
"""For a connection: longer than one try of it takes."""


class Keys(StrEnum):
    """How it is with the bot's own key and the server's certificate, beside the database."""

    THERE = "there"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"


class Listening(StrEnum):
    """How it is with the address of a managed server; `foreign`: it is none of this machine."""

    RUNS = "runs"
    FREE = "free"
    TAKEN = "taken"
    FOREIGN = "foreign"


class Way(StrEnum):
    """How far the way to the server leads."""

    OPEN = "open"
    UNREACHABLE = "unreachable"
    ANOTHER_SERVER = "another_server"
    NO_SERVER = "no_server"
    KEY_REFUSED = "key_refused"


@dataclass(frozen=True, slots=True)
class Machine:
    """One that may connect: its workers now, and when a bot saw it last."""

    name: str
    workers: tuple[Hello, ...] = ()
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`address` is where the bot connects, `why` what the system says of a way that is closed.

    Of a managed server `program` is its binary, `listen` where it listens or would, `wanted` where the settings want
    it; of another one `stanza` is what lets the bot in. `strangers` are names in PORTERO_VANTAGES_ALLOW alone.
    """

    managed: bool
    keys: Keys
    folder: str
    address: str
    way: Way = Way.UNREACHABLE
    why: str = ""
    program: str = ""
    listening: Listening = Listening.FREE
    listen: tuple[str, int] = ("", 0)
    wanted: tuple[str, int] = ("", 0)
    stanza: str = ""
    machines: tuple[Machine, ...] = ()
    strangers: tuple[str, ...] = ()


async def looked(settings: Settings, notes: AdministerWatches) -> Facts:
    """The facts, by one connection to the server of these settings (PORTERO_NATS has to be there)."""
    place, managed = place_of(settings).as_it_runs(), settings.nats == MANAGED
    known = await registered(notes, await space_of(notes))
    keys, credentials = _keys(settings, place)
    way, why, present = await _reached(credentials, known) if credentials else (Way.UNREACHABLE, "", {})
    return Facts(
        managed=managed,
        keys=keys,
        folder=str(place.folder),
        address=credentials.address if credentials else settings.nats,
        way=way,
        why=why,
        program=binary() if managed else "",
        listening=await _listening(place) if managed else Listening.FREE,
        listen=place.listen,
        wanted=settings.nats_listen,
        stanza=bot_stanza(public_key(credentials.seed)) if credentials and not managed else "",
        machines=tuple([Machine(one.name, present.get(one.name, ()), await last_seen(notes, one)) for one in known]),
        strangers=tuple(sorted(settings.vantages_allow.keys() - {one.name for one in known})),
    )


def _keys(settings: Settings, place: Place) -> tuple[Keys, Credentials | None]:
    try:
        credentials = bot_credentials(settings, place)
        public_key(credentials.seed)
    except FileNotFoundError:
        return Keys.MISSING, None
    except OSError:
        return Keys.UNREADABLE, None
    except ValueError:
        return Keys.DAMAGED, None
    return Keys.THERE, credentials


async def _reached(
    credentials: Credentials, known: Sequence[Registered]
) -> tuple[Way, str, Mapping[str, tuple[Hello, ...]]]:
    """How far the way to the server leads, why not further, and who answers there."""
    failed: list[Exception] = []
    over = asyncio.Event()

    def note(error: Exception) -> None:
        failed.append(error)
        if len(failed) >= TRIES or isinstance(error, PermissionError):
            over.set()

    connecting = asyncio.ensure_future(connect(credentials, refused=lambda: note(PermissionError()), failed=note))
    connecting.add_done_callback(lambda _: over.set())
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), TRY_SECONDS)
    if not connecting.done():
        connecting.cancel()
        await asyncio.wait({connecting})
        return *_came_to(failed), {}
    link = connecting.result()
    try:
        return Way.OPEN, "", await _present(link, known)
    finally:
        await link.close()


async def _present(link: Link, known: Sequence[Registered]) -> dict[str, tuple[Hello, ...]]:
    found = await asyncio.gather(*(greeted(link, one) for one in known))
    return {one.name: workers for one, workers in zip(known, found, strict=True)}


def _came_to(failed: Sequence[Exception]) -> tuple[Way, str]:
    """What these errors mean: a key that was refused, else the last of them."""
    if any(isinstance(error, PermissionError) for error in failed):
        return Way.KEY_REFUSED, ""
    last = failed[-1] if failed else TimeoutError()
    if isinstance(last, ssl.SSLError):
        return Way.ANOTHER_SERVER, ""
    if isinstance(last, OSError):
        known = os.strerror(last.errno) if last.errno and last.errno > 0 else last.strerror
        return Way.UNREACHABLE, (known or "no answer").lower()
    return Way.NO_SERVER, ""


async def _listening(place: Place) -> Listening:
    """Whether the server runs; where it does not, whether it could listen."""
    if place.running_pid() is not None:
        return Listening.RUNS
    try:
        trial = await asyncio.start_server(lambda _reader, writer: writer.close(), *place.listen)
    except OSError as error:
        return Listening.TAKEN if error.errno == errno.EADDRINUSE else Listening.FOREIGN
    trial.close()
    return Listening.FREE
