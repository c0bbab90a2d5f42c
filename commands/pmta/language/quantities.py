"""Durations, sizes, rates and addresses, read as PowerMTA writes them (User's Guide, 3.2, 3.3.10.33 and 3.3.10.37).

Every function answers None for a text that is not of its form.
"""

import ipaddress
import re
from typing import TypeAlias

from commands.pmta.language.remembered import remembered

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
RATE_UNITS = {"d": 86400, "day": 86400, "h": 3600, "hr": 3600, "m": 60, "min": 60, "s": 1, "sec": 1}
SIZES = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
UNLIMITED = float("inf")

_DURATION = re.compile(r"(?:\d{1,9}[wdhms])+", re.IGNORECASE | re.ASCII)
_PART = re.compile(r"(\d+)([wdhms])", re.IGNORECASE | re.ASCII)
_RATE = re.compile(r"(\d{1,12})/(\d{0,6})(day|d|hr|h|min|m|sec|s)", re.IGNORECASE | re.ASCII)
_MULTIPLE = re.compile(r"/\d+(?:day|d|hr|h|min|m|sec|s)\Z", re.IGNORECASE | re.ASCII)
_SIZE = re.compile(r"(\d{1,15})([bkmgt]?)", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:/[\d.]+)?|[\d.]+/[\d.]+", re.ASCII)
_ADDRESS = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|\Z)){4}(?<!\.)", re.ASCII)
"""An address of IPv4 as most write it."""
_DATA_RATE = re.compile(r"(\d{1,15})([bkmgt]?)/(\d{0,6})(day|d|hr|h|min|m|sec|s)", re.IGNORECASE | re.ASCII)


@remembered(4096)
def seconds(text: str) -> int | None:
    """`1w2d12h` in seconds. A bare 0 counts, another bare number does not: its meaning is not documented."""
    if text == "0":
        return 0
    if not _DURATION.fullmatch(text):
        return None
    return sum(int(number) * UNITS[unit.lower()] for number, unit in _PART.findall(text))


def in_words(length: int) -> str:
    """Seconds in at most two units: `2 days 12 hours`, `1 hour`."""
    left, parts = length, []
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, left = divmod(left, unit)
        parts += [f"{count:,} {name}{'' if count == 1 else 's'}"] if count else []
    return " ".join(parts[:2]) or "0 seconds"


@remembered(4096)
def per_second(text: str) -> float | None:
    """A rate such as `100/15m` in events a second; `unlimited` and `0` are infinite."""
    if text.lower() in ("unlimited", "0"):
        return UNLIMITED
    found = _RATE.fullmatch(text)
    if found is None or int(found[1]) == 0 or (found[2] and int(found[2]) == 0):
        return None
    return int(found[1]) / (int(found[2] or 1) * RATE_UNITS[found[3].lower()])


def has_multiple(text: str) -> bool:
    """True for a rate over several units, `100/15m`, which 5.0 brought."""
    return bool(_MULTIPLE.search(text))


def is_data_rate(text: str) -> bool:
    if text.lower() in ("unlimited", "0"):
        return True
    found = _DATA_RATE.fullmatch(text)
    return found is not None and (not found[3] or int(found[3]) > 0)


@remembered(4096)
def size(text: str) -> int | None:
    """`250M` in bytes."""
    found = _SIZE.fullmatch(text)
    return int(found[1]) * SIZES[found[2].lower()] if found else None


@remembered(4096)
def network(text: str) -> Network | None:
    """`10.0.0.1`, `10/8`, `173.194/16`, `0/0`, `::1`: short prefixes are filled up with zeros."""
    if ":" not in text and not _PLAIN.fullmatch(text):
        return None  # a name, most often: `ipaddress` takes long to find that out
    address, slash, prefix = text.partition("/")
    if slash and ":" not in address:
        address += ".0" * (3 - address.count("."))
    try:
        return ipaddress.ip_network(f"{address}/{prefix}" if slash else address, strict=False)
    except ValueError:
        return None


def is_network(text: str) -> bool:
    if text[:1].isalpha() and ":" not in text:
        return False  # a name, as in `network`
    return _ADDRESS.fullmatch(text) is not None or network(text) is not None


def is_address(text: str) -> bool:
    return "/" not in text and is_network(text)


def listener(text: str) -> tuple[Network, int] | None:
    """`0/0:25` or `[::1]:587` as a network and a port."""
    address, colon, port = text.rpartition(":")
    found = network(address.removeprefix("[").removesuffix("]")) if colon and address else None
    return (found, int(port)) if found is not None and is_port(port) else None


def is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535


def contains(outer: Network, inner: Network) -> bool:
    """True when every address of `inner` is in `outer`."""
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
