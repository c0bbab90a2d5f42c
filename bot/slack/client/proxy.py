"""The proxy on the way to Slack: which one, and to which hosts not. Pure: no environment is read here.

HTTPS_PROXY counts for https and wss, with the method CONNECT (RFC 9110 section 9.3.6), so the proxy sees names of hosts
and nothing of what is said. A server of SLACK_API_URL that is spoken to over http is reached directly, and so is this
machine itself. NO_PROXY has no standard; here it means what curl and Go make of it.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from yarl import URL

from bot.setting_values import proxy

TUNNELLED = frozenset({"https", "wss"})


@dataclass(frozen=True, slots=True)
class Way:
    """How one request goes: by a proxy, with what proves that we may, or directly (None)."""

    proxy: URL | None = None
    headers: Mapping[str, str] | None = None


DIRECTLY = Way()


@dataclass(frozen=True, slots=True)
class Proxies:
    """The values of HTTPS_PROXY and NO_PROXY; both may be empty. The first may hold a password: it has no repr."""

    https_proxy: str = ""
    no_proxy: str = ""

    def __repr__(self) -> str:
        return f"Proxies({self.place or 'none'})"

    @property
    def place(self) -> str:
        """Scheme, host and port, without a login; empty where there is none."""
        return str(self._way.proxy).rstrip("/") if self._way.proxy else ""

    def way_to(self, url: URL) -> Way:
        """The way to a URL."""
        if not self.https_proxy or url.scheme not in TUNNELLED or is_excepted(url, self.no_proxy):
            return DIRECTLY
        return self._way

    @property
    def _way(self) -> Way:
        if not self.https_proxy:
            return DIRECTLY
        url = URL(proxy(self.https_proxy))
        if url.user is None:
            return Way(url)
        login = base64.b64encode(f"{url.user}:{url.password or ''}".encode()).decode()
        return Way(url.with_user(None), {"Proxy-Authorization": f"Basic {login}"})


def is_excepted(url: URL, no_proxy: str) -> bool:
    """Whether NO_PROXY names the host; this machine itself is never asked for by a proxy."""
    host, port = (url.raw_host or "").lower().rstrip("."), url.port
    if host == "localhost" or _is_loopback(host):
        return True
    return any(_names(entry, host, port) for entry in no_proxy.lower().replace(",", " ").split())


def _names(entry: str, host: str, port: int | None) -> bool:
    """`*`, a name with all below it, `.name` for those below, an address, a network; `:port` narrows it."""
    if entry == "*":
        return True
    network = _in_network(entry, host)
    if network is not None:
        return network
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal():
        entry = name
        if int(number) != port:
            return False
    bare = entry.removeprefix("*").strip("[]").rstrip(".")
    return host.endswith(f".{bare.lstrip('.')}") or host == bare


def _in_network(entry: str, host: str) -> bool | None:
    """Whether the host is an address in that network; None where the entry is none."""
    try:
        network = ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
