"""What there is to look at, made of the settings: nothing is connected to yet."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.doctor.checks.slack_app import AuthTest
from bot.doctor.table import Installation
from bot.ehlo_name import own_addresses
from bot.pmta_lookups import DnsLookups
from bot.probers import make_prober, utc_now
from bot.settings import Found, Settings
from bot.slack.client.proxy import Proxies
from bot.slack.client.session import slack_session
from bot.slack.client.web_client import SlackClient, make_client
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.probe.prober import Prober


def of_bot(settings: Settings, prober: Prober, client: SlackClient, environ: Mapping[str, str]) -> Installation:
    """Of a bot that runs, with what it has open: for the quick checks. What was wrong with its settings stopped it."""
    servers = settings.nameservers or None
    return Installation(
        settings=settings,
        problems=(),
        environ=environ,
        prober=prober,
        asked=SecureResolver(servers, trusted=settings.trust_ad),
        servers=DnsLookups(servers, prober.guard).servers,
        sources=own_addresses(),
        client=client,
        auth_test=AuthTest(client, utc_now),
    )


@asynccontextmanager
async def installation(found: Found, environ: Mapping[str, str]) -> AsyncIterator[Installation]:
    """Of a process of its own, for everything."""
    settings = found.settings
    prober = make_prober(settings)
    session = slack_session(settings.api_url, Proxies(settings.https_proxy, settings.no_proxy))
    client = make_client(settings, session)
    client.retry_handlers = []  # what is so now is told; nobody waits for it to pass
    try:
        it = of_bot(settings, prober, client, environ)
        yield replace(it, problems=found.problems(for_slack=True))
    finally:
        await session.close()
        await prober.close()
