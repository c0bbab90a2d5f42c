"""Which addresses the probe may connect to.

Anybody in a workspace can name a host, so a check must not become a way to look into the network that the bot runs
in. Everything that is not public is denied, and an address that carries an IPv4 address inside is judged by that too.
`ipaddress.is_global` is not enough: it is true for multicast, for NAT64 of loopback and for the Azure wire server.

Sources: IANA's IPv4 and IPv6 special-purpose address registries, RFC 6890, RFC 4291 section 2.5.5 (mapped and
compatible), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 and RFC 8215 (NAT64).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import chain
from typing import Self, TypeAlias

from commands.contract import UserError
from commands.smtpcheck.address.target import parse_target

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

BELOW = "*."
REMEMBERED = 4096
"""Addresses whose verdict is kept: one is judged several times in a check, and in each run of a watch."""


@dataclass(frozen=True, slots=True)
class DenyList:
    """`names` are hosts and domains as they are typed, `domains` those that are closed with everything below them."""

    names: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """`mail.example.com, *.example.net, 198.51.100.7, 203.0.113.0/24`; ValueError for what is none of these."""
        names, domains, networks = set(), set(), []
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            network = _network(part)
            if network is not None:
                networks.append(network)
            elif part.startswith(BELOW):
                domains.add(_name(part.removeprefix(BELOW), part))
            else:
                names.add(_name(part, part))
        return cls(frozenset(names), frozenset(domains), tuple(networks))

    def has_name(self, name: str) -> bool:
        """Whether a host name (A-labels, any case) is listed itself or lies in a listed domain."""
        labels = name.lower().rstrip(".").split(".")
        above = {".".join(labels[place:]) for place in range(len(labels))}
        return ".".join(labels) in self.names or not self.domains.isdisjoint(above)

    def has_address(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether an address lies in a listed network."""
        return any(address in network for network in self.networks)


def _network(part: str) -> Network | None:
    """The network or address in a part, None when it is neither; one that carries IPv4 is that."""
    try:
        network = ip_network(part)
    except ValueError:
        if "/" in part:
            raise
        return None
    inside = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return IPv4Network((inside, network.prefixlen - 96)) if inside and network.prefixlen >= 96 else network


def _name(text: str, part: str) -> str:
    try:
        target = parse_target(text)
    except UserError:
        target = None
    if target is None or target.kind != "name" or target.port is not None:
        raise ValueError(
            f"{part!r} is neither a name nor a network; write mail.example.com, *.example.net, 192.0.2.7 or "
            "198.51.100.0/24, separated by commas"
        )
    return target.name


_DENIED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this_network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "platform"),  # Azure's wire server: public by number, answered by the host below
    ("169.254.0.0/16", "link_local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol_assignment"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "as112"),
    ("192.52.193.0/24", "amt"),
    ("192.88.99.0/24", "6to4_relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "as112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "this_network"),
    ("::1/128", "loopback"),
    ("::ffff:0:0:0/96", "translated"),
    ("64:ff9b:1::/48", "nat64"),
    ("2001:db8::/32", "documentation"),
    ("2001::/23", "protocol_assignment"),
    ("2620:4f:8000::/48", "as112"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link_local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
)
"""Special-purpose networks and the reason that is given. IPv6 outside 2000::/3 is denied even without a row."""

_EMBEDDING: tuple[tuple[str, str, Callable[[int], int]], ...] = (
    ("::/96", "compatible", lambda bits: bits),
    ("64:ff9b::/96", "nat64", lambda bits: bits),
    ("2001::/32", "teredo", lambda bits: ~bits),
    ("2002::/16", "6to4", lambda bits: bits >> 80),
)
"""IPv6 networks whose addresses carry an IPv4 address: reason, and how to get the 32 bits to the lower end."""

_DENIED_NETWORKS = tuple((ip_network(network), reason) for network, reason in _DENIED)
_EMBEDDING_NETWORKS = tuple((IPv6Network(network), reason, shift) for network, reason, shift in _EMBEDDING)
_GLOBAL_UNICAST = IPv6Network("2000::/3")

DENIED_BY_OWNER = "denied_by_owner"
"""The reason for hosts and networks of the deny-list."""

REASONS = frozenset(
    {
        *(reason for _, reason in _DENIED),
        *(reason for _, reason, _ in _EMBEDDING),
        *("not_global", "scope_id", "not_an_address", DENIED_BY_OWNER),
    }
)
"""Every reason for which something is denied that has an address."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an address may be connected to, and the code of the reason.

    `inside` is the reason of the IPv4 address that an IPv6 address carries (`nat64` of `loopback`), if it does.
    """

    allowed: bool
    reason: str
    inside: str = ""


class Guard:
    """Judges where a check may connect to: resolve first, judge the names on the way and every address, connect to

    exactly one that is open. `allow_networks` opens networks that are not public (an operator's relays); `deny` closes
    hosts and networks (of owners who objected, or the operator's own) and wins over it.
    """

    def __init__(self, allow_networks: tuple[Network, ...] = (), deny: DenyList | None = None) -> None:
        self._allow = allow_networks
        self._deny = deny or DenyList()
        self._known = lru_cache(maxsize=REMEMBERED)(self._judge_text)

    def judge(self, address: str) -> Verdict:
        """The verdict on one address as text. What is not a plain IPv4 or IPv6 address is denied, too."""
        return self._known(address)

    def _judge_text(self, address: str) -> Verdict:
        if "%" in address:
            return Verdict(allowed=False, reason="scope_id")
        try:
            parsed = ip_address(address)
        except ValueError:
            return Verdict(allowed=False, reason="not_an_address")
        return self._judge(parsed)

    def judge_host(self, names: Iterable[str], addresses: Iterable[str]) -> Verdict:
        """The verdict on a host by its name, the names that it is an alias of, and its addresses.

        A name or an address to which an owner objected closes it; else it is open where one address is. No address:
        denied. Which addresses are open, `open_addresses` says.
        """
        if any(self._deny.has_name(name) for name in names):
            return Verdict(allowed=False, reason=DENIED_BY_OWNER)
        verdicts = [self.judge(address) for address in addresses]
        objected = (one for one in verdicts if one.reason == DENIED_BY_OWNER)
        allowed = (one for one in verdicts if one.allowed)
        return next(chain(objected, allowed, verdicts), Verdict(allowed=False, reason="no_address"))

    def open_addresses(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Those of these addresses that may be connected to."""
        return tuple(address for address in addresses if self.judge(address).allowed)

    def reason_against(self, name: str) -> str:
        """What speaks against an address or a name by itself; nothing where only its addresses can tell."""
        verdict = self.judge_host([name], [name])
        return "" if verdict.allowed or verdict.reason == "not_an_address" else verdict.reason

    def _judge(self, address: Address) -> Verdict:
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            return self._judge(address.ipv4_mapped)
        if self._deny.has_address(address):
            return Verdict(allowed=False, reason=DENIED_BY_OWNER)
        carried = _carried(address)
        inside = self._judge(carried[1]) if carried else None
        if any(address in network for network in self._allow):
            return Verdict(inside is None or inside.allowed, "allowed_network", inside.reason if inside else "")
        if carried and inside:
            return Verdict(allowed=False, reason=carried[0], inside=inside.reason)
        reason = _special(address)
        return Verdict(allowed=not reason, reason=reason or "public")


UNUSABLE = frozenset({"compatible", "link_local_six", "mapped", "multicast", "reserved"})
"""Kinds of addresses that no host can have for others, whichever network they stand in."""


NOWHERE = frozenset({"loopback", "this_network", "documentation", "benchmarking"})
"""Reasons against addresses of networks that are nobody's, or every machine's own: no split DNS leads there."""


def unusable(address: str) -> str:
    """Why nobody can connect to an address that stands in DNS, one of `UNUSABLE`; empty where somebody may."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and (parsed.ipv4_mapped or parsed.is_link_local):
        return "mapped" if parsed.ipv4_mapped else "link_local_six"
    carried = _carried(parsed)
    kind = carried[0] if carried else _special(parsed)
    return kind if kind in UNUSABLE else ""


def _carried(address: Address) -> tuple[str, IPv4Address] | None:
    """The way in which an IPv6 address carries an IPv4 address, and that address."""
    if isinstance(address, IPv4Address) or int(address) <= 1:  # :: and ::1 are no compatible addresses
        return None
    for network, reason, shift in _EMBEDDING_NETWORKS:
        if address in network:
            return reason, IPv4Address(shift(int(address)) & 0xFFFFFFFF)
    return None


def _special(address: Address) -> str:
    """Why an address is not public, or an empty string."""
    for network, reason in _DENIED_NETWORKS:
        if address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "not_global"
    return ""
