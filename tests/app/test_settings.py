from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.setting_table import SECRETS, TABLE
from bot.settings import Settings, SettingsError, load
from commands.allowed_ports import DEFAULT_PORTS
from commands.smtpcheck.egress.control_hosts import Control
from commands.smtpcheck.wire.connection import Limits
from commands.watch.state.limits import LONGEST_INTERVAL, Rules
from tests.every import every

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}

NETWORKS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
V6 = ("2001:db8::53", 54)

ALLOWED = {"mta-03": frozenset({"C0123", "S0456", "U0789"})}
GOOD = [
    ("SLACK_API_URL", "http://127.0.0.1:8080/api", "api_url", "http://127.0.0.1:8080/api/"),
    ("PORTERO_HOST", "0.0.0.0", "host", "0.0.0.0"),
    ("PORTERO_LOG_LEVEL", "WARNING", "log_level", "warning"),
    ("PORTERO_LOG_FORMAT", "json", "log_format", "json"),
    ("PORTERO_HOST", "::", "host", "::"),
    ("PORTERO_HOST", "[::1]", "host", "::1"),
    ("PORTERO_HOST", "localhost", "host", "localhost"),
    ("PORTERO_PORT", "0", "port", 0),
    ("PORTERO_DATABASE", "~/p.db", "database", str(Path("~/p.db").expanduser())),
    ("PORTERO_EHLO_NAME", " portero.example.com ", "ehlo_name", "portero.example.com"),
    ("PORTERO_ALLOW_NETWORKS", "10.0.0.0/8, fd00::/8", "allow_networks", NETWORKS),
    ("PORTERO_PORTS", "25, 587,25", "ports", (25, 587)),
    ("PORTERO_NAMESERVERS", "192.0.2.53", "nameservers", (("192.0.2.53", 53),)),
    ("PORTERO_NAMESERVERS", "192.0.2.53:5353,[2001:db8::53]:54", "nameservers", (("192.0.2.53", 5353), V6)),
    ("PORTERO_NAMESERVERS", "2001:db8::53,[2001:db8::53]:54", "nameservers", (("2001:db8::53", 53), V6)),
    ("PORTERO_DENY_HOSTS", "*.a.example, 192.0.2.0/24", "deny_hosts", "*.a.example, 192.0.2.0/24"),
    ("PORTERO_CONTROL_HOSTS", "mx.example,sm.example:587", "control_hosts", "mx.example,sm.example:587"),
    ("PORTERO_CONTROL_HOSTS", "192.0.2.1:25,[2001:db8::1]:25", "control_hosts", "192.0.2.1:25,[2001:db8::1]:25"),
    ("PORTERO_CONTROL_HOSTS", "2001:db8::1", "control_hosts", "2001:db8::1"),
    ("PORTERO_VANTAGES_ALLOW", "MTA-03:C0123, mta-03:S0456,mta-03:U0789", "vantages_allow", ALLOWED),
]

BAD = [
    ("SLACK_API_URL", "http://slack.com./api/", "https alone"),
    ("SLACK_API_URL", "http://\uff53lack.com/api/", "a host without a login"),
    ("SLACK_API_URL", "http://slack\u3002com/api/", "a host without a login"),
    ("SLACK_API_URL", "https://h..x/", "a host without a login"),
    ("SLACK_API_URL", f"https://{'a' * 64}.example/", "a host without a login"),
    ("SLACK_BOT_TOKEN", "xoxp-secret", "begins with xoxb-"),
    ("SLACK_APP_TOKEN", "xoxb-secret", "begins with xapp-"),
    ("SLACK_API_URL", "slack.com/api", "is not a URL"),
    ("SLACK_API_URL", "http://slack.com/api/", "over https alone"),
    ("SLACK_API_URL", "http://Team.Slack.com/api/", "over https alone"),
    ("SLACK_API_URL", "https://portero:secret@chat.example.com/api/", "without a login"),
    ("SLACK_API_URL", "https:///api/", "a host without a login"),
    ("SLACK_API_URL", "https://chat.example.com:99999/api/", "out of range"),
    ("SLACK_API_URL", "https://[::1/api/", "Invalid IPv6 URL"),
    ("PORTERO_LOG_LEVEL", "loud", "is none of debug, info, warning, error"),
    ("PORTERO_LOG_FORMAT", "xml", "is none of text, json"),
    ("PORTERO_HOST", "no..name", "is not an address to listen on"),
    ("PORTERO_HOST", "127.0.0.1:3000", "is not an address to listen on"),
    ("PORTERO_PORT", "http", "is not a port"),
    ("PORTERO_PORT", "70000", "is not a port"),
    ("PORTERO_PORT", "-1", "is not a port"),
    ("PORTERO_PORTS", "25;587", "is not a port"),
    ("PORTERO_PORTS", "587,99999", "is not a port"),
    ("PORTERO_PORT", "\u0663", "is not a port"),
    ("PORTERO_MAIL_RELAY", "mx.example.com:0", "is not a relay"),
    ("PORTERO_MAIL_RELAY", "mx.example.com:99999", "is not a relay"),
    ("PORTERO_PAGERDUTY_KEY", "my key", "that is no integration key; PagerDuty shows one"),
    ("PORTERO_PAGERDUTY_URL", "http://events.example.com/", "an https URL without a login is wanted"),
    ("PORTERO_ALERTMANAGER_URL", "alertmanager:9093", "such as http://127.0.0.1:9093"),
    ("PORTERO_APPRISE", "ops=ntfy://x ops=ntfy://y", "part 2 is no name with a URL of its own"),
    ("PORTERO_NATS_LISTEN", "127.0.0.1:0", "is not an address to listen on"),
    ("PORTERO_VANTAGES_ALLOW", "mta-03", "with a channel, a user group or a person; write mta-03:C0123ABCD"),
    ("PORTERO_VANTAGES_ALLOW", "mta-03:@mail-ops", "names no vantage with a channel, a user group or a person"),
    ("PORTERO_NAMESERVERS", "127.0.0.1:0", "is not a name server"),
    ("PORTERO_CONTROL_HOSTS", "mx.example.com:99999", "is not a host"),
    ("PORTERO_CONTROL_HOSTS", "mx.example.com:0", "is not a host"),
    ("PORTERO_PORTS", "0", "is not a port"),
    ("PORTERO_PORTS", ",", "are no ports"),
    ("PORTERO_DATABASE", "postgresql://u:secret@db/portero", "not supported yet"),
    ("PORTERO_DATABASE", ":memory:", "needs a file"),
    ("PORTERO_ALLOW_NETWORKS", "10.0.0.1/8", "host bits set"),
    ("PORTERO_ALLOW_NETWORKS", "inside", "write networks like"),
    ("PORTERO_NAMESERVERS", "ns.example.com", "is not a name server"),
    ("PORTERO_NAMESERVERS", "192.0.2.53:dns", "is not a name server"),
    ("PORTERO_DENY_HOSTS", "a.example, nonsense", "neither a name nor a network"),
    ("PORTERO_DENY_HOSTS", "192.0.2.1/24", "host bits set"),
    ("PORTERO_CONTROL_HOSTS", "mx.example.net:smtp", "is not a host"),
    ("PORTERO_CONTROL_HOSTS", "256.0.0.1", "is not a host"),
    ("PORTERO_CONTROL_HOSTS", "mx.a.example,,mx.b.example", "is not a host"),
    ("PORTERO_CONTROL_HOSTS", "[mx.example.net]:25", "is not a host"),
]


@every(GOOD)
def test_a_value_is_read(name, value, field, expected):
    assert getattr(load({name: value}), field) == expected


@every(BAD)
def test_a_wrong_value_is_named_and_explained(name, value, words):
    with pytest.raises(SettingsError) as caught:
        load({name: value})
    [problem] = caught.value.problems
    assert problem.startswith(f"{name}: ")
    assert words in problem
    assert "secret" not in problem


def test_nothing_set_gives_the_defaults():
    assert load({"PATH": "/bin", "PORTERO_PORT": "  "}) == Settings()


def test_every_problem_is_reported_at_once():
    environ = {"PORTERO_PORT": "x", "PORTERO_PORTS": "y", "PORTERO_TYPO": "z", "SLACK_APP_TOKEN": "xapp-1"}
    with pytest.raises(SettingsError) as caught:
        load(environ, for_slack=True)
    assert [problem.split(":")[0].split(" ")[0] for problem in caught.value.problems] == [
        "PORTERO_PORT",
        "PORTERO_PORTS",
        "PORTERO_TYPO",
        "SLACK_BOT_TOKEN",
    ]


def test_what_is_missing_says_where_slack_shows_it():
    with pytest.raises(SettingsError) as caught:
        load({}, for_slack=True)
    bot, way = caught.value.problems
    assert "OAuth & Permissions > Bot User OAuth Token" in bot
    assert "Basic Information > App-Level Tokens" in way
    assert "Basic Information > App Credentials > Signing Secret" in way


@pytest.mark.parametrize("environ", [SOCKET, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}])
def test_either_way_to_slack_is_enough(environ):
    assert load(environ, for_slack=True).socket_mode is ("SLACK_APP_TOKEN" in environ)


def test_a_wrong_token_is_not_reported_as_missing_too():
    with pytest.raises(SettingsError) as caught:
        load({"SLACK_BOT_TOKEN": "wrong", "SLACK_APP_TOKEN": "wrong"}, for_slack=True)
    assert len(caught.value.problems) == 2


def test_socket_mode_wins_when_both_ways_are_set():
    assert load({**SOCKET, "SLACK_SIGNING_SECRET": "s"}, for_slack=True).socket_mode


def test_secrets_do_not_show():
    settings = Settings(bot_token="xoxb-hidden", app_token="xapp-hidden", signing_secret="hidden")
    assert "hidden" not in repr(settings)
    assert "hidden" not in f"{settings}"
    assert all(hasattr(settings, name) for name in SECRETS)


def test_the_table_names_every_field_and_its_default():
    assert {setting.field for setting in TABLE} == set(Settings.__slots__)
    shown = {setting.name: setting.read(setting.default) for setting in TABLE if setting.default}
    for setting in TABLE:
        if setting.name != "PORTERO_DATABASE" and setting.default:
            assert shown[setting.name] == getattr(Settings(), setting.field)


def test_ports_are_allowed_in_one_place():
    (row,) = (setting for setting in TABLE if setting.name == "PORTERO_PORTS")
    assert row.read(row.default) == Settings().ports == Rules().ports == DEFAULT_PORTS


def test_the_shortest_interval_may_be_as_long_as_the_longest_and_no_longer():
    days = LONGEST_INTERVAL.days
    assert load({"PORTERO_WATCHES_EVERY_MIN": f"{days}d"}).watches_every_min == LONGEST_INTERVAL
    with pytest.raises(SettingsError, match=f"from 10s to {days}d"):
        load({"PORTERO_WATCHES_EVERY_MIN": f"{days + 1}d"})


def test_a_control_host_is_waited_for_as_long_as_a_checked_one():
    assert Control.connect_seconds == Limits().connect
