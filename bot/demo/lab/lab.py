"""The lab: hosts with documentation addresses, served on loopback, and the name server that knows them."""

import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import Enum
from typing import Self, TypeAlias

from bot.demo.lab.certificates import Authority
from bot.demo.lab.dns import LabDns
from bot.demo.lab.peer import Address, FilteredPort, Peer, RefusedPort
from bot.demo.lab.script import Script
from bot.demo.lab.zone import Fault, Zone

PORTS = (25, 443, 465, 587, 2525)
NETWORKS = ("198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
"""RFC 5737, RFC 3849: the guard must be opened for them."""


class Tcp(Enum):
    """Ports where no server speaks."""

    REFUSED = "refused"
    FILTERED = "filtered"


Serve: TypeAlias = Callable[[Authority], Script]


@dataclass(frozen=True)
class Host:
    """A lab host: its name, its lab addresses, what it demonstrates (a sentence), and what each port does.

    Ports of PORTS that are not named refuse, and all of them at the addresses that are `dead`.
    """

    name: str
    addresses: tuple[str, ...]
    shows: str
    ports: Mapping[int, Serve | Tcp] = field(default_factory=dict)
    dead: tuple[str, ...] = ()


class Lab:
    """Starts hosts and DNS on entering, stops them on leaving.

    `endpoints` maps (lab address, port) to the (host, port) on loopback that the probe must really connect to;
    `peers` holds the scripted server behind each of them; `nameserver` is the DNS server's (host, port);
    `roots_pem` is the CA that the lab's clients trust. `zone` and `faults` add to the hosts' own records;
    `authenticated`: the name server sets the AD bit, as a validating resolver does.
    """

    def __init__(
        self,
        hosts: Sequence[Host],
        *,
        zone: Zone | None = None,
        faults: Mapping[str, Fault] | None = None,
        authority: Authority | None = None,
        forward_to: tuple[str, int] | None = None,
        authenticated: bool = False,
    ) -> None:
        self.hosts = tuple(hosts)
        self.authority = authority or Authority()
        self.peers: dict[tuple[str, int], Peer] = {}
        self._endpoints: dict[tuple[str, int], Address] = {}
        self._stopped: dict[tuple[str, int], Address] = {}
        self._refused: Address = ("127.0.0.1", 0)
        self._stack = AsyncExitStack()
        records = {**_zone_of(hosts), **(zone or {})}
        self.dns = LabDns(records, faults=faults, forward_to=forward_to, authenticated=authenticated)

    @property
    def endpoints(self) -> Mapping[tuple[str, int], tuple[str, int]]:
        return self._endpoints

    @property
    def nameserver(self) -> tuple[str, int]:
        return self.dns.host, self.dns.port

    @property
    def roots_pem(self) -> str:
        return self.authority.pem

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.dns)
            self._refused = (await stack.enter_async_context(RefusedPort())).address
            for host in self.hosts:
                for address in host.addresses:
                    self._endpoints |= {(address, port): self._refused for port in PORTS}
                    if address not in host.dead:
                        await self._start(stack, host, address)
            self._stack = stack.pop_all()
        return self

    def stop(self, name: str) -> None:
        """From now on every port of this host refuses."""
        for address in self._addresses(name):
            for at in [at for at in self._endpoints if at[0] == address and at not in self._stopped]:
                self._stopped[at], self._endpoints[at] = self._endpoints[at], self._refused

    def start(self, name: str) -> None:
        """It is as it was before it was stopped."""
        for address in self._addresses(name):
            for at in [at for at in self._stopped if at[0] == address]:
                self._endpoints[at] = self._stopped.pop(at)

    def _addresses(self, name: str) -> tuple[str, ...]:
        return next((host.addresses for host in self.hosts if host.name == name), ())

    async def __aexit__(self, *_exception: object) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack, host: Host, address: str) -> None:
        for port, serve in host.ports.items():
            if serve is Tcp.FILTERED:
                filtered = await stack.enter_async_context(FilteredPort(loopback_of(address)))
                self._endpoints[address, port] = filtered.address
            elif not isinstance(serve, Tcp):
                peer = await stack.enter_async_context(Peer(serve(self.authority), host=loopback_of(address)))
                self._endpoints[address, port] = peer.address
                self.peers[address, port] = peer


def loopback_of(address: str) -> str:
    """The loopback address of the same family, or 127.0.0.1 where the machine has no IPv6."""
    if ipaddress.ip_address(address).version == 4:
        return "127.0.0.1"
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return "127.0.0.1"
    return "::1"


def _zone_of(hosts: Sequence[Host]) -> dict[str, dict[str, list[str]]]:
    """A, AAAA and PTR records of the hosts."""
    zone: dict[str, dict[str, list[str]]] = {}
    for host in hosts:
        for text in host.addresses:
            address = ipaddress.ip_address(text)
            kind = "A" if address.version == 4 else "AAAA"
            zone.setdefault(host.name, {}).setdefault(kind, []).append(text)
            zone.setdefault(address.reverse_pointer, {}).setdefault("PTR", []).append(f"{host.name}.")
    return zone
