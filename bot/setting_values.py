"""How the value of a setting is read: text in, the value out, ValueError with what to write instead."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from bot.observability.log_format import FORMATS, LEVELS, LogFormat

SLACK_API = "https://slack.com/api/"
SLACK_NAME = re.compile(r"(?:[a-z0-9-]+\.)*slack(?:-gov)?\.com")
"""Slack's own hosts: slack.com, slack-gov.com and names below them."""


def text(value: str) -> str:
    return value


HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
EHLO_NAME = re.compile(rf"{HOST_NAME.pattern}|\[[0-9A-Za-z.:]+\]")


def ehlo_name(value: str) -> str:
    if not EHLO_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not a name for EHLO; write probe.example.com or an address in brackets")
    return value


def host(value: str) -> str:
    """An address, or a name that could have one."""
    bare = value.removeprefix("[").removesuffix("]")
    if not _is_address(bare) and not (HOST_NAME.fullmatch(value) and _is_host(value)):
        raise ValueError(f"{value!r} is not an address to listen on; write 127.0.0.1, 0.0.0.0 or ::")
    return bare


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def database(value: str) -> str:
    """A path, or a URL of a kind that there is."""
    from storage.databases.registry import kind_of  # noqa: PLC0415 - most subcommands open none

    kind_of(value)
    if "://" in value:
        return value
    if value.startswith(":"):
        raise ValueError(f"{value!r} is not a path; the history needs a file")
    return str(Path(value).expanduser())


def port(value: str) -> int:
    if not _is_port(value):
        raise ValueError(f"{value!r} is not a port; write a number from 1 to 65535")
    return int(value)


def port_or_any(value: str) -> int:
    """A port to listen on; 0 takes any free one."""
    return 0 if value == "0" else port(value)


def _is_port(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 5 and 1 <= int(value) <= 65535


def ports(value: str) -> tuple[int, ...]:
    numbers = tuple(dict.fromkeys(port(part.strip()) for part in value.split(",") if part.strip()))
    if not numbers:
        raise ValueError(f"{value!r} are no ports; write numbers from 1 to 65535, separated by commas")
    return numbers


def count(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):
        raise ValueError(f"{value!r} is not a number; write one from 0 to 999999")
    return int(value)


MOST_DAYS = 36_500


def days(value: str) -> int:
    """Days that something is kept; 0 stands for ever."""
    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) <= MOST_DAYS):
        raise ValueError(f"{value!r} is not a number of days; write 365, or 0 to keep all")
    return int(value)


def interval(value: str) -> timedelta:
    """At least ten seconds: more often is no watching any more; at most what a watch may have."""
    from commands.watch.state.limits import LONGEST_INTERVAL  # noqa: PLC0415 - of a command that most do not run

    found = re.fullmatch(r"(\d{1,5})([smhd])", value)
    length = timedelta(seconds=int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[found[2]]) if found else None
    if length is None or not timedelta(seconds=10) <= length <= LONGEST_INTERVAL:
        raise ValueError(f"{value!r} is not an interval; write 1m, 30s or 1h (from 10s to {LONGEST_INTERVAL.days}d)")
    return length


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return tuple(ip_network(part) for part in parts)
    except ValueError as error:
        raise ValueError(f"{error}; write networks like 10.20.0.0/16, separated by commas") from error


def people(value: str) -> frozenset[str]:
    return _ids(value, "UW", "a person; in Slack's profile, under the three dots, Copy member ID gives U0123ABCD")


def organisations(value: str) -> frozenset[str]:
    return _ids(value, "TE", "a team or an enterprise; their ids begin with T or E, as in Slack's web address")


def _ids(value: str, first: str, what: str) -> frozenset[str]:
    found = [part.strip() for part in value.split(",") if part.strip()]
    for part in found:
        if not re.fullmatch(rf"[{first}][A-Z0-9]{{2,}}", part):
            raise ValueError(f"{part!r} is not the id of {what}")
    return frozenset(found)


def deny_hosts(value: str) -> str:
    """Kept as text, like `control_hosts`: most subcommands need neither, and IDNA is slow to import."""
    from commands.smtpcheck.address.public_addresses import DenyList  # noqa: PLC0415

    DenyList.parse(value)
    return value


def nameservers(value: str) -> tuple[tuple[str, int], ...]:
    return tuple(_nameserver(part.strip()) for part in value.split(",") if part.strip())


def _nameserver(part: str) -> tuple[str, int]:
    address, number = part, "53"
    if part.startswith("["):
        address, _, number = part[1:].partition("]")
        number = number.removeprefix(":") or "53"
    elif part.count(":") == 1:
        address, number = part.split(":")
    try:
        return str(ip_address(address)), port(number)
    except ValueError:
        raise ValueError(
            f"{part!r} is not a name server; write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53"
        ) from None


def nats(value: str) -> str:
    """`managed`, or the address of a server."""
    if value != "managed" and not re.fullmatch(r"(?:nats|tls)://[0-9A-Za-z.\-\[\]:]+", value):
        raise ValueError(f"{value!r} is not a NATS server; write managed, tls://nats.example.com:4222 or nats://...")
    return value


def listen(value: str) -> tuple[str, int]:
    """An address to listen on, and a port."""
    address, _, number = value.rpartition(":")
    try:
        return str(ip_address(address.strip("[]"))), port(number)
    except ValueError:
        raise ValueError(f"{value!r} is not an address to listen on; write 127.0.0.1:4222 or [::]:4222") from None


EXAMPLE = "write mta-03:C0123ABCD, mta-03:S0456EFGH or mta-03:U0789IJKL"


def vantages(value: str) -> dict[str, frozenset[str]]:
    """`mta-03:C0123ABCD, mta-03:S0456EFGH`: who may check from there; what is not named is for everybody."""
    allowed: dict[str, frozenset[str]] = {}
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        name, _, who = part.partition(":")
        if not name or not re.fullmatch(r"[CGSUW][A-Z0-9]{2,}", who):
            raise ValueError(f"{part!r} names no vantage with a channel, a user group or a person; {EXAMPLE}")
        allowed[name.lower()] = allowed.get(name.lower(), frozenset()) | {who}
    return allowed


def relay(value: str) -> tuple[str, int]:
    """A host and a port; port 25 is for servers among themselves, so the port of submission is the default."""
    name, _, number = value.partition(":")
    if not HOST_NAME.fullmatch(name) or (number and not _is_port(number)):
        raise ValueError(f"{value!r} is not a relay; write smtp.example.com:587 or smtp.example.com:465")
    return name, port(number or "587")


def mail_address(value: str) -> str:
    if not re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,255}", value):
        raise ValueError(f"{value!r} is not an address; write portero@example.com")
    return value


def secret(value: str) -> str:
    if len(value) < 16:
        raise ValueError("that is too short for a secret; `openssl rand -hex 32` makes one")
    return value


PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
"""Where its events go, unless the account is in Europe."""

_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


def pagerduty_key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise ValueError(
            "that is no integration key; PagerDuty shows one (32 letters and digits) at Services > Integrations"
        )
    return value


def https_url(value: str) -> str:
    """Of a service, by its name. A wrong one is not repeated, for its path may be a secret."""
    try:
        parts = urlsplit(value)
        fits = parts.scheme == "https" and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("an https URL without a login is wanted, such as https://events.example.com/v2/enqueue")
    return value


def service_url(value: str) -> str:
    """Of a service that may lie inside, with or without a login. A wrong one is not repeated."""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.query
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("a URL is wanted, such as http://127.0.0.1:9093")
    return value


_SERVICE = re.compile(r"([a-z][a-z0-9_-]{0,30})=([a-z][a-z0-9+.-]*://\S+)")


def apprise(value: str) -> dict[str, str]:
    """URLs by their names. A wrong one is not repeated, for its keys; Apprise itself judges the rest."""
    if find_spec("apprise") is None:
        raise ValueError("it needs a package that is not installed: pip install 'portero[apprise]'")
    found: dict[str, str] = {}
    for number, part in enumerate(value.split(), 1):
        match = _SERVICE.fullmatch(part)
        if match is None or match[1] in found:
            raise ValueError(f"part {number} is no name with a URL of its own; write ops=ntfys://ntfy.example.com/ops")
        found[match[1]] = match[2]
    return found


def log_level(value: str) -> str:
    return _one_of(value, LEVELS)


def log_format(value: str) -> LogFormat:
    return next(one for one in FORMATS if one == _one_of(value, FORMATS))


def _one_of(value: str, known: Sequence[str]) -> str:
    if value.lower() not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value.lower()


def yes(value: str) -> bool:
    if value.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError(f"{value!r} is neither yes nor no")
    return value.lower() in {"yes", "true"}


def control_hosts(value: str) -> str:
    """Hosts or addresses, each with a port or for all ports."""
    for part in map(str.strip, value.split(",")):
        bracketed = re.fullmatch(r"\[([^]]+)\](?::(\d+))?", part)
        name, number = (bracketed[1], bracketed[2]) if bracketed else (part, "")
        if not bracketed and not _is_address(part):
            name, _, number = part.partition(":")
        is_name = HOST_NAME.fullmatch(name) and not name.rpartition(".")[2].isdigit()
        if not (_is_address(name) or (is_name and not bracketed)) or (number and not _is_port(number)):
            raise ValueError(
                f"{part!r} is not a host; write mx.example.net, smtp.example.org:587 or [2001:db8::1]:25, with commas"
            )
    return value


def _is_host(name: str) -> bool:
    """ASCII, as it goes out: a name in other signs may be another's (`\uff53lack.com`), so it is typed as `xn--`."""
    if ":" in name:
        return True  # an IPv6 address; urlsplit has judged it
    return name.isascii() and len(name) < 254 and all(0 < len(label) < 64 for label in name.split("."))


def api_url(value: str) -> str:
    """The bot token goes there: to Slack itself over https alone; a login beside it would be a second one."""
    if not value.startswith(("https://", "http://")):
        raise ValueError(f"{value!r} is not a URL; Slack's is {SLACK_API}")
    parts = urlsplit(value)
    host = (parts.hostname or "").rstrip(".")
    if parts.username is not None or parts.port == 0 or not _is_host(host):
        raise ValueError(f"a host without a login is wanted; Slack's is {SLACK_API}")
    if parts.scheme == "http" and SLACK_NAME.fullmatch(host):
        raise ValueError(f"Slack is spoken to over https alone: {SLACK_API}")
    return value if value.endswith("/") else value + "/"


PROXY_SCHEMES = frozenset({"http", "https"})
NO_PROXY = "that is no proxy for the way to Slack; write http://proxy.example.com:3128 (there is no SOCKS)"


def proxy(value: str) -> str:
    """A proxy as a URL; without a scheme it is an http one, as for curl. A wrong one is not repeated, for its login."""
    url = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(url)
        fits = parts.scheme in PROXY_SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        fits = None
    if not fits:
        raise ValueError(NO_PROXY)
    return url


def prefixed(prefix: str, page: str) -> Callable[[str], str]:
    def reader(value: str) -> str:
        if not value.startswith(prefix):
            raise ValueError(f"a value that begins with {prefix} is wanted ({page})")
        return value

    return reader
