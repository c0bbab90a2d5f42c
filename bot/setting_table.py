"""The settings as a table: names, how each is read, and what docs/settings.md says of it. Data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import setting_values as read
from bot.setting_sources import FILE, without_comment
from bot.setting_values import PAGERDUTY, SLACK_API
from commands.allowed_ports import DEFAULT_PORTS

SECRETS = frozenset(
    {
        "bot_token",
        "app_token",
        "signing_secret",
        "config_token",
        "mail_password",
        "webhook_secret",
        "probe_token",
        "pagerduty_key",
        "alertmanager_url",
        "apprise",
        "https_proxy",
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: the field it fills, how it is read, and what docs/settings.md says of it.

    `verbatim`: a `#` in it is no comment. `also`: names that count where this one is not set. `foreign`: other programs
    read it too, so that a wrong one is a problem of the bot alone.
    """

    name: str
    field: str
    read: Callable[[str], Any]
    default: str
    meaning: str
    verbatim: bool = False
    also: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def is_secret(self) -> bool:
        return self.field in SECRETS

    def of(self, value: str) -> str:
        """What counts of a value: without a comment behind it."""
        return value if self.verbatim else without_comment(value)


BOT_TOKEN_PAGE = "OAuth & Permissions > Bot User OAuth Token, after the app is installed"  # noqa: S105 - a place, not a token
APP_TOKEN_PAGE = "Basic Information > App-Level Tokens, with the scope connections:write"  # noqa: S105 - a place, not a token
CONFIG_PAGE = "https://api.slack.com/apps > Your App Configuration Tokens"
SIGNING_PAGE = "Basic Information > App Credentials > Signing Secret"
DENY = (
    "Never connect to these, whoever asks: names, `*.example.com` (the domain and all below it), addresses, networks; "
    "also where MX, CNAME or MTA-STS lead there"
)

TABLE: tuple[Setting, ...] = (
    Setting(
        "SLACK_BOT_TOKEN", "bot_token", read.prefixed("xoxb-", BOT_TOKEN_PAGE), "", f"Bot token ({BOT_TOKEN_PAGE})"
    ),
    Setting(
        "SLACK_APP_TOKEN", "app_token", read.prefixed("xapp-", APP_TOKEN_PAGE), "", f"Socket Mode ({APP_TOKEN_PAGE})"
    ),
    Setting("SLACK_SIGNING_SECRET", "signing_secret", read.text, "", f"HTTP mode ({SIGNING_PAGE})"),
    Setting(
        "SLACK_CONFIG_TOKEN",
        "config_token",
        read.prefixed("xoxe", CONFIG_PAGE),
        "",
        f"For `portero doctor` alone, which compares the app's manifest by it: {CONFIG_PAGE}; ends after 12 hours",
        foreign=True,
    ),
    Setting("SLACK_API_URL", "api_url", read.api_url, SLACK_API, "Another Slack-compatible server"),
    Setting(
        "HTTPS_PROXY",
        "https_proxy",
        read.proxy,
        "",
        "Proxy on the way to Slack, and to nothing else: http://[user:password@]proxy.example.com:3128",
        also=("https_proxy",),
        foreign=True,
    ),
    Setting(
        "NO_PROXY",
        "no_proxy",
        read.text,
        "",
        "Hosts that are reached without it, by commas: names and what is below them, addresses, networks; `*` for all",
        also=("no_proxy",),
        foreign=True,
    ),
    Setting(
        "PORTERO_HOST", "host", read.host, "127.0.0.1", "Address for HTTP: events, /healthz, /readyz, /metrics, /probe"
    ),
    Setting("PORTERO_PORT", "port", read.port_or_any, "3000", "Port for the same; 0 takes any free one"),
    Setting(
        "PORTERO_DATABASE", "database", read.database, "~/.local/share/portero/portero.db", "Path of the SQLite file"
    ),
    Setting(
        "PORTERO_EHLO_NAME", "ehlo_name", read.ehlo_name, "", "Name in EHLO; should resolve to this machine's address"
    ),
    Setting(
        "PORTERO_ALLOW_NETWORKS", "allow_networks", read.networks, "", "Networks to probe although not public (CIDRs)"
    ),
    Setting("PORTERO_DENY_HOSTS", "deny_hosts", read.deny_hosts, "", DENY),
    Setting(
        "PORTERO_PORTS",
        "ports",
        read.ports,
        ",".join(map(str, DEFAULT_PORTS)),
        "Ports that may be probed; all of them by default",
    ),
    Setting(
        "PORTERO_CONTROL_HOSTS",
        "control_hosts",
        read.control_hosts,
        "",
        "Known-good hosts, host or host:port, for telling whose side blocks a port: of two operators at least (two "
        "domains in two networks)",
    ),
    Setting(
        "PORTERO_KEEP_CONFIGS",
        "keep_configs",
        read.yes,
        "no",
        "yes: keep the lines of configs that /pmta understood, secrets and free words covered",
    ),
    Setting(
        "PORTERO_ADMINS",
        "admins",
        read.people,
        "",
        "Slack ids of people who see and delete all results, as admins of the workspace do, and are told when storage "
        "fails",
    ),
    Setting("PORTERO_ALLOW_GUESTS", "allow_guests", read.yes, "no", "yes: guests may use Portero, too"),
    Setting(
        "PORTERO_ALLOW_TEAMS",
        "allow_teams",
        read.organisations,
        "",
        "Slack ids of other organisations whose people may use Portero in channels shared with them",
    ),
    Setting(
        "PORTERO_RETENTION_DAYS",
        "retention_days",
        read.days,
        "0",
        "Days for which results are kept; older ones are deleted, hourly and in small steps. 0: for ever",
    ),
    Setting("PORTERO_WATCHES_MAX", "watches_max", read.count, "1000", "Watches that a workspace may have"),
    Setting("PORTERO_WATCHES_EVERY_MIN", "watches_every_min", read.interval, "1m", "The shortest interval of a watch"),
    Setting(
        "PORTERO_MAIL_RELAY",
        "mail_relay",
        read.relay,
        "",
        "Relay for alerts by mail, host:port; 465 speaks TLS at once, every other port has to offer STARTTLS",
    ),
    Setting("PORTERO_MAIL_FROM", "mail_from", read.mail_address, "", "Sender of alerts by mail"),
    Setting("PORTERO_MAIL_USER", "mail_user", read.text, "", "Login at the relay; without one Portero sends without"),
    Setting("PORTERO_MAIL_PASSWORD", "mail_password", read.text, "", "Its password", verbatim=True),
    Setting(
        "PORTERO_WEBHOOK_SECRET",
        "webhook_secret",
        read.secret,
        "",
        "Signs webhooks of watches (HMAC-SHA256), 16 characters at least; without it there are none",
        verbatim=True,
    ),
    Setting(
        "PORTERO_TEAMS",
        "teams",
        read.yes,
        "no",
        "yes: watches may alert in Microsoft Teams, too, where somebody types the URL of a workflow",
    ),
    Setting(
        "PORTERO_PAGERDUTY_KEY",
        "pagerduty_key",
        read.pagerduty_key,
        "",
        "Integration key of a service in PagerDuty (Events API v2), for watches that say `pagerduty critical`",
    ),
    Setting(
        "PORTERO_PAGERDUTY_URL",
        "pagerduty_url",
        read.https_url,
        PAGERDUTY,
        "Where its events go; in Europe https://events.eu.pagerduty.com/v2/enqueue",
    ),
    Setting(
        "PORTERO_ALERTMANAGER_URL",
        "alertmanager_url",
        read.service_url,
        "",
        "Prometheus' Alertmanager, for watches that say `alertmanager critical`: http://[user:password@]127.0.0.1:9093",
    ),
    Setting(
        "PORTERO_APPRISE",
        "apprise",
        read.apprise,
        "",
        "Services of Apprise by names of yours, for watches that say `apprise ops`: `ops=ntfys://ntfy.example.com/ops "
        "night=pover://user@token`; needs `pip install portero[apprise]`",
        verbatim=True,
    ),
    Setting(
        "PORTERO_PROBE_TOKEN",
        "probe_token",
        read.secret,
        "",
        "For whom `/probe` checks: whoever sends it as a bearer token, 16 characters at least; without one programs on "
        "this machine, in Socket Mode alone",
        verbatim=True,
    ),
    Setting(
        "PORTERO_NATS",
        "nats",
        read.nats,
        "",
        "Checks from other machines: `managed` (Portero runs the NATS server itself) or the address of one; needs "
        "`pip install portero[vantages]`",
    ),
    Setting(
        "PORTERO_NATS_LISTEN", "nats_listen", read.listen, "127.0.0.1:4222", "Where the managed NATS server listens"
    ),
    Setting(
        "PORTERO_VANTAGES_ALLOW",
        "vantages_allow",
        read.vantages,
        "",
        "Who alone may check from a machine: `mta-03:C0123ABCD, mta-03:S0456EFGH` (channels, user groups, people by "
        "their ids; groups take the scope `usergroups:read`); what is not named is for everybody",
    ),
    Setting("PORTERO_LOG_LEVEL", "log_level", read.log_level, "info", "Of what is logged: debug, info, warning, error"),
    Setting("PORTERO_LOG_FORMAT", "log_format", read.log_format, "text", "text, or json: an object on each line"),
    Setting(
        "PORTERO_NAMESERVERS", "nameservers", read.nameservers, "", "Name servers as ip[:port]; default: the system's"
    ),
    Setting(
        "PORTERO_TRUST_AD",
        "trust_ad",
        read.yes,
        "no",
        "yes: the name servers validate DNSSEC and nobody can tamper with the way to them, so DANE is judged by their "
        "AD bit; one on loopback is believed anyway",
    ),
)

KNOWN = frozenset(setting.name for setting in TABLE)
FILES = frozenset(setting.name + FILE for setting in TABLE if setting.is_secret)
"""Every variable that is read, and those that name a file with a secret."""
