"""The checks, in the order in which they are told: for `portero doctor`, the start, /portero status and Home."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.doctor.checks import database, listening, names, network, settings, slack_app, vantages, views
from bot.doctor.checks.slack_app import AuthTest
from bot.doctor.result.codes import Found
from bot.doctor.sample.samples import samples
from bot.settings import Settings
from bot.slack.client.proxy import Proxies
from bot.slack.client.web_client import SlackClient
from bot.slack.manifest import BOT_SCOPES, OPTIONAL_SCOPES, manifest
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.probe.prober import Prober


@dataclass(frozen=True, slots=True)
class Installation:
    """What there is to look at. `servers` are the name servers, `sources` the addresses that we connect from."""

    settings: Settings
    problems: Sequence[str]
    environ: Mapping[str, str]
    prober: Prober
    asked: SecureResolver
    servers: Sequence[str]
    sources: Sequence[str]
    client: SlackClient
    auth_test: AuthTest

    @property
    def proxies(self) -> Proxies:
        return Proxies(self.settings.https_proxy, self.settings.no_proxy)


@dataclass(frozen=True, slots=True)
class Check:
    """`quick`: of those that a start looks at, too, since they neither connect to strangers nor open the history."""

    name: str
    title: str
    run: Callable[[Installation], Awaitable[list[Found]]]
    quick: bool = False


CHECKS: tuple[Check, ...] = (
    Check("settings", "Settings", lambda it: settings.settings_read(it.problems), quick=True),
    Check("proxy", "Proxy", lambda it: settings.proxy_used(it.proxies, it.settings.api_url, it.environ), quick=True),
    Check(
        "bot_token",
        "Bot token",
        lambda it: slack_app.bot_token(it.settings.bot_token, it.auth_test, it.settings.api_url),
        quick=True,
    ),
    Check("scopes", "Scopes", lambda it: slack_app.scopes(it.auth_test, BOT_SCOPES, OPTIONAL_SCOPES), quick=True),
    Check("way_in", "Way in", lambda it: slack_app.way_in(it.settings, it.auth_test, it.client)),
    Check(
        "manifest",
        "App manifest",
        lambda it: slack_app.manifest_set(it.settings, it.client, manifest(), it.auth_test),
    ),
    Check("views", "Views", lambda it: views.views_taken(it.client, samples)),
    Check("clock", "Clock", lambda it: slack_app.clock(it.auth_test), quick=True),
    Check("listening", "Own address", lambda it: listening.address_free(it.settings.host, it.settings.port)),
    Check("database", "History", lambda it: database.database_opens(it.settings.database, os.geteuid())),
    Check("room", "Room for it", lambda it: database.room_left(it.settings.database), quick=True),
    Check("dns", "Name servers", lambda it: names.name_servers(it.asked, it.servers, time.monotonic), quick=True),
    Check("dnssec", "DNSSEC", lambda it: names.dnssec(it.asked), quick=True),
    Check(
        "ehlo",
        "Name in EHLO",
        lambda it: names.ehlo_name(it.prober.ehlo_name, it.prober.resolver, it.asked, it.sources),
        quick=True,
    ),
    Check("families", "IPv4 and IPv6", lambda it: names.families(it.sources), quick=True),
    Check(
        "control",
        "Control hosts",
        lambda it: network.control_hosts(
            it.prober.control.hosts, it.settings.ports, it.prober.resolver, it.prober.guard
        ),
    ),
    Check("vantages", "Other machines", lambda it: vantages.machines(it.settings, it.prober.now())),
    Check("ports", "Ports that get out", lambda it: network.ports_out(it.prober.control, it.settings.ports)),
)
