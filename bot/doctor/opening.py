"""What there is to look at, made of the settings: nothing is connected to yet."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.doctor.table import Installation
from bot.ehlo_name import own_addresses
from bot.pmta_lookups import DnsLookups
from bot.probers import make_prober
from bot.settings import Found
from commands.smtpcheck.lookup.question import SecureResolver


@asynccontextmanager
async def installation(found: Found, environ: Mapping[str, str]) -> AsyncIterator[Installation]:
    """Of a process of its own, for everything."""
    settings = found.settings
    prober = make_prober(settings)
    servers = settings.nameservers or None
    try:
        yield Installation(
            settings=settings,
            problems=found.problems(for_slack=True),
            environ=environ,
            prober=prober,
            asked=SecureResolver(servers, trusted=settings.trust_ad),
            servers=DnsLookups(servers, prober.guard).servers,
            sources=own_addresses(),
        )
    finally:
        await prober.close()
