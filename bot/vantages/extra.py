"""Checks from other machines, where they are wanted: without the setting nothing of the extra is imported."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.settings import Settings
from commands.contract import UserError
from commands.smtpcheck.probe.prober import Prober

if TYPE_CHECKING:
    from bot.vantages.places import Places
    from storage.watches import AdministerWatches


MISSING = "Checks from other machines need a package that is not installed.", "pip install 'portero[vantages]'"


def wanted() -> None:
    """Raises `UserError` where it is not installed."""
    if find_spec("nats") is None:
        raise UserError(*MISSING)


async def diagnosed(settings: Settings, notes: "AdministerWatches", now: datetime) -> Sequence[tuple[bool, str, str]]:
    """Whether each thing about them is as it has to be, what was seen, and what to do; nothing where none is wanted."""
    if not settings.nats:
        return []
    if find_spec("nats") is None:
        return [(False, *MISSING)]
    from bot.vantages.diagnosis import diagnose  # noqa: PLC0415 - of the extra

    return await diagnose(settings, notes, now)


@asynccontextmanager
async def opened_vantages(
    settings: Settings, notes: "AdministerWatches", prober: Prober, *, serve: bool
) -> AsyncIterator["Places | None"]:
    """The other machines, where there is a setting for them; `serve`: of a bot, which runs what they connect to.

    Raises `UserError` where what that needs is not installed.
    """
    if not settings.nats:
        yield None
        return
    wanted()
    from bot.vantages.opening import opened_places  # noqa: PLC0415 - of the extra

    async with opened_places(settings, notes, prober.store, prober.now, serve=serve) as places:
        yield places
