"""The other machines that check for Portero, and the NATS server that they meet at: what `bot.vantages` sees."""

from datetime import datetime

from bot.doctor.result.codes import Code, Found
from bot.settings import Settings
from bot.vantages.extra import diagnosed
from storage.databases.registry import opened
from storage.history import StorageError


async def machines(settings: Settings, now: datetime) -> list[Found]:
    """A line for each thing that is so; nothing is changed, and nothing is connected to without PORTERO_NATS."""
    if not settings.nats:
        return [Found(Code.VANTAGES_NONE)]
    try:
        async with opened(settings.database, to_read=True) as database:
            lines = await diagnosed(settings, database.watches, now)
    except StorageError:
        return [Found(Code.VANTAGES_UNKNOWN)]
    codes = {(True, False): Code.VANTAGE_FINE, (True, True): Code.VANTAGE_NOTE}
    return [
        Found(codes.get((is_fine, bool(remedy)), Code.VANTAGE_BAD), {"text": text, "remedy": remedy})
        for is_fine, text, remedy in lines
    ]
