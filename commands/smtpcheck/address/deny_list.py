"""Whom this installation leaves alone: hosts and networks that nobody may check from here, whoever asks.

Operators of mail servers may object to being probed; whoever runs the bot then lists them. Pure.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Self, TypeAlias

from commands.contract import UserError
from commands.smtpcheck.address.target import parse_target

Network: TypeAlias = IPv4Network | IPv6Network

BELOW = "*."


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
