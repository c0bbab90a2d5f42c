"""How what checks is made of the settings: for the bot, the terminal and a worker, without the history and Slack."""

from datetime import UTC, datetime
from functools import partial

from bot.ehlo_name import default_ehlo_name
from bot.settings import Settings
from commands.smtpcheck.address.public_addresses import DenyList, Guard
from commands.smtpcheck.egress.control_hosts import DEFAULT_HOSTS, Control, parse_hosts
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.lookup.resolve import Resolver
from commands.smtpcheck.policy.mail_policy import examiner
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits, Route, direct, tls_context


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_prober(
    settings: Settings, *, store: TrustStore | None = None, route: Route = direct, limits: Limits | None = None
) -> Prober:
    """The prober of a process; the store and the TLS context are expensive and made once."""
    trust = store or TrustStore.from_system()
    guard = Guard(settings.allow_networks, DenyList.parse(settings.deny_hosts))
    resolver = Resolver(settings.nameservers or None)
    asked = SecureResolver(settings.nameservers or None, trusted=settings.trust_ad)
    return Prober(
        resolver=resolver,
        guard=guard,
        examine=examiner(asked, guard, trust, route, settings.ports),
        control=Control(resolver, guard, parse_hosts(settings.control_hosts) or DEFAULT_HOSTS, route),
        store=trust,
        context=tls_context(),
        ehlo_name=settings.ehlo_name or default_ehlo_name(),
        now=partial(datetime.now, UTC),
        limits=limits or Limits(),
        route=route,
    )
