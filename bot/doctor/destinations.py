"""What a firewall has to let out, from the settings. Pure: nothing is looked up.

Slack documents no list of hosts. Those named here are the ones of its samples, and all lie below slack.com.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.setting_values import SLACK_API
from bot.settings import Settings
from bot.slack.client.proxy import Proxies
from bot.watches.notifiers.teams import HOSTS
from commands.smtpcheck.egress.control_hosts import DEFAULT_HOSTS, parse_hosts

SLACK_HOSTS = ("slack.com", "wss-primary.slack.com", "files.slack.com", "hooks.slack.com")


@dataclass(frozen=True, slots=True)
class Destination:
    """Hosts, the ports there, `tcp` or `udp` or both, and what it is for."""

    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    protocol: str
    reason: str


def destinations(settings: Settings, servers: Sequence[str]) -> list[Destination]:
    """In the order in which one would open them. `servers` are the name servers, as `address` or `address#port`."""
    return [*_slack(settings), *_names(servers), *_checks(settings), *_others(settings)]


def _slack(settings: Settings) -> Iterator[Destination]:
    place = Proxies(settings.https_proxy, settings.no_proxy).place
    if place:
        parts = urlsplit(place)
        yield Destination((str(parts.hostname),), (_port(place),), "tcp", "the proxy on the way to Slack, which needs:")
    if settings.api_url == SLACK_API:
        yield Destination((*SLACK_HOSTS, "*.slack.com"), (443,), "tcp", "Slack: commands, answers, files, Socket Mode")
        return
    host = str(urlsplit(settings.api_url).hostname)
    yield Destination((host,), (_port(settings.api_url),), "tcp", "Slack (SLACK_API_URL)")


def _names(servers: Sequence[str]) -> Iterator[Destination]:
    by_port: dict[int, list[str]] = {}
    for server in servers:
        address, _, port = server.partition("#")
        by_port.setdefault(int(port or 53), []).append(address)
    for number, addresses in by_port.items():
        yield Destination(tuple(addresses), (number,), "udp, tcp", "DNS")


def _checks(settings: Settings) -> Iterator[Destination]:
    yield Destination(("every host that is checked",), settings.ports, "tcp", "checks and watches")
    yield Destination(("mta-sts. below every domain that is checked",), (443,), "tcp", "MTA-STS policies")
    controls = parse_hosts(settings.control_hosts) or DEFAULT_HOSTS
    by_hosts: dict[tuple[str, ...], list[int]] = {}
    for port in settings.ports:
        if controls.get(port):
            by_hosts.setdefault(tuple(controls[port]), []).append(port)
    for hosts, ports in by_hosts.items():
        yield Destination(hosts, tuple(ports), "tcp", "control hosts: whose side blocks a port")


ALERTS: Sequence[tuple[Callable[[Settings], object], tuple[str, ...], str]] = (
    (lambda settings: settings.webhook_secret, ("the hosts of webhooks",), "alerts by webhook"),
    (lambda settings: settings.teams, tuple(f"*{host}" for host in HOSTS), "alerts in Microsoft Teams"),
    (lambda settings: settings.apprise, ("the hosts of PORTERO_APPRISE",), "alerts by Apprise"),
)
ALERTS_BY_URL: Sequence[tuple[Callable[[Settings], str], str]] = (
    (lambda settings: settings.pagerduty_url if settings.pagerduty_key else "", "alerts to PagerDuty"),
    (lambda settings: settings.alertmanager_url, "alerts to Alertmanager"),
)
"""Ways of alerts: whether there are any, where they go, and what that is for."""


def _others(settings: Settings) -> Iterator[Destination]:
    if settings.mail_relay:
        host, port = settings.mail_relay
        yield Destination((host,), (port,), "tcp", "alerts by mail")
    for is_set, hosts, reason in ALERTS:
        if is_set(settings):
            yield Destination(hosts, (443,), "tcp", reason)
    for url_of, reason in ALERTS_BY_URL:
        if url := url_of(settings):
            yield Destination((str(urlsplit(url).hostname),), (_port(url),), "tcp", reason)
    if settings.nats and settings.nats != "managed":
        parts = urlsplit(settings.nats)
        yield Destination((str(parts.hostname),), (parts.port or 4222,), "tcp", "checks from other machines")


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
