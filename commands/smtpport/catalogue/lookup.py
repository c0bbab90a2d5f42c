"""Looking things up in the catalogue. Indexes are built once, when the first question comes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from commands.contract import UserError
from commands.slack_text import quoted
from commands.smtpport.catalogue.reader import catalogue, shared_sources
from commands.smtpport.catalogue.records import Network, Port, Provider, Sources
from commands.words import nearest

_BROAD = {"com.au", "co.uk", "google.com", "outlook.com"}
"""Ends of host names that do not tell which service is meant."""


@cache
def providers() -> dict[str, Provider]:
    """Every provider by its key, in catalogue order."""
    return {row.key: row for row in catalogue().providers}


@cache
def networks() -> dict[str, Network]:
    """Every network by its key, in catalogue order."""
    return {row.key: row for row in catalogue().networks}


@cache
def ports() -> dict[int, Port]:
    """Every port that has a story, by number."""
    return {row.number: row for row in catalogue().ports}


def provider(key: str | None) -> Provider | None:
    return providers().get(key or "")


@cache
def _called() -> frozenset[str]:
    return frozenset(name for row in providers().values() for name in (*row.names, *row.hosts))


def is_offered(name: str) -> bool:
    """Whether a provider is called so, or one of its hosts."""
    return name in _called()


def provider_called(name: str) -> Provider | None:
    """The provider that is called so."""
    return next((row for row in providers().values() if name in row.names), None)


def cited(names: Iterable[str]) -> Sources:
    """The sources of sources.toml that have these names."""
    return tuple(shared_sources()[name] for name in names)


def network(key: str | None) -> Network | None:
    return networks().get(key or "")


def provider_of_host(host: str) -> str | None:
    """The key of the provider that a host name belongs to, by the name itself or by its domain."""
    exact, ends = _hosts()
    end = ".".join(host.split(".")[-2:])
    regional = (row.key for row in providers().values() if row.host_pattern and re.fullmatch(row.host_pattern, host))
    return exact.get(host) or next(regional, None) or ends.get(end)


def hosts_called(name: str) -> Callable[[str], bool]:
    """Whether a host belongs to the provider that is called so (blanks or hyphens), its further rows among them.

    Raises `UserError` with the nearest names.
    """
    called = {
        each: row.key for row in reversed(providers().values()) for each in (*row.weak_names, *row.names, row.key)
    }
    key = called.get(name) or called.get(name.replace("-", " "))
    if key is None:
        near = nearest(name.replace("-", " "), called).replace(" ", "-")
        hint = f"Did you mean `provider {near}`?" if near else "Type `*.example.com` for many hosts."
        raise UserError(f"`{quoted(name)}` is no provider that I know.", hint, near or (), wrong=name)
    keys = {each for each in providers() if each == key or each.startswith(f"{key}-")}
    return lambda host: provider_of_host(host) in keys


def has_host(row: Provider, host: str) -> bool:
    """Whether a host name is one to which this provider takes mail, or one of its domain that is called so."""
    is_own = _CALLED_AS_SMTP.fullmatch(host) is not None and provider_of_host(host) == row.key
    return is_listed_host(row, host) or is_own


def is_listed_host(row: Provider, host: str) -> bool:
    """Whether the catalogue has a host name as one of this provider's, by itself or by the pattern of its regions."""
    return host in row.hosts or bool(row.host_pattern and re.fullmatch(row.host_pattern, host))


_CALLED_AS_SMTP = re.compile(r"(?:[\w-]*(?:smtp|mail|relay|submit)[\w-]*|pro\d|ex\d{1,3}|ssl\d)\.[\w-]+\..+")


@cache
def share() -> dict[int, int]:
    """How many relay services of the catalogue are confirmed to offer a port with TLS.

    Mailbox providers do not count: what is known of them comes from a database that names one port each.
    """
    return Counter(
        port
        for row in providers().values()
        if row.kind == "relay"
        for port in {offer.port for offer in row.offers if offer.tls != "none" and offer.sure}
    )


@cache
def relay_count() -> int:
    """How many providers `share` counts over."""
    return sum(row.kind == "relay" for row in providers().values())


@lru_cache(maxsize=64)
def offered_by(port: int) -> tuple[Provider, ...]:
    """The providers that list a port, confirmed ones only."""
    rows = providers().values()
    return tuple(row for row in rows if any(offer.port == port and offer.sure for offer in row.offers))


@cache
def _hosts() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    ends: dict[str, str] = {}
    rows = providers().values()
    for row in rows:
        for host in row.hosts:
            exact.setdefault(host, row.key)
    # a domain belongs to whose first host is in it, before those who have another host there
    firsts = [(host, row.key) for row in rows for host in row.hosts[:1]]
    for host, key in (*firsts, *exact.items()):
        ends.setdefault(".".join(host.split(".")[-2:]), key)
    return exact, {end: key for end, key in ends.items() if end not in _BROAD}
